import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.checks.display_names import Likeness, likeness, words

PAIRS = [
    ("John Smith", "Smith, John", Likeness.SAME),
    ("John Smith", "JOHN A. SMITH", Likeness.SAME),
    ("Dr. John Smith", "Smith, John Maj (RAF-Air 1Gp)", Likeness.SAME),
    ("Jürgen Müller", "Jurgen Muller", Likeness.SAME),
    ("Sean O'Brien", "Sean OBrien", Likeness.SAME),
    ("Steven Harris", "Steve Harris", Likeness.NEAR),
    ("John Smith", "Jon Smith", Likeness.NEAR),
    ("Chris Jones", "Christopher Jones", Likeness.NEAR),
    ("Paul Berg", "Paula Berg", Likeness.DIFFERENT),
    ("John Smith", "Jane Doe", Likeness.DIFFERENT),
    ("John Smith", "Jane Smith", Likeness.DIFFERENT),
    ("John Smith", "John", Likeness.UNKNOWN),
    ("Sales", "Sales", Likeness.UNKNOWN),
    ("john smith@acme.example", "john smith@acme.example", Likeness.UNKNOWN),
    ("", "John Smith", Likeness.UNKNOWN),
    ("John Smith", "John Paul Smith", Likeness.UNKNOWN),
]


@pytest.mark.parametrize(("one", "other", "expected"), PAIRS)
def test_pairs(one, other, expected):
    assert likeness(one, other) is likeness(other, one) is expected


@given(st.text())
def test_a_name_is_like_itself_or_no_name(name):
    assert likeness(name, name) is (Likeness.SAME if words(name) else Likeness.UNKNOWN)
