"""judge(): checks and policy meet; nothing raises, nothing is let through unjudged."""

from datetime import UTC, date, datetime

import pytest

from missent.checks.context import Check, Context
from missent.checks.registry import CHECKS
from missent.engine import judge, unjudged
from missent.message.model import Message
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope, Recipient
from missent.nouns.finding import Finding, Severity
from missent.nouns.verdict import Inspected, Skipped
from missent.policy.reading import default_policy, read_policy
from missent.recipients.names import Names
from missent.recipients.register import Exemption, Register

POLICY = default_policy()
GOOD, BAD = Address.parse("good@partner.example"), Address.parse("bad@partnor.example")
ENVELOPE = Envelope(Address.parse("me@mod.example"), (Recipient(GOOD), Recipient(BAD)))


def context(*exemptions, day=1):
    at = datetime(2026, 6, day, tzinfo=UTC)
    return Context(at, frozenset({"mod.example"}), Names(), Register(exemptions=exemptions))


def accusing(id_="lookalike-domain", severity=Severity.HIGH, rcpt=BAD.key):
    return Check(id_, lambda _message, _envelope, _context: [Finding(id_, severity, 0.9, rcpt)])


def raising(_message, _envelope, _context):
    raise ValueError("canary-content")


def actions(verdict):
    return [r.action.word for r in verdict.recipients]


def test_each_recipient_gets_its_own_action_and_the_rule_that_decided():
    verdict = judge(None, ENVELOPE, context(), POLICY, [accusing()])
    assert actions(verdict) == ["deliver", "hold"]
    assert [r.ruling.rule for r in verdict.recipients] == ["otherwise", "lookalike"]
    assert verdict.action is Action.HOLD
    assert verdict.policy == POLICY.version


def test_a_check_that_raises_holds_everyone_and_its_words_stay_inside():
    verdict = judge(Message(), ENVELOPE, context(), POLICY, [Check("broken", raising)])
    assert actions(verdict) == ["hold", "hold"]
    (finding,) = verdict.findings
    assert (finding.id, finding.evidence) == ("check-failed", {"check": "broken", "error": "ValueError"})


def test_a_check_that_raises_half_way_does_not_take_others_findings_with_it():
    verdict = judge(Message(), ENVELOPE, context(), POLICY, [Check("broken", raising), accusing()])
    assert [f.id for f in verdict.recipients[1].findings] == ["lookalike-domain"]


def test_what_could_not_be_judged_at_all_is_held():
    assert actions(unjudged(ENVELOPE, context(), POLICY, "judge", "too-slow")) == ["hold", "hold"]


def test_checks_that_need_the_message_are_not_asked_without_one():
    check = Check("lookalike-domain", accusing().look, needs_message=True)
    assert actions(judge(None, ENVELOPE, context(), POLICY, [check])) == ["deliver", "deliver"]
    assert actions(judge(Message(), ENVELOPE, context(), POLICY, [check])) == ["deliver", "hold"]


@pytest.mark.parametrize(
    ("target", "finding", "until", "action"),
    [
        ("partnor.example", "lookalike-domain", 1, "deliver"),
        ("bad@partnor.example", "lookalike-domain", 1, "deliver"),
        ("example", "lookalike-domain", 1, "deliver"),
        ("other@partnor.example", "lookalike-domain", 1, "hold"),
        ("partnor.example", "restricted-tld", 1, "hold"),
        ("nor.example", "lookalike-domain", 1, "hold"),
    ],
)
def test_an_exemption_withdraws_one_named_finding_for_one_target(target, finding, until, action):
    exemption = Exemption(finding, target, "owner", "reason", date(2026, 6, until))
    assert actions(judge(None, ENVELOPE, context(exemption), POLICY, [accusing()]))[1] == action


def test_an_exemption_ends_on_its_day_and_is_judged_as_of_the_message():
    exemption = Exemption("lookalike-domain", "partnor.example", "owner", "reason", date(2026, 6, 2))
    assert [actions(judge(None, ENVELOPE, context(exemption, day=d), POLICY, [accusing()]))[1] for d in (2, 3)] == [
        "deliver",
        "hold",
    ]


def test_an_exemption_decides_nothing_so_other_findings_still_speak():
    exemption = Exemption("lookalike-domain", "partnor.example", "owner", "reason", date(2026, 6, 2))
    verdict = judge(None, ENVELOPE, context(exemption), POLICY, [accusing(), accusing("cannot-exist")])
    assert actions(verdict)[1] == "block"


def test_what_could_not_be_read_holds_only_with_another_finding_on_that_recipient():
    message = Message(inspected=Inspected(1, (Skipped("1", "too-deep"),)))
    alone = judge(message, ENVELOPE, context(), POLICY, [c for c in CHECKS if c.id == "not-inspected"])
    assert [f.id for f in alone.findings] == ["not-inspected"]
    assert actions(alone) == ["deliver", "deliver"]
    checks = [accusing("newcomer", Severity.LOW), accusing("not-inspected", Severity.LOW, None)]
    assert actions(judge(message, ENVELOPE, context(), POLICY, checks)) == ["deliver", "hold"]


def test_a_rule_may_keep_the_whole_message_back():
    held = '[[rule]]\nname="all"\naction="hold"\nscope="message"\nwhen={finding="lookalike-domain"}\n'
    text = held + '[[rule]]\nname="o"\naction="deliver"\n'
    verdict = judge(None, ENVELOPE, context(), read_policy(text.encode(), "p"), [accusing()])
    assert [(r.action.word, r.ruling.rule) for r in verdict.recipients] == [("hold", "all"), ("hold", "all")]


def test_a_verdict_depends_on_its_inputs_only():
    assert judge(None, ENVELOPE, context(), POLICY) == judge(None, ENVELOPE, context(), POLICY)
