"""First match decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.nouns.address import Address
from missent.nouns.finding import Finding, Severity
from missent.policy.deciding import decide, matches
from missent.policy.explaining import reasons
from missent.policy.model import When
from missent.policy.reading import default_policy

RCPT = Address.parse("jane.doe@Army.ML")


def found(id_, severity=Severity.HIGH, confidence=0.9, **facts):
    return Finding(id_, severity, confidence, RCPT.key, evidence=facts)


MATCHES = [
    ("everything, nothing found", When(), [], True),
    ("id", When(finding=("a",)), [found("a")], True),
    ("other id", When(finding=("a",)), [found("b")], False),
    ("glob", When(finding=("look*",)), [found("lookalike-domain")], True),
    ("severity reached", When(severity=Severity.MEDIUM), [found("a", Severity.MEDIUM)], True),
    ("severity not reached", When(severity=Severity.HIGH), [found("a", Severity.MEDIUM)], False),
    (
        "one finding must satisfy all",
        When(finding=("a",), severity=Severity.HIGH),
        [found("a", Severity.LOW), found("b")],
        False,
    ),
    ("confidence", When(confidence=0.95), [found("a")], False),
    ("facts", When(facts={"action": "block"}), [found("a", action="block")], True),
    ("other facts", When(facts={"action": "block"}), [found("a", action="hold")], False),
    ("fact missing", When(facts={"action": "block"}), [found("a")], False),
    ("alone", When(finding=("a",), with_another=True), [found("a"), found("a")], False),
    ("with another", When(finding=("a",), with_another=True), [found("a"), found("b", Severity.LOW)], True),
    ("recipient domain", When(recipient=("*.ml",)), [], True),
    ("recipient address", When(recipient=("jane.*@army.ml",)), [], True),
    ("other recipient", When(recipient=("*.mil",)), [], False),
    ("sender domain", When(sender=("mod.example",)), [], True),
    ("other sender", When(sender=("x@mod.example",)), [], False),
]


@pytest.mark.parametrize(("when", "findings", "expected"), [row[1:] for row in MATCHES], ids=[row[0] for row in MATCHES])
def test_conditions(when, findings, expected):
    assert matches(when, "a@mod.example", RCPT, findings) is expected


ids = st.sampled_from(["lookalike-domain", "cannot-exist", "not-inspected", "newcomer", "check-failed", "unheard-of"])
findings = st.lists(st.builds(found, ids, st.sampled_from(Severity), st.floats(0, 1)), max_size=4)


@given(findings)
def test_the_packaged_policy_always_decides_and_a_finding_more_never_weakens(some):
    policy = default_policy()
    for n in range(len(some)):
        assert decide(policy, "", RCPT, some[: n + 1]).action >= decide(policy, "", RCPT, some[:n]).action


@given(findings)
def test_the_explanation_names_the_rule_that_decides(some):
    policy = default_policy()
    told = reasons(policy, "", RCPT, some)
    assert told[-1].rule is decide(policy, "", RCPT, some)
    assert [r.decided for r in told] == [False] * (len(told) - 1) + [True]
    assert all(r.because for r in told)


def test_packaged_exceptions_to_order_are_as_the_contract_says():
    policy = default_policy()
    table = [
        (["not-inspected"], Severity.LOW, "deliver"),
        (["not-inspected", "newcomer"], Severity.LOW, "hold"),
        (["newcomer"], Severity.LOW, "deliver"),
        (["lookalike-domain"], Severity.MEDIUM, "warn"),
        (["lookalike-domain"], Severity.HIGH, "hold"),
        (["cannot-exist"], Severity.HIGH, "block"),
        (["check-failed"], Severity.HIGH, "hold"),
        (["mixed-company"], Severity.LOW, "deliver"),
    ]
    for ids_, severity, action in table:
        assert decide(policy, "", RCPT, [found(i, severity) for i in ids_]).action.word == action, ids_
