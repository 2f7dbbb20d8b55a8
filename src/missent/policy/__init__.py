"""Rules turn findings into one action per recipient, and say which rule decided. Pure."""
