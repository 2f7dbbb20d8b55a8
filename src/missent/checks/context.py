"""What a check may look at besides the message: data fetched by the caller, so that a verdict can be replayed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from missent.content.seen import NOTHING_SEEN, Seen
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding
from missent.recipients.history import NOTHING_KNOWN, Known
from missent.recipients.names import Names
from missent.recipients.register import Register
from missent.recipients.standing import Resemblance
from missent.recipients.weighing import NOTHING_WEIGHED, Weighed


@dataclass(frozen=True, slots=True)
class Context:
    """Everything known when one message is judged.

    Attributes:
        at: the message's moment, UTC: standing, exemptions and history are as of it.
        own_domains: canonical domains of the organisation (subdomains count as own).
        resembling: by recipient domain, what it resembles, best first; asked of `names` once, before history.
        known: what history answered.
        seen: what the message holds: markings, sensitive content, texts and attachments.
        weighed: what the recipient model says of its recipients.
    """

    at: datetime
    own_domains: frozenset[str]
    names: Names
    register: Register = field(default=Register())
    resembling: Mapping[str, tuple[Resemblance, ...]] = field(default_factory=lambda: MappingProxyType({}))
    known: Known = field(default=NOTHING_KNOWN)
    seen: Seen = field(default=NOTHING_SEEN)
    weighed: Weighed = field(default=NOTHING_WEIGHED)

    def own(self, domain: str) -> bool:
        """Whether a domain is one of ours or stands below one."""
        return any(domain == own or domain.endswith("." + own) for own in self.own_domains)


Look = Callable[[Message | None, Envelope, Context], Iterable[Finding]]
"""The shape of a check: message (None when only addresses are known), envelope, context -> findings."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check by its id.

    Attributes:
        needs_message: whether it is not content with the envelope.
        history_excuses: whether what history knows only takes findings away: where it finds nothing without history, it
            finds nothing with it.
    """

    id: str
    look: Look
    needs_message: bool = False
    history_excuses: bool = False
