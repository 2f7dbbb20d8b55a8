import json
from datetime import UTC, datetime, timedelta

import pytest

from missent.cli import run

SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
EXCEPTION = ("except", "restricted-tld", "Jane@b.ML", "--owner", "J. Roe", "--reason", "embassy", "--until", SOON)


@pytest.fixture(autouse=True)
def site(tmp_path, monkeypatch):
    (tmp_path / "missent.toml").write_text("")
    monkeypatch.chdir(tmp_path)


def test_the_register_is_filled_listed_and_emptied(capsys):
    assert run(["register", "partner", "Army.MIL.", "--name", "US Army", "--ceiling", "uk-gscp=OFFICIAL"]) == 0
    assert run(["register", "restrict", ".ml", "--action", "block", "--reason", "country not served"]) == 0
    assert run(["register", *EXCEPTION]) == 0
    capsys.readouterr()
    assert run(["register", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "partner   army.mil  US Army, up to OFFICIAL (uk-gscp)",
        "block     .ml  country not served",
        f"except    jane@b.ml  restricted-tld until {SOON}, J. Roe: embassy",
    ]
    assert run(["register", "remove", "partner", "army.mil"]) == 0
    assert run(["register", "remove", "restriction", "ml"]) == 0
    assert run(["register", "remove", "exception", "jane@b.ml", "--finding", "restricted-tld"]) == 0
    capsys.readouterr()
    assert run(["register", "list"]) == 0
    assert capsys.readouterr() == ("", "the register is empty\n")


def test_the_register_in_json(capsys):
    run(["register", "partner", "army.mil", "--discreet"])
    run(["register", *EXCEPTION])
    capsys.readouterr()
    assert run(["register", "list", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["partners"] == [{"domain": "army.mil", "name": "", "ceilings": {}, "discreet": True}]
    assert told["exceptions"][0]["until"] == SOON


@pytest.mark.parametrize(
    "arguments",
    [
        ("partner", "a@b.example"),
        ("partner", "army.mil", "--ceiling", "OFFICIAL"),
        ("restrict", "ml", "--action", "deliver", "--reason", "x"),
        ("restrict", "ml", "--action", "block", "--reason", " "),
        ("restrict", "ml", "--action", "block"),
        ("except", "no-such-finding", *EXCEPTION[2:]),
        EXCEPTION[:-2],
        (*EXCEPTION[:-1], "2020-01-01"),
        ("remove", "exception", "a@b.ml"),
        ("remove", "partner", "army.mil", "--finding", "restricted-tld"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line(arguments, capsys):
    assert run(["register", *arguments]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_removing_what_is_not_there(capsys):
    assert run(["register", "remove", "partner", "army.mil"]) == 3
    assert "there is no partner army.mil" in capsys.readouterr().err
