"""What holds of every text: reading never raises, is its own inverse on canonical text, and prose makes no marking."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from missent.content.markings.find import find_markings
from missent.content.markings.high_water import grade, high_water
from missent.content.markings.lattice import at_most
from missent.content.markings.schemes import SCHEMES
from missent.content.pieces import Piece
from missent.nouns.address import Address

from . import test_tables

VOCABULARY = (
    "OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "TOP SECRET", "CONFIDENTIAL", "RESTRICTED", "PROTECT", "PROTECTED",
    "UNCLASSIFIED", "NATO", "COSMIC", "ATOMAL", "UK EYES ONLY", "UK", "NOFORN", "REL TO USA, GBR", "SI", "TK", "FGI", "//",
    "/", " - ", ":", "[", "]", "(", ")", "(S)", "(U//FOUO)", "(C)", "CUI", "SP-CTI", "[SEC=", "SEC=PROTECTED", "CAVEAT=", ",",
    "TLP:", "RED", "Classified by", "Class:", "Declassify on:", "Reason: 1.4(d)", "Subject:", "From:", "\n", "\n\n", "\f",
    "\t", "   ", "> ", "Dear all,", "the", "of coffee", "\u2013", "S E C R E T", "MSIP_Label_", "_Name=", ";", "=",
    "privileged", "<PolicyIdentifier>", "urn:nato:stanag:4774:", "\u0130", "\x00", "\ud800",
)  # fmt: skip
WHERES = (
    "subject", "body", "quoted", "attachment:1", "attachment:1/name", "attachment:1/subject", "header:x-protective-marking",
    "attachment:1/property:Classification", "header:msip_labels", "header:sio-label", "header:sensitivity", "",
    "header:x-classification", "attachment:2/property:MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name",
)  # fmt: skip
texts = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(VOCABULARY), max_size=40).map("".join))
pieces = st.lists(st.builds(Piece, st.sampled_from(WHERES), texts), max_size=4)
owns = st.sampled_from((*SCHEMES, "", "no such scheme"))
senders = st.sampled_from((None, Address.parse("a@state.gov"), Address.parse("a@firm.example"), Address.parse("")))
prose = st.lists(
    st.sampled_from(("the", "report", "was", "kept", "by", "clerks", "in", "a", "drawer", "and", "lost")),
    min_size=2,
    max_size=8,
)
HITS = [(name, row["text"]) for name, table in test_tables.TABLES.items() for row in table["hit"] if row["where"] == "body"]


@settings(max_examples=300, deadline=None)
@given(pieces, owns, senders)
def test_never_raises_and_says_only_what_the_schemes_know(given_pieces, own, sender):
    for found in find_markings(given_pieces, own, sender):
        scheme = SCHEMES[found.marking.scheme]
        assert found.marking.level in scheme.levels or not scheme.levels
        assert found.marking.where in {p.where for p in given_pieces}


@settings(max_examples=200, deadline=None)
@given(pieces, owns, senders)
def test_canonical_text_reads_back_as_itself(given_pieces, own, sender):
    for found in find_markings(given_pieces, own, sender):
        assert_reads_back(found.marking)


@pytest.mark.parametrize(("scheme", "own", "row"), test_tables.rows("hit"))
def test_canonical_text_of_every_hit_reads_back(scheme, own, row):
    for found in test_tables.found_in(own, row):
        assert_reads_back(found.marking)


@pytest.mark.parametrize("marking", [(s.name, level) for s in SCHEMES.values() for level in s.levels])
def test_every_level_can_be_written_and_read(marking):
    name, level = marking
    text = SCHEMES[name].canonical(level, ())
    found = find_markings(
        [Piece("body", f"{text}\n\nText.\n")], name, Address.parse("a@state.gov") if name != "commercial" else None
    )
    assert (name, level) in [grade(f.marking) for f in found]


def assert_reads_back(marking):
    if marking.scheme == "msip":
        return  # a label's name is a name: only the header says that it is a label's
    sender = None if marking.scheme == "commercial" else Address.parse("a@state.gov")
    again = [f.marking for f in find_markings([Piece("header:x-classification", marking.text)], marking.scheme, sender)]
    assert [(m.scheme, m.level, m.controls, m.text) for m in again] == [
        (marking.scheme, marking.level, marking.controls, marking.text)
    ]


@settings(max_examples=300, deadline=None)
@given(prose, st.sampled_from(VOCABULARY[:9]), prose, owns)
@example(["marked"], "SECRET", ["said"], "uk-gscp")
def test_a_word_within_a_sentence_is_no_marking(before, word, after, own):
    sentence = f"{' '.join(before).capitalize()} {word} {' '.join(after)}."
    for where in ("body", "quoted", "attachment:1", "subject"):
        assert find_markings([Piece(where, sentence)], own) == ()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(HITS), prose, prose)
def test_prose_around_a_page_changes_no_marking(hit, before, after):
    own, text = hit[0], hit[1]
    paragraphs = f"{' '.join(before)}.\n\n{' '.join(after)}.\n"
    alone = {(f.marking.scheme, f.marking.level) for f in find_markings([Piece("body", text)], own)}
    followed = {(f.marking.scheme, f.marking.level) for f in find_markings([Piece("body", f"{text}\n{paragraphs}")], own)}
    assert followed <= alone | {("commercial", "CONFIDENTIAL")}


@settings(max_examples=200, deadline=None)
@given(pieces, owns)
def test_high_water_is_a_maximum_of_the_parts(given_pieces, own):
    found = find_markings(given_pieces, own)
    top = high_water(found)
    assert (top is None) == (not found)
    if top is not None:
        assert grade(top) in {grade(f.marking) for f in found}
        assert not any(at_most(grade(top), grade(f.marking)) and not at_most(grade(f.marking), grade(top)) for f in found)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([(n, lv) for n, s in SCHEMES.items() for lv in s.levels]), min_size=1, max_size=5))
def test_high_water_does_not_depend_on_order(grades):
    found = [f for n, lv in grades for f in find_markings([Piece("header:x-classification", SCHEMES[n].canonical(lv, ()))], n)]
    tops = {(t.scheme, t.level) for order in itertools.permutations(found) if (t := high_water(order))}
    assert len(tops) <= 1
