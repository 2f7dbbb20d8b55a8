"""judge(): checks and policy meet; nothing raises, nothing is let through unjudged."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.checks.context import Check, Context
from missent.checks.registry import CHECKS
from missent.engine import judge, may_refuse, unjudged
from missent.message.model import Message
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope, Recipient
from missent.nouns.finding import Finding, Severity
from missent.nouns.verdict import Inspected, Skipped
from missent.policy.reading import default_policy, read_policy
from missent.recipients.history import DomainFacts, Known
from missent.recipients.names import Names
from missent.recipients.register import Exemption, Register, Restriction

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


def asked(address, rule="", register=None):
    """Whether history has to be asked about one address, under a policy that begins with `rule`."""
    text = f'[[rule]]\nname="first"\naction="block"\nwhen={rule}\n[[rule]]\nname="o"\naction="deliver"\n'
    envelope = Envelope(Address.parse("me@mod.example"), (Recipient(Address.parse(address)),))
    known = Context(datetime(2026, 6, 1, tzinfo=UTC), frozenset({"mod.example"}), NAMES, register or Register())
    return may_refuse(envelope, known, read_policy(text.encode(), "p") if rule else POLICY)


NAMES = Names(("mod.example",))
RESTRICTED = Register(restrictions=(Restriction("ml", Action.BLOCK, "country"),))


@pytest.mark.parametrize(
    ("address", "rule", "register", "expected"),
    [
        ("jane@army.mil", "", None, False),
        ("jane@army.ml", "", None, False),
        ("jane@army.ml", "", RESTRICTED, True),
        ("jane@army.notasuffix", "", None, True),
        ("jane@army.mil", '{finding="newcomer"}', None, True),
        ("jane@army.mil", '{finding="look*"}', None, True),
        ("jane@army.mil", '{severity="high"}', None, True),
        ("jane@army.mil", '{finding="check-failed"}', None, True),
        ("jane@army.mil", '{finding="corrected-in-thread"}', None, False),
        ("jane@army.mil", '{recipient="*.mil"}', None, True),
        ("jane@army.mil", '{recipient="*.ml"}', None, False),
        ("jane@army.mil", '{sender="boss@mod.example"}', None, False),
        ("jane@army.mil", '{finding="newcomer", sender="boss@mod.example"}', None, False),
    ],
)
def test_at_rcpt_history_is_asked_only_where_a_rule_could_block(address, rule, register, expected):
    assert asked(address, rule, register) is expected


FACTS = st.builds(
    DomainFacts,
    established=st.sampled_from([None, datetime(2020, 1, 1, tzinfo=UTC)]),
    sent=st.integers(0, 2),
    received=st.integers(0, 2),
    locals=st.frozensets(st.sampled_from(["jane", "joe"])),
)
DOMAINS = ["army.mil", "army.ml", "x.test", "mailinator.com", "gmail.com", "nobody.notasuffix", "mod.example"]
FINDINGS = [check.id for check in CHECKS if not check.needs_message]


@given(
    address=st.builds(Address, st.sampled_from(["jane", "", "a b", "x" * 65]), st.sampled_from([*DOMAINS, "", "[1.2.3]"])),
    rules=st.lists(st.sampled_from(FINDINGS), max_size=3),
    facts=st.dictionaries(st.sampled_from(DOMAINS), FACTS),
    confirmed=st.booleans(),
)
def test_where_it_is_not_asked_no_history_would_have_blocked(address, rules, facts, confirmed):
    text = "".join(f'[[rule]]\nname="r{n}"\naction="block"\nwhen={{finding="{id_}"}}\n' for n, id_ in enumerate(rules))
    policy = read_policy((text + '[[rule]]\nname="o"\naction="deliver"\n').encode(), "p")
    envelope = Envelope(Address.parse("me@mod.example"), (Recipient(address),))
    known = Known(domains=facts, confirmed=frozenset({address.key}) if confirmed else frozenset())
    at = datetime(2026, 6, 1, tzinfo=UTC)
    resembling = {address.domain: NAMES.resembling(address.domain)}
    blocked = judge(None, envelope, Context(at, frozenset({"mod.example"}), NAMES, RESTRICTED, resembling, known), policy)
    asked_for = may_refuse(envelope, Context(at, frozenset({"mod.example"}), NAMES, RESTRICTED), policy)
    assert asked_for or blocked.action is not Action.BLOCK
