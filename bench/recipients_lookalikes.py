"""Which recipients `lookalike-domain` speaks of, as of each mail's moment: the surer check that stands beside the model.

History is the in-memory twin of the store's; own, packaged and established names are those of the day.
"""

from datetime import UTC, datetime

from missent.checks import lookalike_domain
from missent.checks.context import Context
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope, Recipient
from missent.nouns.finding import Severity
from missent.nouns.sighting import Sighting
from missent.recipients.asking import ask
from missent.recipients.in_memory.history import MemoryHistory
from missent.recipients.model.letter import Mail
from missent.recipients.names import Names
from missent.recipients.standing import Kind

EVERY = 500
"""Mails after which newly established domains are taken up."""


class Lookalikes:
    """Told of mails in order; says which recipients of a mail resemble a name trusted by then."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own
        self._names = Names(own)
        self._history = MemoryHistory(own, self._names.registrable)
        self._established: frozenset[str] = frozenset()
        self._told = 0

    def learn(self, mail: Mail) -> None:
        """Take in one mail, its text apart. Without Message-IDs, an answer is who writes back to who wrote."""
        rcpts = tuple(Address.parse(a) for a in mail.rcpts)
        self._history.learn([Sighting("", datetime.fromtimestamp(mail.at, UTC), Address.parse(mail.sender), rcpts)])
        self._told += 1
        if self._told % EVERY == 0:
            now = frozenset(self._history.established())
            for domain in now - self._established:
                self._names.add(domain, Kind.ESTABLISHED)
            self._established = now

    def found(self, mail: Mail) -> frozenset[str]:
        """Recipients it would warn of or hold."""
        at = datetime.fromtimestamp(mail.at, UTC)
        rcpts = tuple(Recipient(Address.parse(a)) for a in mail.rcpts)
        strange = tuple(r for r in rcpts if r.address.domain not in self._own and r.address.domain not in self._established)
        if not strange:
            return frozenset()
        envelope = Envelope(Address.parse(mail.sender), strange)
        question, resembling = ask(None, envelope, self._names, at)
        if not resembling:
            return frozenset()
        context = Context(at, self._own, self._names, resembling=resembling, known=self._history.known(question))
        findings = lookalike_domain.look(None, envelope, context)
        return frozenset(f.rcpt for f in findings if f.severity >= Severity.MEDIUM and f.rcpt)
