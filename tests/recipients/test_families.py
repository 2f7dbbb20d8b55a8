import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.recipients.families import BESIDE, FAMILIES, edited, share

WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=20)

HITS = [
    # asked, known, family
    ("pentagno", "pentagon", "transposition"),
    ("pentaagon", "pentagon", "repetition"),
    ("haliburton", "halliburton", "repetition"),
    ("pentagn", "pentagon", "omission"),
    ("pentafon", "pentagon", "neighbour-key"),
    ("pentaghon", "pentagon", "neighbour-key"),
    ("pentakgon", "pentagon", "insertion"),
    ("pentegon", "pentagon", "vowel"),
    ("pent4gon", "pentagon", "replacement"),
    ("qentagon", "pentagon", "bit-flip"),
    ("p3ntagon1", "p3ntagon2", "number"),
    ("penta-gon", "pentagon", "hyphen"),
    ("pentagons", "pentagon", "plural"),
    ("pe.ntagon", "pentagon", "dot"),
    ("infohwy", "info.hwy", "dot"),
    ("scotia.mcleod", "scotia-mcleod", "dot"),
    ("pentag0n", "pentagon", "glyph"),
    ("rnodern", "modern", "glyph"),
    ("cingery", "cinergy", "jumble"),
    ("alleghaneyenergy", "alleghenyenergy", "two-edits"),
    ("boxeseter", "boxeter", "plural"),
    ("phenixx", "fenix", None),
    ("grenergy", "epenergy", None),
    ("rwblaw", "sablaw", None),
]


@pytest.mark.parametrize(("asked", "known", "family"), HITS)
def test_family(asked, known, family):
    found = edited(asked, known)
    assert (found and found[0]) == family


@given(WORDS, WORDS)
def test_any_two_names_can_be_compared(one, other):
    if one != other:
        found = edited(one, other)
        assert found is None or found[0] in FAMILIES


@pytest.mark.parametrize(
    ("likelier", "less"),
    [
        (("pentagno", "pentagon"), ("pentegon", "pentagon")),  # neighbours swapped, another vowel
        (("pentagn", "pentagon"), ("entagon", "pentagon")),  # the first letter is mostly right
        (("pentagn", "pentagon"), ("as", "ass")),  # short names have many neighbours
        (("enerfy", "energy"), ("enerpy", "energy")),  # the key beside it
        (("amry.abc", "army.abc"), ("us.abc", "uk.abc")),
    ],
)
def test_order_of_weights(likelier, less):
    assert edited(*likelier)[1] > edited(*less)[1]


def test_keys_beside_each_other():
    assert {"as", "sa", "qw", "gh", "tz"} <= BESIDE
    assert not {"ap", "qm"} & BESIDE


def test_share():
    assert share(0) == 0.5
    assert 0 < share(-1e9) < share(1e9) <= 1
