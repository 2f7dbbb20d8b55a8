"""Both engines find the same, which is what `re` finds in the whole text; every pattern keeps the rules."""

import contextlib
import pickle
import re
import threading
import time
from re import _parser  # type: ignore[attr-defined]

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from tests.content.detectors.test_tables import HITS, MISSES

from missent.content.detectors.registry import DETECTORS
from missent.content.matching import sliced
from missent.content.matching import swift as swift_engine
from missent.content.matching.pattern import AHEAD, WIDEST, Pattern
from missent.content.matching.plainly import Plain
from missent.content.matching.swift import Growing, Swift, engine
from missent.content.matching.windows import matches

hyperscan = pytest.importorskip("hyperscan", reason="hyperscan is not installed")

PATTERNS = tuple(pattern for detector in DETECTORS for pattern in detector.patterns)
PLAIN, SWIFT = Plain(PATTERNS), Swift(PATTERNS)
TEXTS = [text for _, _, text in HITS] + [text for _, text in MISSES]
LETTERS = " \n\t-?07Az<_\u00e9\u0416\U0001f600\u0130\u00ff"
RUNS = ("  ", "x" * 70, "1" * 40, "4 " * 30, "\u0416" * 80, "passport ", "SSN ", " is ", "://", "card", "<<", "flight 1")
FILLER = st.sampled_from((*LETTERS, *RUNS))
PART = st.one_of(st.sampled_from(TEXTS), FILLER, FILLER, FILLER)


def spans(found):
    return {number: [m.span() for m in hits] for number, hits in found.items()}


def whole(patterns, text):
    """What `re` finds, each pattern over the whole text; one with a gate only if the gate's words are there."""
    found = {
        number: [m.span() for m in pattern.regex.finditer(text)]
        for number, pattern in enumerate(patterns)
        if not pattern.gate or pattern.gate.search(text)
    }
    return {number: hits for number, hits in found.items() if hits}


def ungated(found):
    return {number: hits for number, hits in found.items() if not PATTERNS[number].gate}


@given(st.lists(PART, max_size=14).map("".join))
@settings(max_examples=60, deadline=None)
def test_windows_find_what_the_whole_text_holds(text):
    truth = whole(PATTERNS, text)
    plain, swift = spans(matches(PATTERNS, PLAIN, text)), spans(matches(PATTERNS, SWIFT, text))
    assert plain == swift
    assert ungated(swift) == ungated(truth)
    assert all(set(spans) <= set(truth[number]) for number, spans in swift.items())


@given(st.lists(PART, max_size=14).map("".join))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("length", [40, 700])
def test_a_text_looked_at_in_slices_holds_the_same(monkeypatch, length, text):
    monkeypatch.setattr(swift_engine, "_LARGE_TEXT", 1)
    monkeypatch.setattr(sliced, "SLICE", length)
    found, truth = spans(matches(PATTERNS, SWIFT, text)), whole(PATTERNS, text)
    assert ungated(found) == ungated(truth)
    assert all(set(spans) <= set(truth[number]) for number, spans in found.items())
    assert spans(matches(PATTERNS, PLAIN, text)).items() <= found.items()


@pytest.mark.parametrize("distance", [0, 64, 320])
def test_neighbours_at_the_edge_of_a_window_are_apart_or_together_alike(distance):
    for text in TEXTS[distance % 6 :: 6]:
        twice = text + " " * (distance // 2) + "." * (distance - distance // 2) + text + "9" * distance
        assert ungated(spans(matches(PATTERNS, SWIFT, twice))) == ungated(whole(PATTERNS, twice))
        assert ungated(spans(matches(PATTERNS, PLAIN, twice))) == ungated(whole(PATTERNS, twice))


@pytest.mark.parametrize("pattern", [p for p in PATTERNS if not p.gate], ids=lambda p: p.name)
def test_texts_made_from_a_pattern_are_found_by_both(pattern):
    one = (pattern,)
    plain, swift = Plain(one), engine(one)

    @given(st.from_regex(pattern.regex, fullmatch=True))
    @settings(max_examples=3, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def found(made):
        text = f" {made} "
        assert spans(matches(one, plain, text)) == spans(matches(one, swift, text)) == whole(one, text)

    with contextlib.suppress(Unsatisfiable):  # where look-around leaves the generator nothing, the tables have texts
        found()


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_a_pattern_keeps_the_rules(pattern):
    regex = pattern.regex
    assert regex.flags & re.ASCII
    assert not regex.search("")
    assert _parser.parse(pattern.source, regex.flags).getwidth()[1] <= WIDEST
    assert all(len(look) <= 4 * AHEAD for look in re.findall(r"\(\?[=!]([^)]*)", pattern.source))
    assert all(stem == stem.lower() for stem in pattern.stems)


def test_texts_with_a_dotted_capital_i_keep_their_offsets():
    text = "\u0130" * 500 + " password is Summer2019! " + "\u0130" * 500
    assert ungated(spans(matches(PATTERNS, PLAIN, text))) == ungated(whole(PATTERNS, text)) != {}


def test_an_engine_goes_to_a_worker_with_its_database():
    far = pickle.loads(pickle.dumps(SWIFT))
    for text in TEXTS[:50]:
        assert spans(matches(PATTERNS, far, text)) == spans(matches(PATTERNS, SWIFT, text))


def test_a_growing_engine_finds_the_same_before_and_after():
    growing = Growing(PATTERNS)
    before = [spans(matches(PATTERNS, growing, text)) for text in TEXTS[:40]]
    growing.ripen()
    assert ungated_all(before) == ungated_all(spans(matches(PATTERNS, growing, text)) for text in TEXTS[:40])


def ungated_all(found):
    return [ungated(one) for one in found]


def test_threads_share_an_engine():
    told, expected = [], [spans(matches(PATTERNS, SWIFT, text)) for text in TEXTS[:80]]

    def work():
        told.append([spans(matches(PATTERNS, SWIFT, text)) for text in TEXTS[:80]] == expected)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [True] * 4


def test_without_patterns_nothing_is_found():
    assert matches((), engine(()), "card 4111111111111111") == {}


def test_one_pattern_alone():
    one = (Pattern("x", r"(?<!a)ab{1,3}c(?!d)"),)
    text = "aabc abc abcd " + "." * 1000 + "xabbbc"
    assert spans(matches(one, engine(one), text)) == spans(matches(one, Plain(one), text)) == whole(one, text)


HOSTILE = [
    "4 ",
    "41111111",
    "GB82 ",
    "GB82WEST",
    "1-",
    "AB12",
    "nhs 123 ",
    "123-45-",
    "password is ",
    "passport ",
    "flight 1 ",
    "<<",
]
HOSTILE += [
    "a:b@",
    "://a:",
    "P<UTO",
    "Patient: A ",
    "eyJ",
    "A, B 1 ",
    "\n",
    "\u0416",
    "Depart ",
    "salary 41,000\n",
    "Rank\t",
    "Server=a;",
]


@pytest.mark.timed
@pytest.mark.parametrize("using", [PLAIN, SWIFT], ids=["plain", "swift"])
@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_linear_time(unit, using):
    begin = time.process_time()
    matches(PATTERNS, using, unit * (400_000 // len(unit)))
    assert time.process_time() - begin < 20
