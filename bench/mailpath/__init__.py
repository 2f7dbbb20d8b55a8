"""Messages through a real Postfix: alone, and with each filter that may stand in its path."""
