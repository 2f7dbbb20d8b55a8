"""An in-memory world for tests, benches and replays, shipped to users: each port once, in plain Python."""
