import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.checks.local_parts import Strength, alike, shape

PAIRS = [
    ("j.smith", "jsmith", ("punctuation", Strength.STRONG)),
    ("John_Smith", "john-smith", ("punctuation", Strength.STRONG)),
    ("smith.john", "john.smith", ("swapped", Strength.STRONG)),
    ("john.smith2", "john.smith", ("digits", Strength.STRONG)),
    ("john.smith1", "john.smith3", ("digits", Strength.STRONG)),
    ("jsmith2", "jsmith", ("digits", Strength.FAIR)),
    ("jsmith1", "jsmith2", None),
    ("jsmith", "john.smith", ("initials", Strength.FAIR)),
    ("smithj", "john.smith", ("initials", Strength.FAIR)),
    ("johns", "john.smith", ("initials", Strength.FAIR)),
    ("john.a.smith", "john.smith", ("initials", Strength.FAIR)),
    ("john.a.smith", "john.b.smith", ("initials", Strength.FAIR)),
    ("jon.smith", "john.smith", ("omission", Strength.STRONG)),
    ("jane.smith", "john.smith", None),
    ("j.smith", "k.smith", None),
    ("paul.berg", "paula.berg", None),
    ("john.smtih2", "john.smith1", None),
    ("anna", "anne", None),
    ("smiht", "smith", ("transposition", Strength.FAIR)),
    ("jsmith+tag", "jsmith", None),
    ("sales", "sale", None),
    ("sales.uk", "sales.us", None),
    ("help.desk", "helpdesk", None),
    ("bob", "rob", None),
]


@pytest.mark.parametrize(("typed", "usual", "expected"), PAIRS)
def test_pairs(typed, usual, expected):
    assert alike(shape(typed), shape(usual)) == alike(shape(usual), shape(typed)) == expected


def test_a_number_weighs_more_where_the_mailbox_is_known_to_be_a_persons():
    assert alike(shape("jsmith1"), shape("jsmith2"), named=True) == ("digits", Strength.STRONG)


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_goes_both_ways_and_no_mailbox_is_like_itself(one, other):
    assert alike(shape(one), shape(one)) is None
    assert alike(shape(one), shape(other)) == alike(shape(other), shape(one))
