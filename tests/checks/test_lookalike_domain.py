"""What `lookalike-domain` says, as rows: what is known, who is written to, and the finding expected."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.checks.context import Context
from missent.checks.lookalike_domain import look
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope, Recipient
from missent.recipients.history import Contact, DomainFacts, Known
from missent.recipients.names import Names
from missent.recipients.register import Partner, Register

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
LONG_AGO, LATER = AT - timedelta(days=400), AT + timedelta(days=1)
OWN = frozenset(("mod.example",))
PARTNERS = ("arms-maker.com", "acme.com", "bp.com")
ESTABLISHED = ("travel-agent.net", "milbank.com", "aol.com", "ibm.com")
NAMES = Names(OWN, PARTNERS, ESTABLISHED)

USED = frozenset(("jane.doe", "bob", "eve", "info"))
PAST = {
    "travel-agent.net": DomainFacts(LONG_AGO, 300, 200, USED, frozenset(("jane doe",))),
    "milbank.com": DomainFacts(LONG_AGO, 40, 30, USED),
    "aol.com": DomainFacts(LONG_AGO, 4000, 3000, USED),
    "ibm.com": DomainFacts(LATER, 4000, 3000, USED),  # as of the message not yet established
    "arms-maker.com": DomainFacts(LONG_AGO, 100, 100, USED),
}


def judge(to, facts=None, *, known=None, message=None, register=None, names=NAMES):
    address = to if isinstance(to, Address) else Address.parse(to)
    known = known or Known(domains=PAST | (facts or {}))
    resembling = {address.domain: names.resembling(address.domain)}
    context = Context(AT, OWN, names, register or Register(), resembling, known)
    return list(look(message, Envelope(Address.parse("a@mod.example"), (Recipient(address),)), context))


ANSWERS = DomainFacts(None, 5, 3)
SILENT = DomainFacts(None, 5, 0)
CONVERSES = DomainFacts(LONG_AGO, 50, 50)

HITS = [
    # to, facts of the domain in question, severity, suggestion
    ("jane.doe@army.ml", None, "high", "jane.doe@army.mil"),
    ("jane.doe@us.af.ml", None, "high", "jane.doe@us.af.mil"),
    ("x@mod.exmaple", None, "high", "x@mod.example"),
    ("x@armymil", None, "high", "x@army.mil"),
    ("x@arms-maker.cm", None, "high", "x@arms-maker.com"),
    ("new.man@arns-maker.com", None, "high", "new.man@arms-maker.com"),
    ("jane.doe@travle-agent.net", None, "high", "jane.doe@travel-agent.net"),
    ("bob@milbnk.com", None, "high", "bob@milbank.com"),
    ("bob@milbnk.com", SILENT, "high", "bob@milbank.com"),  # written to, never answered: a repeated slip
    ("bob@aoi.com", None, "high", "bob@aol.com"),  # a short name, but this person is at the other
    ("jane.doe@army.ml", CONVERSES, "medium", "jane.doe@army.mil"),  # a squatter answers too
    ("x@arms-maker.cm", CONVERSES, "medium", "x@arms-maker.com"),
    ("jane.doe@army.ml", ANSWERS, "high", "jane.doe@army.mil"),
    ("x@acme.net", None, "medium", "x@acme.com"),  # any suffix counts, weighed
]
MISSES = [
    ("x@army.mil", None),
    ("x@mod.example", None),
    ("x@sub.mod.example", None),
    ("x@arms-maker.com", None),
    ("x@travel-agent.net", None),
    ("x@nbc.com", None),
    ("x@unheard-of.mil", None),
    ("stranger@aol.net", None),  # com and net both exist, and nobody knows this person
    ("stranger@aol.de", None),
    ("stranger@bol.com", None),
    ("stranger@milbanks.com", ANSWERS),  # somebody wrote from there
    ("stranger@travel-agents.net", CONVERSES),  # established does not accuse established
    ("bob@travle-agent.net", CONVERSES),
    ("x@bhp.com", None),  # short names have many neighbours, even protected ones
    ("bob@ibm.co", None),  # ibm.com was established only later
    ("x", None),
    ("@", None),
]


@pytest.mark.parametrize(("to", "facts", "severity", "suggestion"), HITS)
def test_hit(to, facts, severity, suggestion):
    domain = to.rpartition("@")[2]
    (found,) = judge(to, {domain: facts} if facts else None)
    assert (found.id, found.severity.word, found.suggestion, found.rcpt) == ("lookalike-domain", severity, suggestion, to)
    assert 0.5 <= found.confidence <= 1
    assert {"resembles", "family", "standing"} <= found.evidence.keys()


@pytest.mark.parametrize(("to", "facts"), MISSES)
def test_near_miss(to, facts):
    domain = to.rpartition("@")[2]
    assert judge(to, {domain: facts} if facts else None) == []


def test_the_case_it_starts_from_is_nearly_sure():
    (found,) = judge("jane.doe@army.ml", known=Known())
    assert round(found.confidence, 2) == 0.99
    assert found.evidence["resembles"] == "army.mil"


@pytest.mark.parametrize(("facts", "standing"), [(None, "new"), (SILENT, "seen"), (CONVERSES, "established")])
def test_says_what_standing_the_domain_has(facts, standing):
    (found,) = judge("x@army.ml", {"army.ml": facts} if facts else None)
    assert found.evidence["standing"] == standing


def test_a_senders_confirmation_counts_for_that_address_alone():
    known = Known(domains=PAST, confirmed=frozenset(("jane@army.ml",)))
    assert judge("Jane@army.ml", known=known) == []
    assert judge("john@army.ml", known=known)


def test_a_display_name_in_use_there_speaks_for_a_slip():
    stranger, named = "jd@travel-agence.net", Address("jd", "travel-agence.net", "Jane Doe")
    assert judge(named)[0].confidence > max((f.confidence for f in judge(stranger)), default=0)
    message = Message(to=(named,))
    assert judge(stranger, message=message)[0].confidence == judge(named)[0].confidence


def test_the_senders_own_contact_speaks_loudest():
    contact = Contact(Address.parse("carol@ibm.example"), 3, 2, LONG_AGO, LONG_AGO)
    names = Names(OWN, ["ibm.example"])
    alone = judge("carol@imb.example", known=Known(), names=names)
    met = judge("carol@imb.example", known=Known(contacts={"carol@ibm.example": contact}), names=names)
    assert met[0].confidence > max((f.confidence for f in alone), default=0)


def test_a_role_that_every_domain_has_says_little():
    confidence = [max((f.confidence for f in judge(f"{local}@milbonk.com")), default=0) for local in ("info", "bob")]
    assert confidence[0] < confidence[1]


def test_the_register_ends_the_asking():
    assert judge("x@army.ml", {"army.ml": CONVERSES}, names=Names(OWN, ["army.ml"])) == []


def test_a_discreet_partners_name_is_not_told():
    register = Register(partners=(Partner("acme.com", discreet=True),))
    (found,) = judge("x@acmee.com", register=register)
    assert (found.suggestion, found.evidence["discreet"]) == (None, True)


def test_each_address_once():
    rcpts = tuple(Recipient(Address.parse(a)) for a in ("x@army.ml", "X@army.ml", "y@army.ml", "z@army.mil"))
    context = Context(AT, OWN, NAMES, resembling={"army.ml": NAMES.resembling("army.ml")})
    assert [f.rcpt for f in look(None, Envelope(None, rcpts), context)] == ["x@army.ml", "y@army.ml"]


DOMAINS = st.sampled_from([*PAST, *PARTNERS, "army.ml", "milbnk.com", "acme.net", "armymil", ""]) | st.text(max_size=20)


@given(
    st.lists(st.tuples(st.text(max_size=8), DOMAINS), max_size=5),
    st.dictionaries(DOMAINS, st.sampled_from([ANSWERS, SILENT, CONVERSES])),
)
def test_never_raises_never_accuses_the_protected_and_suggests_the_known(people, facts):
    rcpts = tuple(Recipient(Address(local, domain)) for local, domain in people)
    resembling = {domain: NAMES.resembling(domain) for _, domain in people}
    context = Context(AT, OWN, NAMES, resembling=resembling, known=Known(domains=facts))
    for found in look(None, Envelope(None, rcpts), context):
        assert found.rcpt in {r.address.key for r in rcpts}
        kind = NAMES.kind(found.rcpt.rpartition("@")[2])
        assert not (kind and kind.protected)
        assert NAMES.kind(found.evidence["resembles"])
        assert found.suggestion.endswith(found.evidence["resembles"])
