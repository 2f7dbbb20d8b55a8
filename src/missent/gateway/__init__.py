"""A message arrives: the SMTP relay between a client and the next hop, and the milter beside a mail server."""
