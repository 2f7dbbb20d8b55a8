"""An in-memory world for tests, benchmarks and replays: the ports of missent without a database. Shipped to users."""
