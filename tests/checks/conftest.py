"""A small language for saying what was known when a message was judged; the tables of this folder are written in it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from missent.checks.context import Context
from missent.content.carried import LEAST_OCTETS, marked
from missent.content.opened import Attachment, Hidden, Opened
from missent.content.pieces import Piece
from missent.content.seeing import see
from missent.content.seen import How
from missent.message.model import Message
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope, Recipient
from missent.nouns.finding import Finding, Severity
from missent.nouns.verdict import Inspected, Marking, Skipped
from missent.recipients.history import Contact, DomainFacts, Known
from missent.recipients.names import Names
from missent.recipients.register import Clearance, Partner, Register, Restriction
from missent.recipients.standing import Kind, Resemblance
from missent.recipients.weighing import Absent, Doubt, Weighed

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
_KEYS = """
    name expect own from to cc bcc envelope bare contacts domains registered established packaged resembling restricted
    acquainted confirmed corrections skipped automatic wrote scheme pieces cleared discreet
    subject attachments hidden sensitive unopened partners carried thread doubts absent stood
"""
KEY = b"a key of these tests"
KEYS = frozenset(_KEYS.split())


class FewNames(Names):
    """Names as a handful of sets: what these tests say of names does not depend on the packaged lists."""

    TOP = frozenset(("com", "net", "org", "gov", "mil", "ml", "uk", "de", "ru"))
    FREE = frozenset(("gmail.com", "free.example", "post.example"))
    THROWN = frozenset(("tenminutes.example", "throwaway.com"))

    def __init__(self, own=(), registered=(), established=(), packaged=()):
        self._kinds = dict.fromkeys(established, Kind.ESTABLISHED) | dict.fromkeys(packaged, Kind.PACKAGED)
        self._kinds |= dict.fromkeys(registered, Kind.REGISTERED) | dict.fromkeys(own, Kind.OWN)
        self._own = tuple(own)

    def kind(self, domain):
        below = any(domain.endswith("." + own) for own in self._own)
        return Kind.OWN if below else self._kinds.get(domain)

    def resembling(self, domain):
        return ()

    def registrable(self, domain):
        labels = domain.split(".")
        size = 3 if domain.endswith(".co.uk") else 2
        return ".".join(labels[-size:]) if len(labels) >= size else None

    def can_exist(self, domain):
        labels = domain.split(".")
        plain = all(0 < len(x) < 64 and x[0] != "-" != x[-1] and x.replace("-", "a").isalnum() for x in labels)
        return plain and domain.isascii() and len(domain) < 254 and len(labels) > 1 and labels[-1] in self.TOP

    def free_mail(self, domain):
        return domain in self.FREE

    def disposable(self, domain):
        return domain in self.THROWN


def address(text):
    name, bracket, spec = text.rpartition("<")
    return Address.parse(spec.removesuffix(">"), name.strip()) if bracket else Address.parse(text)


def _contact(text, row):
    sent, received, *days = row
    last = AT - timedelta(days=days[0] if days else 7)
    return Contact(address(text), sent, received, last, last)


def _facts(row):
    days = row.get("established")
    since = None if days is None else AT - timedelta(days=days)
    locals_ = frozenset(row.get("locals", ()))
    return DomainFacts(since, row.get("sent", 0), row.get("received", 0), locals_, frozenset(row.get("names", ())))


def _carried(case):
    """Who had a file with this path's digest, or (by the place of a text) one with nearly these words."""
    had = {}
    for what, organisations in case.get("carried", {}).items():
        file = Attachment("1", "", "application/pdf", LEAST_OCTETS, what * 32)
        words = (Piece("attachment:1", case["pieces"][what]),) if what in case.get("pieces", {}) else ()
        (mark,) = marked(Opened(words, (file,)), KEY).marks
        had |= dict.fromkeys(mark.near or (mark.exact,), frozenset(organisations))
    return had


def _known(case):
    contacts = (_contact(text, row) for text, row in case.get("contacts", {}).items())
    return Known(
        contacts={c.address.key: c for c in contacts},
        domains={name: _facts(row) for name, row in case.get("domains", {}).items()},
        confirmed=frozenset(case.get("confirmed", ())),
        corrections=case.get("corrections", {}),
        acquainted=frozenset(frozenset(pair) for pair in case.get("acquainted", ())),
        wrote=case.get("wrote", False),
        carried=_carried(case),
        marked=tuple(Marking(scheme, level, (), level, "thread") for scheme, level in case.get("thread", ())),
    )


