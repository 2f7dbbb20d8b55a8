"""Benchmarks: each prints one table, ours beside the peers and the limit measured in the same run."""
