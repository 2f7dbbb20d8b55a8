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
    assert run(["register", "partner", "Army.MIL.", "--name", "US Army"]) == 0
    assert run(["register", "domain", "Army.mil", "--ceiling", "UK-gscp=official sensitive", "--country", "usa"]) == 0
    assert run(["register", "restrict", ".ml", "--action", "block", "--reason", "country not served"]) == 0
    assert run(["register", *EXCEPTION]) == 0
    capsys.readouterr()
    assert run(["register", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "partner   army.mil  US Army",
        "may get   army.mil  up to OFFICIAL-SENSITIVE (uk-gscp), read in US",
        "block     .ml  country not served",
        f"except    jane@b.ml  restricted-tld until {SOON}, J. Roe: embassy",
    ]
    assert run(["register", "remove", "partner", "army.mil"]) == 0
    assert run(["register", "remove", "domain", "army.mil"]) == 0
    assert run(["register", "remove", "restriction", "ml"]) == 0
    assert run(["register", "remove", "exception", "jane@b.ml", "--finding", "restricted-tld"]) == 0
    capsys.readouterr()
    assert run(["register", "list"]) == 0
    assert capsys.readouterr() == ("", "the register is empty\n")


def test_the_register_in_json(capsys):
    run(["register", "partner", "army.mil", "--discreet"])
    levels = ["--ceiling", "us-eo13526=SECRET", "--ceiling", "nato=nato secret"]
    whose = ["--country", "US", "--country", "nato", "--channel", "tls", "--group", "exercise"]
    run(["register", "domain", "Jane@army.mil", *levels, *whose])
    run(["register", *EXCEPTION])
    capsys.readouterr()
    assert run(["register", "list", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["partners"] == [{"domain": "army.mil", "name": "", "discreet": True}]
    assert told["clearances"] == [
        {
            "target": "jane@army.mil",
            "ceilings": {"nato": "NATO SECRET", "us-eo13526": "SECRET"},
            "countries": ["NATO", "US"],
            "channel": "tls",
            "groups": ["exercise"],
        }
    ]
    assert told["exceptions"][0]["until"] == SOON


@pytest.mark.parametrize(
    "arguments",
    [
        ("partner", "a@b.example"),
        ("domain", "army.mil"),
        ("domain", "army.mil", "--ceiling", "OFFICIAL"),
        ("domain", "army.mil", "--ceiling", "uk-gcsp=OFFICIAL"),
        ("domain", "army.mil", "--ceiling", "uk-gscp=OFICIAL"),
        ("domain", "army.mil", "--ceiling", "nato=NATO SECRET", "--ceiling", "nato=NATO RESTRICTED"),
        ("domain", "army.mil", "--country", "GBT"),
        ("domain", "army mil", "--country", "GB"),
        ("domain", "army.mil", "--channel", "pigeon"),
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


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--ceiling", "uk-gcsp=OFFICIAL"), "the nearest known is uk-gscp"),
        (("--ceiling", "uk-gscp=OFICIAL"), "the nearest known is OFFICIAL"),
        (("--country", "Germny"), "the nearest known is GERMANY"),
    ],
)
def test_what_is_not_known_is_told_with_what_is_nearest(arguments, hint, capsys):
    assert run(["register", "domain", "army.mil", *arguments]) == 2
    assert hint in capsys.readouterr().err


def test_what_a_person_may_receive_is_completed_by_the_domain(capsys):
    run(["register", "domain", "mil", "--country", "US"])
    run(["register", "domain", "army.mil", "--ceiling", "us-eo13526=CONFIDENTIAL", "--channel", "tls-assured"])
    run(["register", "domain", "jane@army.mil", "--ceiling", "us-eo13526=SECRET"])
    capsys.readouterr()
    assert run(["register", "show", "jane@army.mil"]) == 0
    assert capsys.readouterr().out == "jane@army.mil  up to SECRET (us-eo13526), read in US, by TLS, assured\n"
    assert run(["register", "show", "navy.mil"]) == 0
    assert capsys.readouterr().out == "navy.mil  read in US\n"
    assert run(["register", "show", "army.example"]) == 3
    assert "nothing is registered for army.example" in capsys.readouterr().err
