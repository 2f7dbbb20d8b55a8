"""The last line of a verdict: what is stopped, by which rule, and how many copies may go."""

from dataclasses import replace

import pytest

from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.finding import Finding, Severity
from missent.nouns.verdict import Inspected, RecipientVerdict, Ruling, Skipped, Verdict
from missent.words.verdict import as_plain


def summed(*actions, skipped=0):
    rcpts = [RecipientVerdict(Address.parse(f"{n}@a.example"), Ruling(a, "r")) for n, a in enumerate(actions)]
    inspected = Inspected(1, tuple(Skipped("1", "too-deep") for _ in range(skipped)))
    return [*as_plain(Verdict("sha256:0", tuple(rcpts), inspected=inspected), "-")][-1]


@pytest.mark.parametrize(
    ("actions", "line"),
    [
        ([Action.DELIVER], "deliver: 1 of 1 recipient"),
        ([Action.DELIVER] * 2, "deliver: 2 of 2 recipients"),
        ([Action.WARN], "warn: 0@a.example (rule `r`); 1 of 1 may go, 1 with a warning"),
        ([Action.HOLD, Action.DELIVER], "hold: 0@a.example (rule `r`); 1 of 2 may go"),
        (
            [Action.WARN, Action.BLOCK, Action.DELIVER],
            "warn: 0@a.example (rule `r`); block: 1@a.example (rule `r`); 2 of 3 may go, 1 with a warning",
        ),
    ],
)
def test_a_warned_copy_goes_and_is_said(actions, line):
    assert summed(*actions) == line


def test_what_was_not_read_is_said_in_the_same_line():
    assert summed(Action.DELIVER, skipped=2) == "deliver: 1 of 1 recipient; 2 parts not read"


def test_many_are_not_all_listed():
    line = summed(*[Action.HOLD] * 25)
    assert line.count("hold:") == 20
    assert line.endswith("; and 5 more; 0 of 25 may go")


def test_a_place_is_said_with_the_names_of_the_files_around_it():
    finding = Finding("iban", Severity.HIGH, 0.9, evidence={"where": "attachment:1.2!1/property:title"})
    verdict = Verdict("sha256:0", (), (finding,))
    names = {"attachment:1.2": "all.zip", "attachment:1.2!1": "pl\u202ean.docx\n"}
    lines = list(as_plain(verdict, "-", names))
    assert (
        lines[1]
        == "  where: attachment:1.2!1/property:title (all.zip > pl\N{REPLACEMENT CHARACTER}an.docx\N{REPLACEMENT CHARACTER})"
    )
    assert "where" not in "".join(
        as_plain(replace(verdict, findings=(replace(finding, evidence={"where": "body"}),)), "-", names)
    )
