"""Ports for servers that tests start: free now, and not handed to anybody's outgoing connection a moment later."""

import random
import socket

_BELOW_EPHEMERAL = range(15_000, 32_000)
"""Systems give outgoing connections ports from 32,768 (Linux) or 49,152 (RFC 6335) on."""


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on just now. Raises OSError if a hundred tries find none."""
    for _ in range(100):
        port = random.SystemRandom().choice(_BELOW_EPHEMERAL)
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port in a hundred tries")
