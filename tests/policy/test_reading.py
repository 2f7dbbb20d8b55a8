"""policy.toml: what is accepted, and the one line a wrong file gets."""

from datetime import timedelta

import pytest

from missent.errors import PolicyError
from missent.nouns.action import Action
from missent.nouns.finding import Severity
from missent.policy.reading import default_policy, read_policy

LAST = '[[rule]]\nname = "otherwise"\naction = "deliver"\n'


def test_the_packaged_policy_is_valid_and_its_version_is_the_digest_of_its_text():
    import hashlib

    policy = default_policy()
    assert policy.version == "sha256:" + hashlib.sha256(policy.text.encode()).hexdigest()
    assert policy.rules[-1].name == "otherwise"
    assert policy.rules[-1].when.everything


def test_a_rule_with_everything_set():
    text = """
[[rule]]
name = "r"
action = "hold"
scope = "message"
decide = "reviewer"
hold-for = "3d"
why = "because"
[rule.when]
finding = "lookalike-*"
severity = "medium"
confidence = 1
recipient = ["*.ML"]
sender = "a@b.example"
facts = { n = 3 }

"""
    rule = read_policy((text + LAST).encode(), "p").rules[0]
    assert rule.action is Action.HOLD
    assert rule.hold_for == timedelta(days=3)
    assert rule.when.finding == ("lookalike-*",)
    assert rule.when.severity is Severity.MEDIUM
    assert rule.when.recipient == ("*.ml",)
    assert rule.when.facts == {"n": 3}
    assert (rule.scope, rule.decide, rule.why) == ("message", "reviewer", "because")


WRONG = {
    "not toml": ("[[rule]", "p: not valid TOML"),
    "no rules": ("", "p: key `rule` is missing"),
    "rule is no list": ('rule = "x"', "p: key `rule` is 'x', expected a list"),
    "unknown key": (LAST.replace("action", "acton"), "p: [rule[0]]: unknown key `acton`, the nearest known key is `action`"),
    "unknown key in when": (
        '[[rule]]\nname="a"\naction="hold"\nwhen={findings="x"}\n' + LAST,
        "nearest known key is `finding`",
    ),
    "unknown action": (
        LAST.replace("deliver", "delver"),
        "p: rule `otherwise`: key `action` is 'delver', expected deliver, warn, hold or block",
    ),
    "wrong type": (LAST + "notify = 1\n", "key `notify` is 1, expected true or false"),
    "no last rule": (
        '[[rule]]\nname="a"\naction="hold"\nwhen={finding="x"}\n',
        "the last rule is expected to match everything",
    ),
    "rule after the last": (
        LAST + LAST.replace("otherwise", "b"),
        "rule `otherwise` matches everything, so the rules below it never decide",
    ),
    "same name twice": (
        '[[rule]]\nname="otherwise"\naction="hold"\nwhen={finding="x"}\n' + LAST,
        "rule `otherwise` stands twice",
    ),
    "duration": (LAST + 'hold_for = "soon"\n', "key `hold_for` is 'soon', expected a time such as 30m, 72h or 7d"),
    "no duration": (LAST + 'hold_for = "0h"\n', "expected a time such as"),
    "case": (LAST + '[[case]]\nto="a@b"\nexpect="x"\n', "p: case `a@b`: key `expect` is 'x'"),
    "severity": ('[[rule]]\nname="a"\naction="hold"\nwhen={severity="grave"}\n' + LAST, "expected low, medium or high"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_one_line_with_place_key_and_what_was_expected(name):
    text, expected = WRONG[name]
    with pytest.raises(PolicyError) as caught:
        read_policy(text.encode(), "p")
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_a_policy_error():
    with pytest.raises(PolicyError, match="not valid TOML"):
        read_policy(b"\xff\xfe", "p")
