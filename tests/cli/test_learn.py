import json

import pytest

from missent.cli import run

MESSAGE = """From: ann@mod.example
To: Jane Doe <jane.doe@army.mil>
Date: Mon, 03 Jul 2023 09:00:00 +0000
Message-ID: <m@mod.example>

Text.
"""


@pytest.fixture(autouse=True)
def site(tmp_path, monkeypatch):
    (tmp_path / "missent.toml").write_text('own_domains = ["mod.example"]\n')
    (tmp_path / "past").mkdir()
    (tmp_path / "past" / "a.eml").write_text(MESSAGE)
    monkeypatch.chdir(tmp_path)


def test_learning_says_what_it_read_and_knows(capsys):
    assert run(["learn", "past"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 messages read, 1 new; 0 of 1 files as before",
        "known now: 1 mails, 2 people, 1 pairs, 2 domains, 0 of them established",
    ]
    assert run(["learn", "past"]) == 0
    assert capsys.readouterr().out.startswith("0 messages read, 0 new; 1 of 1 files as before")


def test_learning_in_json(capsys, tmp_path):
    (tmp_path / "past" / "b.bin").write_bytes(b"\0\1\2" * 99)
    assert run(["learn", "past", "--format", "json"]) == 4
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["messages"], told["new"], told["not_read"]) == ("missent.learn/1", 1, 1, 1)
    assert told["known"]["people"] == 2
    assert [s["where"].endswith("b.bin") for s in told["skipped"]] == [True]


def test_an_empty_folder_is_nothing_to_examine(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert run(["learn", "empty"]) == 3


@pytest.mark.parametrize("arguments", [[], ["gone.mbox"], ["past", "--forget", "a@b.example"], ["--forget", "nobody"]])
def test_wrong_usage(arguments, capsys):
    assert run(["learn", *arguments]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_forgetting(capsys):
    run(["learn", "past"])
    capsys.readouterr()
    assert run(["learn", "--forget", "Jane.Doe@army.mil"]) == 0
    assert "rows removed" in capsys.readouterr().out
    assert run(["learn", "--forget", "jane.doe@army.mil", "--format", "json"]) == 3
    assert json.loads(capsys.readouterr().out) == {"schema": "missent.forget/1", "rows": 0}


def test_without_own_domains_it_says_that_nothing_becomes_established(tmp_path, capsys):
    (tmp_path / "missent.toml").write_text("")
    assert run(["learn", "past"]) == 0
    assert "no own domains" in capsys.readouterr().err
    assert run(["learn", "past", "--own", "mod.example"]) == 0
    assert "no own domains" not in capsys.readouterr().err
