import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.recipients.model import mail
from missent.recipients.model.mail import thread_of, words_of

_SCRAPS = ["\n", " ", "-", "---", ">", "TO", "from", ":", "Original", "forwarded", "03/04/20", " 9:30", "x", "\t"]


@given(st.lists(st.sampled_from(_SCRAPS), max_size=30).map("".join))
def test_a_text_in_which_history_is_not_looked_for_has_none(text: str) -> None:
    assert mail._may_quote(text) or not mail._QUOTED.search(text)


@pytest.mark.parametrize(
    ("text", "greeted"),
    [
        ("Steve,\nthe deal is done", ("steve",)),
        ("Hi Anna!\nsee below", ("anna",)),
        ("Dear Mr. Harris,", ("mr",)),
        ("\n\n  Jo - call me", ("jo",)),
        ("12 lots were sold", ()),
        ("", ()),
    ],
)
def test_the_greeting_is_the_word_the_first_lines_begin_with(text: str, greeted: tuple[str, ...]) -> None:
    assert words_of("", text).greeted == greeted


@pytest.mark.parametrize(
    "mark",
    [
        "-----Original Message-----",
        "> on Monday",
        "---------------------- Forwarded by Jo",
        "Anna Smith 10/11/2000 09:15 AM",
        "From: Jo",
    ],
)
def test_history_is_told_from_what_the_sender_wrote(mark: str) -> None:
    words = words_of("gas", f"pipeline capacity\n{mark}\nturbine outage")
    assert "pipeline" in words.own
    assert "turbine" not in words.own
    assert "turbine" in words.quoted


@pytest.mark.parametrize(
    ("subject", "thread"),
    [("Re: FW: Gas Day", "gas day"), ("AW: WG: Gas", "gas"), ("Regards", "regards"), ("re[2]: a", "a"), ("", "")],
)
def test_a_thread_is_the_subject_without_marks(subject: str, thread: str) -> None:
    assert thread_of(subject) == thread


def test_short_subjects_are_no_thread_and_each_word_counts_once() -> None:
    words = words_of("Re: hi", "gas gas oil")
    assert (words.thread, words.reply, words.own) == ("", True, ("gas", "oil"))
