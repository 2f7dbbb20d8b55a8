"""`missent scan imaps://…` on a real account: the answer of the same mail in files, and nothing there changes."""

import json
import os
import pty
import subprocess
import sys

import pytest

from missent.testing.planted import OWN, plant

from .conftest import client
from .dovecot import why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
USER = "investigated@mod.example"


@pytest.fixture(scope="module")
def planted():
    return plant(each=1, ordinary=40)


@pytest.fixture
def account(dovecot, planted, monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.ca))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with client(dovecot, USER) as one:
        if not one.folder_exists("filled"):
            for box, mails in planted.boxes.items():
                one.create_folder(box.replace(".", "-"))
                for _, raw in mails:
                    one.append(box.replace(".", "-"), raw.replace(b"\n", b"\r\n"))
            one.create_folder("filled")
    (tmp_path / "mail").mkdir()
    planted.write(tmp_path / "mail")
    (tmp_path / "mail" / "mail.log").unlink()  # an account has none
    return f"imaps://{USER}@localhost:{dovecot.port}"


def flags(dovecot):
    with client(dovecot, USER) as one:
        found = {}
        for _, _, name in one.list_folders():
            one.select_folder(name, readonly=True)
            uids = one.search()
            found[name] = {uid: kept[b"FLAGS"] for uid, kept in one.fetch(uids, ["FLAGS"]).items()} if uids else {}
        return found


def test_the_same_answer_as_of_files_and_nothing_is_marked(missent, account, dovecot, tmp_path, monkeypatch):
    secret = tmp_path / "secret"
    secret.write_text("canary-password\n")
    monkeypatch.setenv("MISSENT_IMAP_PASSWORD_FILE", str(secret))
    before = flags(dovecot)
    local = missent("scan", "mail", "--own", OWN, "--format", "json").json
    told = missent("scan", account, "--own", OWN, "--format", "json", "--exposures", "e.jsonl", "--report", "r.html")
    assert told.code == 11
    same = ("messages", "exposures", "bounds", "by_domain", "by_sender", "skipped")
    assert {name: told.json[name] for name in same} == {name: local[name] for name in same}
    places = [place for line in (tmp_path / "e.jsonl").read_text().splitlines() for place in json.loads(line)["where"]]
    assert all(place.startswith("/imaps:/investigated%40mod.example@localhost:") for place in places)
    assert "canary" not in told.out + told.err + (tmp_path / "r.html").read_text() + (tmp_path / "e.jsonl").read_text()
    kept = flags(dovecot)
    assert {uid for uids in kept.values() for uid in uids.values() if b"\\Seen" in uid} == set()
    assert {name: set(uids) for name, uids in kept.items()} == {name: set(uids) for name, uids in before.items()}


def test_a_password_is_asked_on_a_terminal_and_not_shown(account, tmp_path):
    """A real terminal: the command of a user, with nothing of the password in its line or environment."""
    terminal, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MISSENT_IMAP")}
    command = [sys.executable, "-m", "missent", "scan", account, "--own", OWN, "--engine", "local:1", "--format", "json"]
    pipes = {"stdin": theirs, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, env=kept, cwd=tmp_path, start_new_session=True) as one:
        try:
            asked = b""
            while b"password of the account" not in asked and (more := os.read(one.stderr.fileno(), 4096)):
                asked += more
            os.write(terminal, b"canary-password\n")  # what is typed before the question is thrown away
            out, err = one.communicate(timeout=100)
        finally:
            one.kill()
    os.close(theirs)
    os.close(terminal)
    assert one.returncode == 11, err
    assert b"password of the account" in asked
    assert b"canary" not in out + asked + err


def test_what_is_wrong_is_one_line(missent, account, monkeypatch):
    monkeypatch.setenv("MISSENT_IMAP_PASSWORD", "wrong")
    told = missent("scan", account)
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 2)
    assert "refuses the log-in" in told.err
