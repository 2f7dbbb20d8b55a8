"""`missent check` as the contract has it."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

MAIL = b"""From: Anna Clark <anna.clark@mod.example>
To: Jane Doe <jane.doe@army.ml>, r.lopez@navy.mil
Subject: canary-subject
Date: Mon, 3 Jul 2023 10:00:00 +0000
Message-ID: <one@mod.example>

canary-body
"""


def test_a_lookalike_is_a_hold_with_the_right_suggestion(missent):
    told = missent("check", "--to", "jane.doe@army.ml", "--format", "json")
    assert told.code == 11
    verdict = told.json
    assert verdict["schema"] == "missent.verdict/1"
    assert set(verdict) == {"schema", "action", "policy", "elapsed_ms", "recipients", "findings", "marking", "inspected"}
    (recipient,) = verdict["recipients"]
    assert set(recipient) == {"address", "action", "rule", "findings"}
    assert (recipient["address"], recipient["action"], recipient["rule"]) == ("jane.doe@army.ml", "hold", "lookalike")
    finding = recipient["findings"][0]
    assert set(finding) == {"id", "severity", "confidence", "suggestion", "explanation", "evidence"}
    assert (finding["id"], finding["severity"], finding["suggestion"]) == ("lookalike-domain", "high", "jane.doe@army.mil")
    assert finding["evidence"]["resembles"] == "army.mil"
    assert "army.mil" in finding["explanation"]
    assert verdict["policy"].startswith("sha256:")
    assert told.err == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--to", "jane.doe@army.mil"], 0),
        (["--to", "jane.doe@army.ml"], 11),
        (["--to", "x@y.notasuffix"], 12),
        (["--to", "jane.doe@army.mil", "--to", "jane.doe@army.ml"], 11),
        ([], 3),
        (["nowhere.eml"], 2),
        (["--unheard-of"], 2),
        (["--format", "xml", "--to", "a@army.mil"], 2),
        (["--config", "nowhere.toml", "--to", "a@army.mil"], 2),
    ],
)
def test_exit_codes(missent, arguments, code):
    told = missent("check", *arguments)
    assert told.code == code
    if code in (2, 3):
        assert told.out == ""
        assert told.err.count("\n") == 1


def test_standard_input_takes_recipients_from_the_header(missent):
    told = missent("check", "-", "--format", "json", stdin=MAIL)
    assert told.code == 11
    assert [r["action"] for r in told.json["recipients"]] == ["hold", "deliver"]
    assert "canary" not in told.out


def test_options_replace_the_headers_envelope(missent, tmp_path):
    (tmp_path / "mail.eml").write_bytes(MAIL)
    told = missent("check", "mail.eml", "--to", "r.lopez@navy.mil", "--from", "anna.clark@mod.example")
    assert told.code == 0


def test_plain_output_says_what_where_compared_with_what_how_sure_and_what_to_do(missent):
    told = missent("check", "--to", "jane.doe@army.ml")
    for part in ("jane.doe@army.ml", "[lookalike-domain]", "army.mil", "how sure", "what to do", "rule `lookalike`"):
        assert part in told.out


def test_nothing_found_but_something_unread_is_4(missent):
    told = missent("check", "-", stdin=b"From: a@army.mil\nTo: b@navy.mil\nContent-Type: multipart/mixed\n\nx\n")
    assert told.code == 4


def test_an_empty_file_is_nothing_to_examine(missent):
    assert missent("check", "-", stdin=b"").code == 3


def test_an_address_in_place_of_a_file_is_told_how(missent):
    told = missent("check", "jane.doe@army.ml")
    assert told.code == 2
    assert "missent check --to jane.doe@army.ml" in told.err


@pytest.mark.timed
def test_a_bare_address_is_answered_quickly_start_included(tmp_path):
    """The figure is 300 ms; a loaded machine gets five times that before the test speaks."""
    took = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "missent", "check", "--to", "jane.doe@army.ml"],
            cwd=tmp_path,
            check=False,
            capture_output=True,
        )
        took.append(time.perf_counter() - started)
    assert min(took) < 1.5


def test_the_example_in_the_docs_is_what_is_printed(missent):
    page = (Path(__file__).parents[2] / "docs/verdict.md").read_text()
    command = re.search(r"^\$ missent (check .*)$", page, re.MULTILINE)[1]
    shown = json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])
    printed = missent(*command.split()).json
    for changing in ("policy", "elapsed_ms"):
        assert type(shown.pop(changing)) is type(printed.pop(changing))
    assert shown == printed


def test_the_marking_is_told(missent):
    draft = b"From: a@mod.gov.uk\nTo: b@mod.gov.uk\nSubject: [OFFICIAL-SENSITIVE] plans\n\nHello\n"
    assert missent("check", "-", "--format", "json", stdin=draft).json["marking"] == {
        "scheme": "uk-gscp",
        "level": "OFFICIAL-SENSITIVE",
        "controls": [],
        "text": "OFFICIAL-SENSITIVE",
        "where": "subject",
    }
    assert "marked OFFICIAL-SENSITIVE (uk-gscp), in subject" in missent("check", "-", stdin=draft).out


def test_a_file_that_was_not_opened_is_said(missent):
    draft = b"From: a@mod.example\nTo: b@army.mil\nContent-Type: application/octet-stream; name=x.bin\n\n\x01\x02\x03\n"
    told = missent("check", "-", "--format", "json", stdin=draft)
    assert told.json["inspected"]["skipped"] == [{"where": "1", "reason": "not-a-known-type"}]
    assert told.code == 4
