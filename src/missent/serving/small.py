"""Which messages may be judged on the event loop: those of which even a hostile one holds it for some milliseconds only.

All reading is linear, but what is linear is not always quick: 64 kB of brackets and quotes in a To field take 70 ms.
"""

from missent.nouns.envelope import Envelope

MOST_OCTETS = 16_384
MOST_HEADER = 6_144
MOST_RCPTS = 20


def small(raw: bytes | None, envelope: Envelope) -> bool:
    """Whether a message, or bare addresses where `raw` is None, can be judged at once whatever is in it."""
    if len(envelope.rcpts) > MOST_RCPTS:
        return False
    if raw is None:
        return True
    return len(raw) <= MOST_OCTETS and raw.find(b"\r\n\r\n", 0, MOST_HEADER) >= 0
