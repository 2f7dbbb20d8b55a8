import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.recipients.model.answering import NOBODY, answered

TO_ANN = "To: Ann May\nSubject: Gas"
OUTLOOK = f"-----Original Message-----\nFrom: \tWood, Jo  \nSent: Monday, May 7, 2001 9:30 AM\n{TO_ANN}"


@pytest.mark.parametrize(
    ("own", "quoted", "author"),
    [
        ("Fine.\n", OUTLOOK, ("wood", "jo")),
        ("Fine.\n", "> From: Jo Wood <jo.wood@gas.example>\n> " + TO_ANN, ("jo", "wood", "jo.wood@gas.example")),
        ("Fine.\n", "From: jo.wood@gas.example [mailto:jo.wood@gas.example]", ("jo", "wood", "jo.wood@gas.example")),
        ("Fine.\n", "On Mon, 7 Jun 2001, Jo Wood wrote:\n> the gas day", ("jo", "wood")),
        ("Fine.\n", "Am 07.05.2001 um 09:30 schrieb Jo Wood:\n> der Tag", ("jo", "wood")),
        ("Fine.\n", "Jo Wood a écrit :\n> la journée", ("jo", "wood")),
        ("Fine.\n\nJo Wood\n", "05/07/2001 09:30 AM\n" + TO_ANN, ("jo", "wood")),
        ("Fine.\n", "Jo Wood@ECT on 05/07/2001 09:30 AM\n" + TO_ANN, ("jo", "wood")),
        (
            "",
            "---- Forwarded by Kim Reed/HOU/ECT on 05/07/2001 10:00 AM ----\nJo Wood/HOU\n05/07/2001 09:30 AM",
            ("jo", "wood"),
        ),
        ("Fine.\n", "> just a line of it", ()),
        ("From: Jo Wood", "", ()),
        ("On Mon, 7 Jun 2001, Jo Wood wrote:", "> the gas day", ("jo", "wood")),
        ("call Ann on 05/07/2001 09:30 AM", "> the gas day", ()),
    ],
)
def test_the_author_stands_in_the_head_of_the_history(own: str, quoted: str, author: tuple[str, ...]) -> None:
    found = answered(own, quoted).author
    assert found[: len(author)] == author
    assert bool(found) == bool(author)


def test_other_forms_of_a_given_name_go_with_it() -> None:
    assert {"bill", "billy"} <= {*answered("", "From: William Wood").author}
    assert "william" in answered("", "From: Bill Wood").author


def test_whom_it_went_to_and_whether_it_is_passed_on() -> None:
    assert answered("", OUTLOOK + "\nCc: kim.reed@gas.example").members == ("ann", "may", "kim", "reed", "kim.reed@gas.example")
    assert not answered("", OUTLOOK).passed
    assert answered("", "--------------------- Forwarded by Ann May/HOU on 05/07/2001 ----\n" + OUTLOOK).passed


def test_without_history_nobody_is_answered() -> None:
    assert answered("Jo, a word", "") is NOBODY


@given(
    st.text(max_size=300), st.lists(st.sampled_from(["From: ", "On ", "wrote:", "1/02/2001 1:00", "\n", "/a@b", "é", "x@y.z"]))
)
def test_whatever_stands_there_it_never_raises(own: str, scraps: list[str]) -> None:
    found = answered(own, "".join(scraps))
    assert all(word and word == word.lower() for word in found.author + found.members)


@pytest.mark.parametrize(
    "line", ["From: " + "a/" * 100_000, "From: " + "a@" * 100_000, "1/02/2001 " * 50_000, "wrote:" * 50_000]
)
def test_long_lines_take_no_time(line: str) -> None:
    assert len(answered(line, line + "\n" + line).author) < 100
