"""From verdicts to plans, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from missent.gateway.deciding import asks_sender, hold, plan
from missent.gateway.ports import House, Judged
from missent.message.model import Message
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, MailOptions, Recipient
from missent.nouns.finding import Finding, Severity
from missent.nouns.hold import State
from missent.nouns.verdict import RecipientVerdict, Ruling, Verdict

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SENDER = Address.parse("me@own.example")
HOUSE = House(domains=frozenset({"own.example"}))
LETTERS = {"d": Action.DELIVER, "w": Action.WARN, "n": Action.WARN, "h": Action.HOLD, "b": Action.BLOCK}


def world(letters: str) -> tuple[Verdict, Envelope]:
    """Recipients 0, 1, … with an action each, `-` is one the verdict does not name."""
    rcpts = tuple(Recipient(Address.parse(f"{n}@b.example")) for n in range(len(letters)))
    ruled = tuple(
        RecipientVerdict(rcpt.address, Ruling(LETTERS[letter], f"rule-{letter}", notify=letter == "n"))
        for rcpt, letter in zip(rcpts, letters, strict=True)
        if letter in LETTERS
    )
    return Verdict("sha256:1", ruled), Envelope(SENDER, rcpts, client=Client("192.0.2.1", "x", own=True))


def spelled(fates) -> str:
    return "".join(fate.rcpt.address.local for fate in fates)


PLANS = {  # actions: (delivered, held, blocked), (the same, observing)
    "": (("", "", ""), ("", "", "")),
    "d": (("0", "", ""), ("0", "", "")),
    "dw": (("01", "", ""), ("01", "", "")),
    "dhd": (("02", "1", ""), ("012", "", "")),
    "dhb": (("0", "1", "2"), ("012", "", "")),
    "bb": (("", "", "01"), ("01", "", "")),
    "hh": (("", "01", ""), ("01", "", "")),
    "d-": (("0", "1", ""), ("01", "", "")),
}


@pytest.mark.parametrize("letters", PLANS)
def test_plan(letters: str) -> None:
    for observe, expected in zip((False, True), PLANS[letters], strict=True):
        made = plan(*world(letters), observe=observe)
        assert (spelled(made.deliver), spelled(made.hold), spelled(made.block)) == expected


WARNINGS = [  # rulings' actions and notify, may the sender be told, observing: who is warned of
    ("wn", True, False, "1"),
    ("wn", False, False, ""),
    ("wn", True, True, ""),
    ("ww", True, False, ""),
    ("nhnb", True, False, "02"),
    ("d", True, False, ""),
]


@pytest.mark.parametrize(("letters", "asks", "observe", "warned"), WARNINGS)
def test_warned_are_those_whose_rule_wants_it_and_they_are_delivered(
    letters: str, asks: bool, observe: bool, warned: str
) -> None:
    made = plan(*world(letters), observe=observe, asks=asks)
    assert spelled(made.warned) == warned
    assert set(made.warned) <= set(made.deliver)
    assert not set(made.warned) & set(made.kept)


def test_a_deliver_rule_with_notify_warns_of_nothing() -> None:
    _, envelope = world("d")
    ruled = RecipientVerdict(envelope.rcpts[0].address, Ruling(Action.DELIVER, "x", notify=True))
    assert plan(Verdict("p", (ruled,)), envelope, asks=True).warned == ()


def test_a_copy_warned_of_goes_on_record_as_never_kept_back() -> None:
    verdict, envelope = world("nh")
    judged = Judged(verdict, Message(message_id="1@a"))
    made = hold(plan(verdict, envelope, asks=True), judged, envelope, HOUSE, "id", NOW)
    assert [(copy.rcpt.local, copy.state, copy.rule) for copy in made.copies] == [
        ("1", State.HELD, "rule-h"),
        ("0", State.WARNED, "rule-n"),
    ]
    assert made.copies[1].expires == NOW


@pytest.mark.parametrize(("letters", "kept"), [("dh", "1"), ("db", "1"), ("bb", ""), ("hb", "01"), ("d", "")])
def test_what_the_store_must_have_first(letters: str, kept: str) -> None:
    assert spelled(plan(*world(letters)).kept) == kept


def test_the_verdict_goes_by_the_address_not_by_its_spelling() -> None:
    verdict = Verdict("sha256:1", (RecipientVerdict(Address.parse("a@b.example"), Ruling(Action.HOLD, "x")),))
    envelope = Envelope(SENDER, (Recipient(Address.parse("A@B.example.")), Recipient(Address.parse("a@b.example"))))
    assert len(plan(verdict, envelope).hold) == 2


def test_a_hold_has_all_that_its_release_needs() -> None:
    verdict, envelope = world("dhb")
    weak = Finding("newcomer", Severity.LOW, 0.9, "1@b.example", "weak@c.example")
    strong = Finding("lookalike-domain", Severity.HIGH, 0.5, "1@b.example", "strong@c.example")
    ruling = Ruling(Action.HOLD, "r", decide="reviewer", hold_for=timedelta(hours=1))
    held = RecipientVerdict(envelope.rcpts[1].address, ruling, (weak, strong))
    outer = Finding("not-inspected", Severity.LOW, 1.0)
    verdict = Verdict("sha256:1", (verdict.recipients[0], held, verdict.recipients[2]), (outer,))
    rcpts = (envelope.rcpts[0], Recipient(envelope.rcpts[1].address, "NEVER", "rfc822;x"), envelope.rcpts[2])
    envelope = Envelope(SENDER, rcpts, MailOptions(ret="HDRS"), envelope.client)
    judged = Judged(verdict, Message(message_id="1@a", references=("0@a",), body_sha256="00", size=7))
    made = hold(plan(verdict, envelope), judged, envelope, HOUSE, "id", NOW)
    assert (made.id, made.created, made.mail_from, made.message_id, made.size) == ("id", NOW, SENDER, "1@a", 7)
    assert (made.policy, made.options.ret, made.asks_sender) == ("sha256:1", "HDRS", True)
    first, second = made.copies
    assert (first.state, first.rule, first.decide, first.suggestion) == (State.HELD, "r", "reviewer", "strong@c.example")
    assert (first.notify, first.orcpt, first.expires) == ("NEVER", "rfc822;x", NOW + timedelta(hours=1))
    assert first.findings == (weak, strong, outer)
    assert (second.state, second.rcpt.spec) == (State.RETURNED, "2@b.example")


ASKED = [
    ("me@own.example", True, False, True),
    ("me@sub.own.example", True, False, True),
    ("me@own.example", False, False, False),
    ("me@own.example", True, True, False),
    ("me@notown.example", True, False, False),
    ("me@own.example.evil.example", True, False, False),
    ("", True, False, False),
]


@pytest.mark.parametrize(("sender", "own", "automatic", "asked"), ASKED)
def test_who_is_asked(sender: str, own: bool, automatic: bool, asked: bool) -> None:
    envelope = Envelope(Address.parse(sender) if sender else None, (), client=Client("192.0.2.1", "x", own))
    assert asks_sender(envelope, Judged(Verdict("p", ()), Message(automatic=automatic)), HOUSE) is asked
    assert not asks_sender(envelope, Judged(Verdict("p", ())), HOUSE)


def test_the_key_is_the_messages_whoever_else_gets_it() -> None:
    def made(sender: str, message_id: str, body: str, rcpt: str) -> str:
        envelope = Envelope(Address.parse(sender), (Recipient(Address.parse(rcpt)),))
        judged = Judged(Verdict("p", ()), Message(message_id=message_id, body_sha256=body))
        return hold(plan(judged.verdict, envelope), judged, envelope, HOUSE, "id", NOW).key

    first = made("me@own.example", "1@a", "00", "a@b.example")
    assert first == made("Me@OWN.example", "1@a", "00", "c@d.example")
    others = {made("you@own.example", "1@a", "00", "a@b"), made("me@own.example", "2@a", "00", "a@b")}
    others |= {made("me@own.example", "1@a", "01", "a@b"), made("me@own.example", "1@a0", "0", "a@b")}
    assert len(others | {first}) == 5
