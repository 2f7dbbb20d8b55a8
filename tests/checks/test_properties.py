"""No message and no past makes a check raise, accuse somebody who is no recipient, or change its mind."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from missent.checks.context import Context
from missent.checks.registry import CHECKS
from missent.content.opened import Attachment, Hidden, Opened
from missent.content.pieces import Piece
from missent.content.seeing import see
from missent.content.seen import How
from missent.message.model import Message
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope, Recipient
from missent.nouns.verdict import Inspected, Skipped
from missent.recipients.history import Contact, DomainFacts, Known
from missent.recipients.register import Clearance, Partner, Register, Restriction
from missent.words import advise, explain

DOMAINS = ["mod.example", "acme.com", "gmail.com", "throwaway.com", "army.ml", "acme.con", "", "x.local", "[1.2.3.4]"]
PLAIN = ["jsmith", "j.smith", "john.smith", "john.smith2", "smith.john", "jsmiht", "info", ""]
ODD = ["\N{LATIN SMALL LETTER LONG S}mith", "\N{ARABIC-INDIC DIGIT ONE}2", "+", ".", "a" * 70]
NAMES = ["", "John Smith", "Smith, John", "Jon Smith", "Jane Doe", "Sales", "İstanbul Ñandú", "a@b.c d"]

PLACES = ["subject", "body", "quoted", "attachment:1.2", "attachment:1.2/name", "header:x-classification"]
SAID = [
    "SECRET\n\nThe plan\n\nSECRET\n",
    "[OFFICIAL-SENSITIVE] plans",
    "SECRET//REL TO USA, NATO",
    "UK SECRET - UK EYES ONLY",
    "TLP:AMBER",
    "CONFIDENTIAL",
    "Dear Anna,\n\nplease find attached my card 4111 1111 1111 1111, expires 12/29.\n",
    "From: jane@army.mil\nTo: bob@acme.com\n\nold",
]

texts = st.text(max_size=12)
locals_, domains, names = (st.sampled_from(some) | texts for some in (PLAIN + ODD, DOMAINS, NAMES))
addresses = st.builds(Address, locals_, domains, names)
counts = st.integers(0, 20)


clearances = st.builds(
    Clearance,
    st.just("acme.com"),
    st.sampled_from([(), (("uk-gscp", "OFFICIAL"),), (("nato", "NATO SECRET"), ("us-eo13526", "SECRET"))]),
    st.sampled_from([(), ("GB",), ("NATO", "US")]),
    st.sampled_from(["", "tls", "tls-assured"]),
)


@st.composite
def worlds(draw, made):
    people = draw(st.lists(addresses, min_size=1, max_size=14))
    some = st.lists(st.sampled_from(people), max_size=14).map(tuple)
    sender = draw(st.none() | st.sampled_from(people))
    days = st.integers(-10, 2000).map(lambda n: made.AT - timedelta(days=n))
    contacts = draw(st.lists(st.builds(Contact, addresses | st.sampled_from(people), counts, counts, days, days), max_size=8))
    keys = st.sampled_from([a.key for a in people])
    skipped = draw(st.lists(st.builds(Skipped, texts, texts), max_size=3).map(tuple))
    message = draw(
        st.none()
        | st.builds(Message, to=some, cc=some, bcc=some, automatic=st.booleans(), inspected=st.just(Inspected(1, skipped)))
    )
    known = Known(
        {c.address.key: c for c in contacts},
        draw(st.dictionaries(st.sampled_from(DOMAINS), st.builds(DomainFacts, st.none() | days, counts, counts), max_size=4)),
        draw(st.frozensets(keys, max_size=2)),
        draw(st.dictionaries(keys, keys, max_size=3)),
        draw(st.frozensets(st.frozensets(keys, max_size=3), max_size=4)),
        draw(counts),
    )
    restriction = st.builds(Restriction, st.sampled_from(["ml", "com", ""]), st.sampled_from(Action), texts)
    cleared = draw(st.dictionaries(st.sampled_from(["acme.com", "mod.example", "army.ml"]), clearances, max_size=3))
    register = Register((Partner("acme.com"),), draw(st.lists(restriction, max_size=2).map(tuple)), clearances=cleared)
    attached = draw(
        st.lists(st.builds(Attachment, texts, texts, texts, counts, texts, st.integers(0, 3000)), max_size=2).map(tuple)
    )
    hidden = draw(
        st.lists(st.builds(Hidden, st.sampled_from(PLACES), texts, counts, st.integers(0, 3000)), max_size=3).map(tuple)
    )
    pieces = draw(st.lists(st.builds(Piece, st.sampled_from(PLACES), st.sampled_from(SAID) | texts), max_size=4).map(tuple))
    own = draw(st.frozensets(st.sampled_from(DOMAINS), max_size=2))
    context = Context(
        made.AT, own, made.FewNames(own), register, {}, known, see(Opened(pieces, attached, hidden), How("uk-gscp", sender))
    )
    return message, Envelope(sender, tuple(Recipient(a) for a in draw(some))), context


EXCUSED = {
    "restricted-tld",
    "cannot-exist",
    "above-ceiling",
    "not-releasable",
    "unmarked-sensitive",
    "many-people",
    "unknown-channel",
    "greeting-mismatch",
    "pasted-from-other-thread",
}  # a sender's word neither lifts an embargo nor makes a mailbox exist


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_any_world(data, made):
    world = data.draw(worlds(made))
    for check in CHECKS:
        holds(check, *world)


def holds(check, message, envelope, context):
    findings = list(check.look(message, envelope, context))
    keys = [r.address.key for r in envelope.rcpts]
    for finding in findings:
        assert finding.rcpt is None or finding.rcpt in keys
        assert finding.rcpt not in context.known.confirmed or check.id in {*EXCUSED, "to-should-be-bcc"}
        assert 0 <= finding.confidence <= 1
        assert finding.suggestion is None or finding.suggestion.casefold() != finding.rcpt
        assert finding.id in {check.id, "not-inspected"}
        assert explain(finding).isprintable()
        assert advise(finding).isprintable()
    about = [(f.rcpt, *f.evidence.values()) for f in findings]
    assert len(about) == len(set(about)), "said twice"
    assert findings == list(check.look(message, envelope, context))


def test_a_mailing_is_said_to_be_uncompared(made):
    contacts = {"jsmith@acme.example": [9, 9]}
    to = [f"jsmiht{n}@acme.example" for n in range(1001)]
    message, envelope, context = made.world({"name": "mailing", "to": to, "contacts": contacts})
    look = next(c.look for c in CHECKS if c.id == "lookalike-address")
    (finding,) = look(message, envelope, context)
    assert (finding.id, finding.rcpt, finding.evidence["reason"]) == ("not-inspected", None, "too-many-recipients")
