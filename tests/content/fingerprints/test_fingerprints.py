"""Made-up documents, quoted, reflowed, edited and mixed; unrelated ones stay apart."""

import random
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missent.content.fingerprints import (
    RUN,
    SKETCH_SIZE,
    WINDOW,
    contained,
    fingerprints,
    resemblance,
    sketch,
)

KEY = b"k" * 32


def prose(seed, words=600):
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randint(2, 9))) for _ in range(400)]
    return " ".join(chance.choice(vocabulary) + chance.choice(["", "", "", ",", "."]) for _ in range(words))


def quoted(text):
    return "\n".join("> " + line for line in textwrap.wrap(text, 50))


CHANGES = {
    "reflowed": (lambda text: "\n".join(textwrap.wrap(text, 33)), 1.0),
    "quoted": (quoted, 1.0),
    "quoted twice, in capitals": (lambda text: quoted(quoted(text)).upper(), 1.0),
    "in a longer mail": (lambda text: prose(99) + "\n\n" + text + "\n\n" + prose(98), 0.97),
    "one word in fifty changed": (lambda text: " ".join("x" if n % 50 == 7 else w for n, w in enumerate(text.split())), 0.8),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_document_is_found_again(name):
    change, least = CHANGES[name]
    for seed in range(20):
        text = prose(seed)
        assert contained(fingerprints(text, KEY), fingerprints(change(text), KEY)) >= least, seed


def test_a_page_of_it_is_found_as_its_share():
    text = prose(1, 1000)
    half = " ".join(text.split()[:500])
    assert contained(fingerprints(text, KEY), fingerprints(half, KEY)) == pytest.approx(0.5, abs=0.06)


def test_unrelated_texts_have_nothing_in_common():
    for seed in range(20):
        assert contained(fingerprints(prose(seed), KEY), fingerprints(prose(seed + 1000), KEY)) == 0
        assert resemblance(sketch(prose(seed), KEY), sketch(prose(seed + 1000), KEY)) == 0


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_resemblance_is_the_share_of_runs_in_common(share):
    common, off = int(3000 * share), []
    for seed in range(10):
        words = prose(seed, 3000).split()
        rest = prose(seed + 500, 3000 - common).split()
        runs = [{" ".join(w[n : n + RUN]) for n in range(len(w))} for w in (words, words[:common] + rest)]
        true = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
        off.append(resemblance(sketch(" ".join(words), KEY), sketch(" ".join(words[:common] + rest), KEY)) - true)
    assert abs(sum(off) / 10) < 0.05
    assert max(map(abs, off)) < 0.15


def test_a_sketch_is_small_and_keyed():
    long = sketch(prose(1, 20_000), KEY)
    assert len(long) == SKETCH_SIZE
    assert not set(long) & set(sketch(prose(1, 20_000), b"another"))
    assert not fingerprints(prose(1), KEY) & fingerprints(prose(1), b"another")


@pytest.mark.parametrize("text", ["", " \n", "!!! --- ___"])
def test_a_text_without_words_resembles_nothing(text):
    assert sketch(text, KEY) == ()
    assert resemblance(sketch(text, KEY), sketch(text, KEY)) == 0
    assert contained(fingerprints(text, KEY), fingerprints(prose(1), KEY)) == 0


def test_short_texts_count_too():
    assert resemblance(sketch("meet at noon", KEY), sketch("Meet, at noon!", KEY)) == 1


@given(st.text(), st.text())
@settings(max_examples=60)
def test_resemblance_is_symmetric_and_a_share(a, b):
    left, right = sketch(a, KEY), sketch(b, KEY)
    assert resemblance(left, right) == resemblance(right, left)
    assert 0 <= resemblance(left, right) <= 1
    assert resemblance(left, left) == (1 if left else 0)


@given(st.lists(st.sampled_from("abcdefghij"), min_size=RUN + WINDOW - 1, max_size=60), st.text(), st.text())
@settings(max_examples=100)
def test_a_common_stretch_of_a_window_is_always_noticed(words, before, after):
    stretch = " ".join(words)
    assert fingerprints(stretch, KEY) & fingerprints(f"{before} {stretch} {after}", KEY)
