"""Every check agrees with its table of hits and near misses, and has table, page and words under its id."""

import tomllib
from pathlib import Path

import pytest

from missent.checks.registry import CHECKS
from missent.words import advise, explain
from missent.words.findings import book

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs" / "checks"
TABLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.toml"))}
LOOKS = {check.id: check.look for check in CHECKS}
ELSEWHERE = {"check-failed"}  # raised by the engine; has words and a page, and no look


def rows(kind):
    return [
        pytest.param(id_, table.get("given", {}) | row, id=f"{id_}: {row['name']}")
        for id_, table in TABLES.items()
        for row in table.get(kind, ())
    ]


def found(id_, row, made):
    return [f for f in LOOKS[id_](*made.world(row)) if f.id == id_]


def shown(finding):
    return f"{finding.severity.word} {finding.suggestion or ''}".strip()


def said(finding):
    """Of a finding about the message: where, and why."""
    return (str(finding.evidence[fact]) for fact in ("where", "reason") if fact in finding.evidence)


@pytest.mark.parametrize(("id_", "row"), rows("hit"))
def test_hit(id_, row, made):
    findings = found(id_, row, made)
    if isinstance(row["expect"], dict):
        assert {f.rcpt: shown(f) for f in findings} == row["expect"]
    else:
        assert sorted(" ".join((*said(f), shown(f))) for f in findings) == sorted(row["expect"])
    assert findings
    for finding in findings:
        assert explain(finding) != id_
        assert advise(finding)
        assert "{" not in explain(finding) + advise(finding)
        assert "CANARY" not in explain(finding) + str(dict(finding.evidence))


@pytest.mark.parametrize(("id_", "row"), rows("miss"))
def test_near_miss(id_, row, made):
    assert "expect" not in row
    assert [(f.rcpt, shown(f)) for f in found(id_, row, made)] == []


@pytest.mark.parametrize("id_", sorted(LOOKS))
def test_every_check_has_a_table(id_):
    if not (HERE / f"test_{id_.replace('-', '_')}.py").exists():
        assert len(TABLES[id_]["hit"]) >= 5
        assert len(TABLES[id_]["miss"]) >= 5


@pytest.mark.parametrize("id_", sorted(LOOKS.keys() | ELSEWHERE))
def test_every_id_has_words_and_a_page(id_):
    assert book("en")[id_]["explanation"]
    assert book("en")[id_]["advice"]
    page = (DOCS / f"{id_}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# `{id_}`\n")
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == ["## Says", "## Example", "## Evidence", "## Severity", "## When it is wrong", "## Withdrawing it"]


def test_tables_and_registry_name_the_same_checks():
    assert TABLES.keys() <= LOOKS.keys()
    assert len(LOOKS) == len(CHECKS)


def test_each_check_is_the_file_of_its_id():
    for check in CHECKS:
        assert check.look.__module__ == f"missent.checks.{check.id.replace('-', '_')}"
        assert check.look.__name__ == "look"


@pytest.mark.parametrize("id_", sorted(LOOKS))
def test_a_page_names_every_fact_its_table_brings_forth(id_, made):
    page = (DOCS / f"{id_}.md").read_text(encoding="utf-8")
    for row in rows("hit"):
        if row.values[0] == id_:
            for finding in found(*row.values, made):
                assert [name for name in finding.evidence if f"`{name}`" not in page] == []
