"""SMTP without I/O: both halves of the conversation as state machines, bytes in and events out. Pure."""
