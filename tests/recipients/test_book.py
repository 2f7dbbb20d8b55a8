import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.recipients.book import Book, Mark, pack, packaged

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=12)


@given(st.dictionaries(NAMES, st.integers(1, 255), max_size=40), NAMES)
def test_says_what_was_packed(marks, other):
    book = Book(pack(marks, {}))
    assert {name: book.marks(name) for name in marks} == marks
    assert book.marks(other) == marks.get(other, 0)


@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=5), max_size=20))
def test_finds_what_was_filed(filed):
    book = Book(pack(dict.fromkeys(filed, 1), filed))
    for name, keys in filed.items():
        for key in keys:
            assert name in book.filed([key])
    assert set(book.named(Mark.LISTED)) == set(filed)


def test_refuses_another_file():
    with pytest.raises(ValueError, match="version"):
        Book(b"something else entirely, and long enough")


def test_an_unlikely_key_finds_next_to_nothing():
    strangers = sum(len(packaged().filed([f"no such key {n}"])) for n in range(2000))
    assert strangers <= 20  # a stranger comes once in 4,096 postings looked at


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("army.mil", Mark.LISTED),
        ("us.af.mil", Mark.LISTED),
        ("mail.mil", Mark.LISTED),
        ("state.gov", Mark.LISTED),
        ("mod.uk", Mark.LISTED),
        ("gmail.com", Mark.FREE_MAIL),
        ("mailinator.com", Mark.DISPOSABLE),
        ("co.uk", Mark.RULE),
        ("ck", Mark.WILDCARD),
        ("www.ck", Mark.EXCEPTION),
        ("ml", Mark.ROOT),
    ],
)
def test_what_is_packaged(name, mark):
    assert packaged().marks(name) & mark


@pytest.mark.parametrize("name", ["army.ml", "gov.uk", "nbc.com", "", "\ud800"])
def test_what_is_not_listed(name):
    assert not packaged().marks(name) & Mark.LISTED
