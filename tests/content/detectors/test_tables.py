"""Each detector against its table: found with the severity it says, near misses not found, wherever in a mail it stands."""

import time
import tomllib
from pathlib import Path

import pytest

from missent.content.detectors.look import look
from missent.content.detectors.registry import DETECTORS
from missent.content.pieces import Piece
from missent.words import explain

HERE = Path(__file__).parent
TABLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.toml"))}
HITS = [
    (id_, word, text) for id_, table in TABLES.items() for word in ("high", "medium", "low") for text in table.get(word, ())
]
MISSES = [(id_, text) for id_, table in TABLES.items() for text in table["miss"]]


def found(id_, text):
    return [f for f in look([Piece("body", text)]) if f.id == id_]


def test_every_detector_has_its_table():
    assert {d.id for d in DETECTORS} == TABLES.keys()
    assert all(sum(len(table.get(word, ())) for word in ("high", "medium", "low")) >= 5 for table in TABLES.values())
    assert all(len(table["miss"]) >= 5 for table in TABLES.values())


@pytest.mark.parametrize(("id_", "word", "text"), HITS)
def test_hit(id_, word, text):
    findings = found(id_, text)
    assert findings
    assert findings[0].severity.word == word
    assert found(id_, f"Hello,\n\n{text}\n\nRegards")[0].severity.word == word


@pytest.mark.parametrize(("id_", "text"), MISSES)
def test_near_miss(id_, text):
    assert not found(id_, text)


@pytest.mark.parametrize(("id_", "word", "text"), HITS)
def test_what_is_said_of_it_holds_none_of_the_text(id_, word, text):
    for finding in found(id_, text):
        said = explain(finding)
        assert said != id_
        numbers = {part for part in text.split() if sum(c.isdigit() for c in part) >= 5}
        assert not any(number in said or number in str(dict(finding.evidence)) for number in numbers)


@pytest.mark.timed
@pytest.mark.parametrize("id_", sorted(TABLES))
def test_its_own_texts_over_and_over_take_linear_time(id_):
    """Ten thousand of whatever a detector looks for, which is where a detector that compares all with all would show."""
    texts = [text for word in ("high", "medium", "low", "miss") for text in TABLES[id_].get(word, ())]
    whole = "\n".join(texts) + "\n"
    hostile = whole * (400_000 // len(whole) + 1)
    begin = time.process_time()
    look([Piece("body", hostile)])
    assert time.process_time() - begin < 20


@pytest.mark.timed
def test_ten_thousand_sort_codes_and_accounts_take_linear_time():
    begin = time.process_time()
    look([Piece("body", "sort code 20-00-00 " * 20_000 + "account 55779911 " * 20_000)])
    look([Piece("body", "routing 121000358 " * 20_000 + "account 123456789 " * 20_000)])
    assert time.process_time() - begin < 20
