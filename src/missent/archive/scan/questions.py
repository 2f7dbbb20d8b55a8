"""What an investigation asks besides what the checks find: which recipients, from whom, when, how sensitive.

`domains` and `rcpts` select: every recipient they match is an exposure, whatever the checks say. The others narrow down.
"""

from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from missent.nouns.address import Address


@dataclass(frozen=True, slots=True)
class Questions:
    """One investigation's questions; empty ones ask nothing.

    Attributes:
        domains, rcpts, senders: globs on the recipient's domain, its address, the sender's address (or domain, without `@`).
        since, until: of the message's date, UTC; `until` is not within.
        marking: the lowest level counted, as a scheme's own word; "" for any or none.
    """

    domains: tuple[str, ...] = ()
    rcpts: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    marking: str = ""

    @property
    def select(self) -> bool:
        """Whether certain recipients are asked about, and no others."""
        return bool(self.domains or self.rcpts)

    def selects(self, rcpt: Address) -> bool:
        """Whether a recipient is asked about."""
        return any(fnmatchcase(rcpt.domain, glob) for glob in self.domains) or any(
            fnmatchcase(rcpt.key, glob) for glob in self.rcpts
        )

    def asks_of(self, sender: Address | None) -> bool:
        """Whether mail of this sender counts."""
        if not self.senders:
            return True
        return sender is not None and any(
            fnmatchcase(sender.key if "@" in glob else sender.domain, glob) for glob in self.senders
        )

    def within(self, at: datetime | None) -> bool:
        """Whether a date lies in the time asked about; mail without a date does where no time is."""
        if at is None:
            return self.since is None and self.until is None
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)
