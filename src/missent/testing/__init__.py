"""Builders and in-memory worlds, shipped so that users can test their own set-ups."""
