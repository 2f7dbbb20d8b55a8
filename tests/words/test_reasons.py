"""Whatever could not be read, and whatever a file hides, has words; the reasons stand in the docs."""

import re
from pathlib import Path

from missent.message.reasons import REASONS
from missent.words.findings import book

ROOT = Path(__file__).parent.parent.parent
OWN_ROW = {"too-many-recipients"}


def test_every_reason_has_words_and_stands_in_the_docs():
    assert set(book("en")["not-inspected"]["says"]["reason"]) | OWN_ROW == set(REASONS)
    page = (ROOT / "docs/verdict.md").read_text()
    assert [reason for reason in REASONS if f"`{reason}`" not in page] == []


def test_every_reason_a_reader_gives_is_in_the_table():
    given = set()
    for path in (ROOT / "src/missent/reading").rglob("*.py"):
        given |= set(re.findall(r'(?:Unreadable|\.skip|reason =)\(?\s*"([a-z0-9-]+)"', path.read_text()))
    assert len(given) > 10
    assert given <= set(REASONS)


def test_every_kind_of_hidden_data_has_words():
    found = set()
    for path in (ROOT / "src/missent/reading").rglob("*.py"):
        found |= set(re.findall(r'hidden\(\s*"([a-z0-9-]+)"', path.read_text()))
        found |= set(re.findall(r'Hidden\([\w.]+, "([a-z0-9-]+)"', path.read_text()))
    assert len(found) > 8
    assert found <= set(book("en")["hidden-content"]["says"]["kind"])
