"""What is said of a finding shows the facts it names, and no others."""

import string
import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.nouns.finding import Finding, Severity
from missent.words import advise, explain
from missent.words.findings import book

IDS = sorted(book("en").keys() - {"sureness", "places", "reasons", "reckoning"})
BACKGROUND = {"domain_known", "established", "usual_days", "standing"}


def finding(id_="lookalike-domain", rcpt="jane@army.ml", suggestion="jane@army.mil", confidence=0.99, **evidence):
    return Finding(id_, Severity.HIGH, confidence, rcpt, suggestion, evidence)


def test_the_case_it_starts_from():
    assert explain(finding(resembles="army.mil", family="suffix")) == (
        "`army.ml` is not a domain you know; it differs only in its ending from `army.mil`; almost certainly that was meant."
    )
    assert advise(finding(resembles="army.mil", family="suffix")).startswith("If you meant `jane@army.mil`, correct it.")


def test_a_family_without_a_phrase_and_a_finding_without_facts_are_said_plainly():
    assert "it is like `army.mil`" in explain(finding(resembles="army.mil", family="unheard-of"))
    assert explain(finding()) == "`army.ml` is not a domain you know; it is like one that you do."


def test_a_discreet_name_is_not_told():
    told = finding(resembles="army.mil", family="suffix", discreet=True)
    assert "army.mil" not in explain(told) + advise(told)


def test_numbers_are_words():
    def said(sent):
        return explain(finding("lookalike-address", family="digits", usual_sent=sent, sent=0))

    assert "once and to `jane@army.ml` never" in said(1)
    assert "twice" in said(2)
    assert "9 times" in said(9)
    assert "1 group that" not in explain(finding("to-should-be-bcc", people=12, groups=9))
    assert "12 people" in explain(finding("to-should-be-bcc", people=12, groups=9))
    assert "1 other address at" in explain(finding("newcomer", contacts_there=1))


def test_sureness_follows_confidence():
    words = [
        explain(finding(confidence=c, resembles="army.mil")).split("; ")[2].split(" that")[0] for c in (0.99, 0.85, 0.5, 0.1)
    ]
    assert words == ["almost certainly", "very likely", "probably", "possibly"]


def test_an_unknown_id_is_its_own_word():
    assert explain(finding("from-tomorrow")) == "from-tomorrow"
    assert advise(finding("from-tomorrow")) == ""


@pytest.mark.parametrize("id_", IDS)
def test_every_id_is_said_even_without_facts(id_):
    bare = Finding(id_, Severity.LOW, 0.5, "a@b.example")
    assert explain(bare) not in {"", id_}
    assert advise(bare)


@pytest.mark.parametrize("id_", IDS)
def test_facts_that_no_sentence_names_stay_in(id_):
    facts = {f"secret_{n}": f"CANARY{n}" for n in range(3)} | dict.fromkeys(BACKGROUND, "CANARY")
    assert "CANARY" not in explain(finding(id_, **facts)) + advise(finding(id_, **facts))


@pytest.mark.parametrize("id_", IDS)
def test_no_sentence_names_what_the_organisation_alone_knows(id_):
    table = tomllib.loads(resources.files("missent.words").joinpath("en.toml").read_text(encoding="utf-8"))[id_]
    rows = [*table["explanation"], *table["advice"]]
    named = {field for row in rows for _, field, _, _ in string.Formatter().parse(row["text"]) if field}
    conditions = {name for row in rows for name in row.get("when", {})}
    assert not (named | conditions) & BACKGROUND
    assert not any(row.keys() - {"when", "text"} for row in rows)


@given(
    st.sampled_from(IDS), st.text(), st.text(), st.dictionaries(st.sampled_from(["resembles", "reason", "where"]), st.text())
)
def test_hostile_facts_neither_raise_nor_break_the_line(id_, rcpt, suggestion, facts):
    for text in (explain(finding(id_, rcpt, suggestion, **facts)), advise(finding(id_, rcpt, suggestion, **facts))):
        assert text.isprintable()
        assert len(text) < 2000


def test_braces_in_facts_are_not_read_as_placeholders():
    assert "{evidence}" in explain(finding(resembles="{evidence}"))
