"""Registered papers found whole, in part, quoted and edited; others are not."""

import pytest
from tests.content.fingerprints.test_fingerprints import CHANGES, prose

from missent.content.detectors.registered_document import Registered
from missent.content.fingerprints import fingerprints
from missent.content.pieces import Piece
from missent.nouns.finding import Severity
from missent.words import explain

KEY = b"k" * 32
PAPERS = {f"doc-{seed}": prose(seed) for seed in range(40)}
REGISTERED = Registered({id_: fingerprints(text, KEY) for id_, text in PAPERS.items()})


def found(text, where="body"):
    return REGISTERED.look([Piece(where, text)], KEY)


@pytest.mark.parametrize("name", CHANGES)
def test_a_paper_is_found_by_its_id_and_no_other_is(name):
    change, least = CHANGES[name]
    for id_, text in PAPERS.items():
        (finding,) = found(change(text), "attachment:2")
        assert (finding.id, finding.evidence["document"], finding.severity) == ("registered-document", id_, Severity.HIGH)
        assert finding.evidence["share"] >= 100 * least
        assert (finding.evidence["where"], finding.evidence["category"]) == ("attachment:2", "document")


def test_a_part_of_it_is_found_as_its_share():
    text = PAPERS["doc-3"].split()
    (half,) = found(" ".join(text[:310]))
    (tenth,) = found(" ".join(text[100:200]))
    assert (half.severity, tenth.severity) == (Severity.HIGH, Severity.MEDIUM)
    assert 40 <= half.evidence["share"] <= 60
    assert 10 <= tenth.evidence["share"] <= 25


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a short mail",
        prose(1, 600).upper()[:60],
        *(prose(seed) for seed in range(100, 140)),
        " ".join(PAPERS["doc-3"].split()[:12]),
    ],
)
def test_near_miss(text):
    assert not found(text)


def test_two_papers_in_one_mail_are_both_told():
    both = found(PAPERS["doc-1"] + "\n\n" + PAPERS["doc-2"])
    assert {f.evidence["document"] for f in both} == {"doc-1", "doc-2"}


def test_another_key_finds_nothing():
    assert not REGISTERED.look([Piece("body", PAPERS["doc-1"])], b"another")


def test_what_is_said_names_the_document_and_its_share():
    (finding,) = found(PAPERS["doc-7"])
    assert explain(finding) == "100% of the registered document `doc-7` stands in the text."


def test_nothing_registered_finds_nothing():
    assert Registered({}).look([Piece("body", PAPERS["doc-1"])], KEY) == ()
    assert Registered({"x": ()}).look([Piece("body", PAPERS["doc-1"])], KEY) == ()
