"""What the gateway asks of the rest: a verdict, and what it must know of the house it stands in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding
from missent.nouns.sighting import Sighting
from missent.nouns.verdict import RecipientVerdict, Verdict
from missent.settings import ConnectorSettings


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and the message as it was read for it; no message where only addresses were judged."""

    verdict: Verdict
    message: Message | None = None


class Judge(Protocol):
    """Judges off the event loop. Its own faults and delays are `check-failed` findings, not exceptions.

    What it does raise (StoreError) is answered 451: the message stays with its sender.
    """

    async def __call__(self, raw: bytes | None, envelope: Envelope) -> Judged:
        """Judge a message, or bare addresses where `raw` is None: of those that are not refused it need not speak."""
        ...


class Meter(Protocol):
    """Counts what becomes of messages; never told an address."""

    def message(self, rulings: Sequence[RecipientVerdict], outer: Sequence[Finding], seconds: float, size: int) -> None:
        """One message judged: what became of each recipient, the time from its last octet to the reply, its octets."""
        ...

    def refused(self, code: int) -> None:
        """A recipient or message refused with this reply code."""
        ...

    def inbound(self) -> None:
        """A message that came in and passed unjudged."""
        ...

    def let_by(self) -> None:
        """A released copy that came back with its pass, and passed unjudged."""
        ...


class PassBook(Protocol):
    """Where passes of copies let go (`missent.holds.passes`) are spent, durably. Both methods raise StoreError.

    Attributes:
        pass_key: the key they are made with.
    """

    pass_key: bytes

    def spend_pass(self, id_: str, until: datetime, now: datetime) -> bool:
        """Use a pass up, to be remembered until it is out of date; False if it was used before."""
        ...

    def give_back_pass(self, id_: str) -> None:
        """Its bearer did not go on: it may be used again."""
        ...


@dataclass(frozen=True, slots=True)
class House:
    """What relay and milter know of their organisation.

    Attributes:
        domains: own mail domains, canonical; what stands below one is own, too.
        networks: networks whose clients are our own and may use own domains as reverse-path; for the relay, empty takes
            `allowed_clients`.
        authserv_id: name our own mail server puts into Authentication-Results; "" believes none.
        observe: judge and record, but deliver everything.
        instance: stable token of this installation in its Received lines, by which it knows its own loops; "" makes one
            of host name and socket.
        explain: words for a finding about an address (`missent.words`), for refusals at RCPT.
        passes: where copies that missent has let go show their passes; None lets nothing by.
        remember: told of delivered messages, several at once, in a thread, after their 250; what it raises is logged.
        traits: what the recipient model keeps of a message's text, of mail that comes in.
        connectors: tenants of mail services, told by certificate and header.
        processed: name and value of the field put on what is handed on; None adds none.
        log_addresses: `full`, or `domain` to keep local parts out of the log.
        meter: counts what becomes of messages; None counts nothing.
    """

    domains: frozenset[str] = frozenset()
    networks: tuple[str, ...] = ()
    authserv_id: str = ""
    observe: bool = False
    instance: str = ""
    explain: Callable[[Finding, Address], str] | None = field(default=None)
    passes: PassBook | None = None
    remember: Callable[[Sequence[Sighting]], object] | None = field(default=None)
    traits: Callable[[bytes, Message], bytes] | None = field(default=None)
    connectors: tuple[ConnectorSettings, ...] = ()
    processed: tuple[str, str] | None = None
    log_addresses: str = "full"
    meter: Meter | None = field(default=None)

    def owns(self, domain: str) -> bool:
        """Whether a domain is one of ours or stands below one."""
        return any(domain == own or domain.endswith("." + own) for own in self.domains)
