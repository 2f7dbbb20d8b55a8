"""The milter protocol (version 6) without I/O: packets in, events out, answers back. Pure."""
