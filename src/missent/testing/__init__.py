<<<<<<< HEAD
"""Builders and in-memory worlds, shipped so that users can test their own set-ups."""
=======
"""An in-memory world for tests, benches and replays, shipped to users: each port once, in plain Python."""
>>>>>>> history
