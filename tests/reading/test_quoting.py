"""New text and quoted history, as the mail programs in use write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.reading import quoting
from missent.reading.quoting import parted

HISTORIES = [
    "-----Original Message-----\nFrom: Jane\nold",
    "---------- Forwarded message ----------\nFrom: Jane\nold",
    "Begin forwarded message:\n\nFrom: Jane\nold",
    "---------------------- Forwarded by Anna Clark/HOU on 01/02/2001 ---\nold",
    "On Tue, 2 May 2023 at 10:02, Jane Doe <jane@army.mil> wrote:\n> old",
    "On Tue, 2 May 2023 at 10:02,\nJane Doe <jane@army.mil> wrote:\n> old",
    "Am 02.05.23 um 10:02 schrieb Jane Doe:\n> old",
    "Le mar. 2 mai 2023 à 10:02, Jane Doe <jane@army.mil> a écrit :\n> old",
    "El mar, 2 may 2023, Jane Doe escribió:\n> old",
    "From: Jane Doe\nSent: Tuesday\nTo: Anna\n\nold",
    "Von: Jane Doe\nGesendet: Dienstag\nAn: Anna\n\nold",
    "De : Jane Doe\nEnvoyé : mardi\nold",
    "*From:* Jane Doe\n*Sent:* Tuesday\nold",
    "> old\n> and older\n",
]
NEW = [
    "On the whole I agree.\nSee you",
    "From: the desk of nobody, whatever that may be",
    "Le chat est noir.\n-- \nAnna",
    "--\nAnna Clark\nMinistry",
    "-- original sin is a topic",
    "He wrote: come at ten",
    "a > b is true",
]


@pytest.mark.parametrize("history", HISTORIES)
def test_history_is_told_from_what_is_new(history):
    assert parted(f"Dear Jane,\nnew\n{history}") == ("Dear Jane,\nnew\n", history)


@pytest.mark.parametrize("text", NEW)
def test_what_only_looks_like_history_is_new(text):
    assert parted(text) == (text, "")


def test_answers_between_quoted_lines_are_new():
    assert parted("> one?\nYes\n> two?\nNo\n") == ("Yes\nNo\n", "> one?\n> two?\n")


_SCRAPS = [
    "\n",
    " ",
    "\t",
    "> ",
    "|",
    "-",
    "--",
    "*",
    "_",
    "From",
    "von",
    ":",
    "\N{FULLWIDTH COLON}",
    "wrote",
    "\r\n",
    "\N{EM DASH}",
    "x 3",
]


@given(st.lists(st.sampled_from([*_SCRAPS, "begin forwarded message", "\N{LINE SEPARATOR}"]), max_size=40).map("".join))
def test_the_lines_that_are_searched_hold_all_that_the_whole_text_holds(text):
    whole = [(m.span(), m.lastgroup) for m in quoting.words().start.finditer(text)]
    assert [(m.span(), m.lastgroup) for m in quoting._starts(text)] == whole


@pytest.mark.timed
@pytest.mark.parametrize("line", ["on x\n", "On " + "x" * 190 + "\n", "From: a\n", "> ", ">\n", "-- ", "from:"])
def test_hostile_text_takes_linear_time(line):
    import time

    started = time.perf_counter()
    parted(line * (2_000_000 // len(line)))
    assert time.perf_counter() - started < 20
