"""Documents registered and own patterns named: what `missent check` then says of a message that holds them."""

import json
import sqlite3
import textwrap
from contextlib import closing

import pytest
from tests.content.fingerprints.test_fingerprints import prose

from missent.cli import run

PLAN = prose(5)


@pytest.fixture(autouse=True)
def site(tmp_path, monkeypatch):
    (tmp_path / "missent.toml").write_text('own_domains = ["mod.example"]\n')
    (tmp_path / "plan.txt").write_text(PLAN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def mail(body):
    return f"From: a@mod.example\nTo: b@army.mil\nSubject: plans\n\n{body}\n"


def found(capsys, site, body):
    (site / "mail.eml").write_text(mail(body))
    capsys.readouterr()
    run(["check", "mail.eml", "--format", "json"])
    verdict = json.loads(capsys.readouterr().out)
    told = [*verdict["findings"], *(f for r in verdict["recipients"] for f in r["findings"])]
    return json.dumps(told)


def registered(capsys):
    capsys.readouterr()
    assert run(["register", "document", "plan.txt", "--name", "Plan of May"]) == 0
    return capsys.readouterr().out.split()[0]


def test_a_registered_document_quoted_in_a_message_is_found_until_it_is_removed(capsys, site):
    quoted = "\n".join("> " + line for line in textwrap.wrap(PLAN, 60))
    assert "registered-document" not in found(capsys, site, quoted)
    id_ = registered(capsys)
    assert registered(capsys) == id_
    assert run(["register", "list"]) == 0
    assert capsys.readouterr().out == f"document  {id_}  Plan of May\n"
    told = found(capsys, site, quoted)
    assert "registered-document" in told
    assert id_ in told
    assert "Plan of May" not in told
    assert run(["register", "remove", "document", id_]) == 0
    assert "registered-document" not in found(capsys, site, quoted)
    assert run(["register", "remove", "document", id_]) == 3


def test_the_store_keeps_no_word_of_it(capsys, site):
    registered(capsys)
    words = {word.strip(".,") for word in PLAN.split() if len(word) > 7}
    with closing(sqlite3.connect(site / "missent.db")) as beside:
        (stored,) = beside.execute("SELECT fingerprints FROM registered_document").fetchone()
    assert not any(word.encode() in stored for word in words)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("absent.txt", None, "cannot be read"),
        ("short.txt", b"Meet at noon.", "too short"),
        ("empty.txt", b"", "too short"),
        ("noise.bin", bytes(range(256)) * 20, "could not be read whole"),
    ],
)
def test_what_cannot_be_registered_is_an_error_of_one_line(capsys, site, name, content, said):
    if content is not None:
        (site / name).write_bytes(content)
    assert run(["register", "document", name]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_own_patterns_are_found_and_a_bad_file_is_an_error_at_start(capsys, site):
    pytest.importorskip("hyperscan", reason="hyperscan is not installed")
    (site / "missent.toml").write_text('own_domains = ["mod.example"]\npatterns = "own.toml"\n')
    (site / "own.toml").write_text('[[pattern]]\nname = "project-names"\nwords = ["Nightjar"]\nseverity = "high"\n')
    told = found(capsys, site, "About Nightjar: we meet at noon.")
    assert "own-pattern" in told
    assert "project-names" in told
    (site / "own.toml").write_text('\n[[pattern]]\nname = "x"\nexpression = "(?=a)b"\n')
    assert run(["check", "mail.eml"]) == 2
    assert "own.toml:2: key `expression` cannot be matched" in capsys.readouterr().err
    (site / "own.toml").unlink()
    assert run(["check", "mail.eml"]) == 2
    assert "own.toml: cannot be read" in capsys.readouterr().err
