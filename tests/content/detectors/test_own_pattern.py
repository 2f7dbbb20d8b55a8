"""An organisation's own file: what it finds, and each mistake in it is one line with file, line and key."""

import pickle
import time

import pytest

from missent.content.detectors import own_file
from missent.content.detectors.own_file import read_patterns
from missent.content.pieces import Piece
from missent.errors import ConfigError
from missent.nouns.finding import Severity
from missent.words import explain

pytest.importorskip("hyperscan", reason="hyperscan is not installed")

FILE = rb"""
[[pattern]]
name = "project-names"
words = ["Nightjar", "Blue Heron", "M\u00fcller+"]
severity = "high"
category = "defence"

[[pattern]]
name = "case-file"
expression = '\bCF-\d{4}/\d{2}\b'
near = ["prosecution"]
least = 2
"""
OWN = read_patterns(FILE, "patterns.toml")


def found(text):
    return OWN.look([Piece("body", text)])


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [
        ("about nightjar.", "project-names", 1),
        ("NIGHTJAR and Blue\u00a0Heron", "project-names", 2),
        ("\u0416 Nightjar \u00e9", "project-names", 1),
        ("see M\u00fcllers", "project-names", 0),
        ("prosecution: CF-1234/22, CF-1235/22", "case-file", 2),
    ],
)
def test_hit(text, kind, count):
    told = {f.evidence["kind"]: f.evidence["count"] for f in found(text)}
    assert told == ({kind: count} if count else {})


@pytest.mark.parametrize(
    "text",
    [
        "nightjars",
        "blue and heron",
        "CF-1234/22, CF-1235/22",
        "prosecution: CF-1234/22 and again CF-1234/22",
        "prosecution CF-123/22",
    ],
)
def test_near_miss(text):
    assert not found(text)


def test_evidence_is_as_the_file_says_and_holds_no_text():
    (finding,) = OWN.look([Piece("attachment:2", "Nightjar")], b"key")
    assert (finding.id, finding.severity) == ("own-pattern", Severity.HIGH)
    assert finding.evidence["category"] == "defence"
    assert "ightjar" not in str(dict(finding.evidence)) + explain(finding)
    assert finding.evidence["digest"] == OWN.look([Piece("body", "x NIGHTJAR")], b"key")[0].evidence["digest"]


ONE = "[[pattern]]\nname = 'a'\nwords = ['ab']\n"
MISTAKES = {
    'x = 1\n[[pattern]]\nname = "a"\nwords = ["ab"]': "unknown key `x`",
    "pattern = 3": "key `pattern` is no list of tables",
    "[[pattern]]\nwords = ['ab']": "p.toml:1: key `name` is ''",
    "[[pattern]]\nname = 'A b'\nwords = ['ab']": "p.toml:1: key `name` is 'A b'",
    "\n\n[[pattern]]\nname = 'a'": "p.toml:3: key `expression` and `words`",
    "[[pattern]]\nname = 'a'\nwords = ['ab']\nexpression = 'x'": "key `expression` and `words`",
    "[[pattern]]\nname = 'a'\nwords = ['b']": "key `words` holds a word shorter",
    f"{ONE}[[pattern]]\nname = 'b'\nexpression = '(?=x)y'": "p.toml:4: key `expression` cannot be matched: Zero-width",
    "[[pattern]]\nname = 'a'\nexpression = '(a)\\1'": "cannot be matched",
    "[[pattern]]\nname = 'a'\nexpression = '('": "cannot be matched",
    "[[pattern]]\nname = 'a'\nexpression = 'a*'": "cannot be matched",
    "[[pattern]]\nname = 'a'\nexpression = '%s'" % ("x" * 3000): "key `expression` is too long",
    "[[pattern]]\nname = 'a'\nwords = ['ab']\nseverity = 'huge'": "key `severity` is 'huge'",
    "[[pattern]]\nname = 'a'\nwords = ['ab']\ncategory = 'fun'": "key `category` is 'fun'",
    "[[pattern]]\nname = 'a'\nwords = ['ab']\nleast = 0": "key `least` is 0",
    f"{ONE}[[pattern]]\nname = 'a'\nwords = ['cd']": "p.toml:4: key `name` is 'a', which another pattern has",
    "[[pattern]]\nname = 'a'\nwrods = ['ab']": "the nearest known key is `words`",
    "[[pattern": "p.toml",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_an_error_at_start(text):
    with pytest.raises(ConfigError) as error:
        read_patterns(text.encode(), "p.toml")
    assert MISTAKES[text] in str(error.value)
    assert "\n" not in str(error.value)


def test_without_the_engine_the_file_is_refused(monkeypatch):
    monkeypatch.setattr(own_file, "installed", lambda: False)
    with pytest.raises(ConfigError, match="extra `content`"):
        read_patterns(FILE, "p.toml")


def test_it_goes_to_another_process():
    far = pickle.loads(pickle.dumps(OWN))
    assert far.look([Piece("body", "Nightjar")]) == found("Nightjar")


def test_an_empty_file_finds_nothing():
    assert read_patterns(b"", "p.toml").look([Piece("body", "Nightjar")]) == ()


@pytest.mark.timed
@pytest.mark.parametrize("expression", [r"(a+)+b", r"(a|a)+b", r"(a|aa)+$", r"a{1,100}a{1,100}b", r"(\w+\s?)+!"])
def test_an_expression_that_would_hang_others_takes_linear_time(expression):
    own = read_patterns(f"[[pattern]]\nname = 'x'\nexpression = '{expression}'".encode(), "p.toml")
    begin = time.process_time()
    own.look([Piece("body", "a" * 1_000_000)])
    assert time.process_time() - begin < 10
