"""Content in the first pass: mail that leaves the organisation opened, for the marking it bears."""

from missent.archive.scan.glance import Glance
from missent.content.seeing import see
from missent.content.seen import How
from missent.message.reading import read
from missent.nouns.address import Address
from missent.nouns.verdict import Marking
from missent.reading.texts import open_texts


class Opens:
    """Opens one message after another.

    Attributes:
        everything: whether mail of anybody is opened, for want of own domains.
    """

    def __init__(self, own_scheme: str, *, everything: bool) -> None:
        self._own_scheme = own_scheme
        self.everything = everything

    def marking(self, raw: bytes, glance: Glance) -> Marking | None:
        """The high-water mark of a message that went outside; None without one, and for mail that stayed here."""
        sender = glance.sender
        if sender is None or not (sender.own or self.everything) or all(who.own for who in glance.rcpts):
            return None
        opened = open_texts(raw, read(raw))
        return see(opened, How(self._own_scheme, Address(sender.local, sender.domain))).marking
