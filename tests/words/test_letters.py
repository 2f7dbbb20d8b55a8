import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from missent.words.letters import moment, quoted, shown, write


@given(st.text())
def test_shown_facts_are_one_line_without_invisible_characters(text):
    assert len(shown(text).splitlines()) <= 1
    assert not any(c in shown(text) for c in "\r\n\u202e\u200b\u2028\x85\x1b")
    assert shown(shown(text)) == shown(text)


@given(st.text())
def test_quoted_sentences_hold_no_markup_but_ours(text):
    plain = quoted(text).replace("<code>", "").replace("</code>", "")
    assert "<" not in plain
    assert '"' not in plain


def test_a_letter_lacking_a_fact_is_not_written():
    with pytest.raises(UndefinedError):
        write("notice.txt", {})


def test_moments_are_in_words(noon):
    assert moment(noon) == "Monday 23 November 2026, 12:00 UTC"
