"""What a server's reply or another server's refusal names: the next queue, a host, an enhanced status code."""

import re

_QUEUED = re.compile(
    r"(?:queued(?: mail)? as|forwarded as|\bid=|accepted for delivery,? id) ?<?([0-9A-Za-z-]{5,25})(?![\w.@-])", re.IGNORECASE
)
_BEFORE = re.compile(r"\b([0-9A-Za-z]{14}) Message accepted for delivery", re.IGNORECASE)  # Sendmail names its queue first
_SAID = re.compile(r"(?:host|connect to|conversation with|lost connection with) (\S+?)\[([^\]]*)\]")
_DSN = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


def next_queue(reply: str) -> str:
    """The name the next server gave the message; "" if the reply names none."""
    found = _QUEUED.search(reply) or _BEFORE.search(reply)
    return found[1] if found else ""


def who_said(text: str) -> tuple[str, str]:
    """Host and address of who refused or did not answer, as Postfix words it; "" each if unknown."""
    found = _SAID.search(text)
    return (found[1], found[2]) if found else ("", "")


def enhanced(reply: str) -> str:
    """The first enhanced status code (RFC 3463), "" if there is none."""
    found = _DSN.search(reply)
    return found[1] if found else ""
