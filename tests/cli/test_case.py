"""`missent case` as a shell sees it: from a scan's exposures to a bundle that verifies elsewhere."""

import json
import shutil
import zipfile

import pytest

from missent.testing.planted import OWN, plant


@pytest.fixture
def found(missent, tmp_path, monkeypatch):
    """A site with a scan's exposures in `e.jsonl`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "missent.toml").write_text(f'own_domains = ["{OWN}"]\n')
    plant(each=1, ordinary=60).write(tmp_path / "mail")
    assert missent("scan", str(tmp_path / "mail"), "--exposures", "e.jsonl").code == 11
    return tmp_path / "e.jsonl"


@pytest.fixture
def case(missent, found):
    return missent("case", "open", str(found), "--title", "Mail to Mali", "--owner", "DPO").out.strip()


def test_from_open_to_closed(missent, case, found):
    assert missent("case", "list").out.startswith(f"{case}  found")
    assert missent("case", "close", case, "--reason", "too early").code == 1
    assert missent("case", "note", case, "Names and travel", "--step", "assess", "--affected", "12").code == 0
    told = missent("case", "contain", case, "--reason", "ask them", "--rcpt", "*.ml")
    assert "letters wait" in told.err
    assert missent("case", "note", case, "Told the authority", "--step", "notify").code == 0
    assert missent("case", "close", case, "--reason", "answered").code == 0
    shown = missent("case", "show", case, "--format", "json").json
    assert (shown["state"], shown["affected"]) == ("closed", 12)
    assert shown["exposures"] == len(found.read_text().splitlines())
    assert "to spare" in shown["clock"]["says"]
    refused = {e["exposure"]["rcpt"] for e in shown["entries"] if e["exposure"]["accepted"] == "no"}
    assert refused
    assert refused.isdisjoint(letter["rcpt"] for letter in shown["letters"])


def test_adding_twice_adds_nothing(missent, case, found):
    assert missent("case", "add", case, str(found)).code == 3


def test_a_bundle_verifies_on_another_machine(missent, case, tmp_path, monkeypatch):
    assert missent("case", "export", case, "bundle.zip").code in (0, 4)
    names = zipfile.ZipFile(tmp_path / "bundle.zip").namelist()
    assert sum(name.startswith("messages/") for name in names) > 5
    assert any(name.startswith("logs/") for name in names)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(tmp_path / "bundle.zip", elsewhere)
    key = tmp_path / "missent.key"
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("XDG_DATA_HOME", str(elsewhere / "data"))
    told = missent("audit", "verify", "bundle.zip")
    assert told.code == 0
    assert "whoever made it up anew" in told.err
    assert missent("audit", "verify", "bundle.zip", "--key", str(key)).code == 0
    assert not (elsewhere / "missent.db").exists()


def test_a_bundle_that_was_touched_does_not(missent, case, tmp_path):
    missent("case", "export", case, "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as old, zipfile.ZipFile(tmp_path / "touched.zip", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"army.ml", b"army.xx") if name == "exposures.jsonl" else content)
    told = missent("audit", "verify", "touched.zip")
    assert told.code == 1
    assert "exposures.jsonl: was changed" in told.out


def test_originals_that_are_gone_are_said(missent, case, tmp_path):
    shutil.rmtree(tmp_path / "mail")
    told = missent("case", "export", case, "bundle.zip")
    assert told.code == 4
    assert "its original is gone" in told.err
    assert json.loads(zipfile.ZipFile(tmp_path / "bundle.zip").read("manifest.json"))["missing"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["open", "--title", "x", "--aware", "yesterday"], 2, "expected a time"),
        (["show", "nowhere"], 1, "there is no case nowhere"),
        (["open", "missent.toml", "--title", "x"], 2, "expected lines of missent.exposure/1"),
    ],
)
def test_errors_are_one_line(missent, found, arguments, code, says):
    told = missent("case", *arguments)
    assert told.code == code
    assert says in told.err


def test_no_bundle(missent, found):
    assert missent("audit", "verify", "e.jsonl").code == 2
