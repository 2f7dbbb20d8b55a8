"""Builders and an in-memory world, the ports of missent without a database; shipped for tests of one's own set-up."""