def _register(case):
    rows = case.get("restricted", {}).items()
    restrictions = tuple(Restriction(suffix, Action.of(action), reason) for suffix, (action, reason) in rows)
    discreet = case.get("discreet", ())
    named = tuple(Partner(d, name, discreet=d in discreet) for d, name in case.get("partners", {}).items())
    partners = named + tuple(
        Partner(d, discreet=d in discreet)
        for d in (*case.get("registered", ()), *discreet)
        if d not in case.get("partners", ())
    )
    cleared = {target: _clearance(target, row) for target, row in case.get("cleared", {}).items()}
    return Register(partners, restrictions, clearances=cleared)


def _weighed(case):
    """`doubts`: address -> [id, surer half?, confidence, who is meant]; `absent`: -> [who, together, of]; `stood`: -> count."""
    facts = {"because": "frequency rival-is", "weight_1": 3.0, "weight_2": 2.0, "rest": -0.5, "start": -4.0, "score": 0.5}
    facts |= {"bar": 0.25, "sent": 0, "received": 0, "others": 3, "rival": "rival@mod.example", "rival_sent": 9}
    doubts = {key: Doubt(*row, facts=facts) for key, row in case.get("doubts", {}).items()}
    absent = {key: Absent(*row) for key, row in case.get("absent", {}).items()}
    return Weighed(doubts, absent, case.get("stood", {}))


def _clearance(target, row):
    levels = tuple(sorted(row.get("ceilings", {}).items()))
    return Clearance(target, levels, tuple(row.get("countries", ())), row.get("channel", ""), tuple(row.get("groups", ())))


def _seen(case, sender):
    """What stands in the message, read as the gateway reads it."""
    pieces = tuple(Piece(where, text) for where, text in case.get("pieces", {}).items())
    attachments = tuple(
        Attachment(path, name, "application/pdf", LEAST_OCTETS, path * 32, people)
        for path, name, people in case.get("attachments", ())
    )
    hidden = tuple(Hidden(*row) for row in case.get("hidden", ()))
    unopened = tuple(Skipped(where, "not-opened") for where in case.get("unopened", ()))
    opened = marked(Opened(pieces, attachments, hidden, unopened), KEY)
    seen = see(opened, How(case.get("scheme", "uk-gscp"), sender))
    if "sensitive" not in case:
        return seen
    found = (Finding(id_, Severity.of(word), 0.9, evidence={"where": where}) for id_, word, where in case["sensitive"])
    return replace(seen, sensitive=tuple(found))


def _context(case, sender):
    own = case.get("own", ["mod.example"])
    sets = {key: case.get(key, ()) for key in ("registered", "established", "packaged")}
    names = FewNames(own, **sets)
    alike = {d: (Resemblance(k, k, Kind.PACKAGED, "suffix", 0.9),) for d, k in case.get("resembling", {}).items()}
    return Context(AT, frozenset(own), names, _register(case), alike, _known(case), _seen(case, sender), _weighed(case))


def world(case: Mapping[str, object]) -> tuple[Message | None, Envelope, Context]:
    """Message, envelope and context as one row of a table describes them."""
    unknown = case.keys() - KEYS
    assert not unknown, f"the tables know no {unknown}"
    fields = {key: tuple(address(text) for text in case.get(key, ())) for key in ("to", "cc", "bcc")}
    sender = None if case.get("from") == "<>" else address(case.get("from", "Alice Archer <alice@mod.example>"))
    skipped = tuple(Skipped(where, reason) for where, reason in case.get("skipped", ()))
    message = Message(
        from_=(sender,) if sender else (),
        **fields,
        subject=case.get("subject", "CANARY subject"),
        automatic=case.get("automatic", False),
        inspected=Inspected(1, skipped),
    )
    rcpts = [address(text) for text in case["envelope"]] if "envelope" in case else message.rcpts
    envelope = Envelope(sender, tuple(Recipient(Address(a.local, a.domain, written=a.written)) for a in rcpts))
    return (None if case.get("bare") else message), envelope, _context(case, sender)


@pytest.fixture(scope="session")
def made():
    """The builders, for tests of this folder."""
    return SimpleNamespace(world=world, address=address, FewNames=FewNames, AT=AT)
