"""Files known again by keyed hashes: the same octets, nearly the same words, and not what everybody sends."""

import pytest

from missent.content.carried import ALIKE, LEAST_OCTETS, MOST, marked
from missent.content.opened import Attachment, Opened
from missent.content.pieces import Piece

KEY = b"key"
WORDS = " ".join(f"word{n} of the plan" for n in range(60))


def opened(text="", digest="aa", size=LEAST_OCTETS, kind="application/pdf"):
    pieces = (Piece("attachment:1.2", text),) if text else ()
    return Opened(pieces, (Attachment("1.2", "x", kind, size, digest),))


def marks(*given, key=KEY, **more):
    return marked(opened(*given, **more), key).marks


def test_the_same_file_has_the_same_mark_and_another_key_another():
    assert marks(WORDS) == marks(WORDS)
    assert marks(WORDS)[0].exact != marks(WORDS, digest="ab")[0].exact
    assert not set(marked(opened(WORDS), KEY).carried) & set(marked(opened(WORDS), b"other").carried)


def test_a_version_of_a_text_shares_most_hashes_and_another_text_none():
    (one,), (version,), (other,) = (
        marks(WORDS),
        marks(WORDS + " and one line more", digest="ab"),
        marks(WORDS.replace("o", "u")),
    )
    assert len(set(one.near) & set(version.near)) >= ALIKE
    assert not set(one.near) & set(other.near)


def test_without_a_key_there_are_none():
    assert marks(WORDS, key=b"") == ()


@pytest.mark.parametrize("more", [{"size": LEAST_OCTETS - 1}, {"size": 50_000, "kind": "image/png"}])
def test_logos_and_scraps_are_not_marked(more):
    assert marks(WORDS, **more) == ()


def test_a_few_words_are_like_many_and_have_no_near_marks():
    assert marks("see the plan")[0].near == ()


def test_no_more_than_some_are_marked():
    many = tuple(Attachment(f"1.{n}", "x", "application/pdf", LEAST_OCTETS, str(n)) for n in range(MOST + 9))
    assert len(marked(Opened((), many), KEY).marks) == MOST
