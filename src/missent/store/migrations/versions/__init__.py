"""Revisions, oldest first. A released one is never changed: its successor mends it, and carries the data over."""
