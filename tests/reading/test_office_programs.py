"""The same three documents as LibreOffice writes them in old and open formats: in each the same is read and counted."""

import gzip
from pathlib import Path

import pytest

from .making import carrying

MADE = Path(__file__).parent / "made"


def looked(opened, name):
    """Text, hidden data by kind, people, what was not read."""
    data = (MADE / name).read_bytes()
    name, data = (name[:-3], gzip.decompress(data)) if name.endswith(".gz") else (name, data)
    found = opened(carrying((name, data)))
    text = "\n".join(p.text for p in found.pieces if p.where == "attachment:1.2")
    return text, {h.kind: (h.shown, h.held) for h in found.hidden}, found.attachments[0].people, found.skipped


@pytest.mark.parametrize("name", ["letter.doc", "letter.odt", "letter.rtf"])
def test_a_letter_with_tracked_changes_hidden_text_and_a_comment(opened, name):
    text, hidden, people, skipped = looked(opened, name)
    assert all(said in text for said in ("OFFICIAL-SENSITIVE", "price 9", "price 8", "for us only", "too cheap", "Anna Clarka"))
    assert hidden == {"tracked-changes": (0, 2), "hidden-text": (0, 1), "comments": (0, 1)}
    assert (people, skipped) == (25, ())


@pytest.mark.parametrize("name", ["sheet.xls", "sheet.ods"])
def test_a_workbook_with_filter_hidden_column_and_hidden_sheet(opened, name):
    text, hidden, people, skipped = looked(opened, name)
    assert "Anna Clarkz" in text
    assert hidden == {
        "filtered-rows": (11, 31),
        "hidden-columns": (2, 3),
        "hidden-sheet": (11, 16) if name.endswith("ods") else (31, 36),
        "comments": (0, 1),
    }
    assert (people, skipped) == (30, ())


@pytest.mark.parametrize("name", ["talk.ppt.gz", "talk.odp"])
def test_a_talk_with_a_hidden_slide_and_a_note(opened, name):
    text, hidden, _, skipped = looked(opened, name)
    assert all(said in text for said in ("shown", "kept back", "do not say this"))
    assert hidden == {"hidden-slides": (1, 2), "notes": (0, 1)}
    assert skipped == ()
