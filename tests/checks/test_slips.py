import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.checks.slips import NEIGHBOURS, Slip, slip

PAIRS = [
    ("jsmith", "jsmtih", Slip.TRANSPOSITION),
    ("jsmith", "sjmith", Slip.TRANSPOSITION),
    ("michele", "michelle", Slip.REPETITION),
    ("harris", "haris", Slip.REPETITION),
    ("jsmith", "jsmih", Slip.OMISSION),
    ("steven", "steve", Slip.OMISSION),
    ("jsmith", "jsmotn", None),
    ("jsmith", "jsnith", Slip.NEIGHBOUR),
    ("jsmith", "jsmyth", Slip.REPLACEMENT),
    ("jsmith", "ksmith", None),
    ("jsmith", "ajsmith", None),
    ("paul", "paula", None),
    ("maria", "mario", None),
    ("jsmith", "jsmiths", None),
    ("jsmith", "jsmith", None),
    ("a", "", None),
    ("anna", "joan", None),
]


@pytest.mark.parametrize(("one", "other", "kind"), PAIRS)
def test_pairs(one, other, kind):
    assert slip(one, other) is slip(other, one) is kind


@given(st.text("abcs", max_size=7), st.text("abcs", max_size=7))
def test_a_slip_is_one_edit_and_goes_both_ways(one, other):
    kind = slip(one, other)
    assert kind is slip(other, one)
    if kind is not None:
        assert abs(len(one) - len(other)) <= 1
        assert one != other
        assert one[0] == other[0] or kind is Slip.TRANSPOSITION


def test_neighbours_touch_both_ways():
    assert ("g", "h") in NEIGHBOURS
    assert ("q", "p") not in NEIGHBOURS
    assert {(b, a) for a, b in NEIGHBOURS} == NEIGHBOURS
