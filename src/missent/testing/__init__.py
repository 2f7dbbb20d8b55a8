"""Builders and an in-memory world, the ports of missent without a database: shipped so that users can test their own set-ups."""
