"""Every scheme's table of hits and near misses, read as a message would be."""

import tomllib
from pathlib import Path

import pytest

from missent.content.markings.find import find_markings
from missent.content.markings.high_water import high_water
from missent.content.markings.schemes import SCHEMES
from missent.content.pieces import Piece
from missent.nouns.address import Address

TABLES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((Path(__file__).parent / "data").glob("*.toml"))}

GOVERNMENTS = ("uk-gscp", "uk-gpms", "us-eo13526", "us-cui", "nato", "au-pspf")


def rows(kind):
    return [
        pytest.param(name, table["own"], row, id=f"{name}-{n}")
        for name, table in TABLES.items()
        for n, row in enumerate(table[kind])
    ]


def found_in(own, row):
    sender = Address.parse(row["sender"]) if "sender" in row else None
    return find_markings([Piece(row["where"], row["text"])], row.get("own", own), sender)


def test_every_scheme_has_a_table():
    assert TABLES.keys() == SCHEMES.keys()
    assert all(len(table[kind]) >= 5 for table in TABLES.values() for kind in ("hit", "miss"))


@pytest.mark.parametrize(("scheme", "own", "row"), rows("hit"))
def test_hit(scheme, own, row):
    found = found_in(own, row)
    top = high_water(f for f in found if f.marking.scheme == scheme)
    assert top is not None, found
    assert top.level == row["level"]
    if "controls" in row:
        assert list(top.controls) == row["controls"]
    assert top.where == row["where"]


@pytest.mark.parametrize(("scheme", "own", "row"), rows("hit"))
def test_hit_is_the_message_high_water_mark(scheme, own, row):
    top = high_water(found_in(own, row))
    assert top is not None
    assert (top.scheme, top.level) == (scheme, row["level"])


@pytest.mark.parametrize(("scheme", "own", "row"), rows("miss"))
def test_near_miss(scheme, own, row):
    found = found_in(own, row)
    assert [f for f in found if f.marking.scheme in (scheme, *GOVERNMENTS)] == []


def said(own, row):
    return {(f.marking.scheme, f.marking.text) for f in found_in(own, row)}


@pytest.mark.parametrize(("scheme", "own", "row"), rows("hit") + rows("miss"))
def test_line_ends_do_not_matter(scheme, own, row):
    assert said(own, {**row, "text": row["text"].replace("\n", "\r\n")}) == said(own, row)


@pytest.mark.parametrize(("scheme", "own", "row"), [r for r in rows("hit") + rows("miss") if r.values[2]["where"] == "body"])
def test_quoted_text_says_the_same(scheme, own, row):
    quoted = "".join(f"> {line}\n" for line in row["text"].splitlines())
    assert said(own, {**row, "where": "quoted", "text": quoted}) == said(own, row)
