"""Used passes in memory."""

from datetime import datetime


class MemoryPasses:
    """Implements `missent.gateway.ports.PassBook`; nothing durable."""

    def __init__(self, key: bytes = b"k" * 32) -> None:
        self.pass_key = key
        self.used: set[str] = set()

    def spend_pass(self, id_: str, until: datetime, now: datetime) -> bool:
        """As the port says."""
        first = id_ not in self.used
        self.used.add(id_)
        return first

    def give_back_pass(self, id_: str) -> None:
        """As the port says."""
        self.used.discard(id_)
