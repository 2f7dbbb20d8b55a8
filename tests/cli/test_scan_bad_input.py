"""Each bad input an investigation must survive, as a shell sees it: the rest is scanned, what was not is listed and counted.

With exposures found elsewhere the exit code is 11, with nothing but the bad input 4, with nothing at all 3.
"""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from tests.archive.outlook.store import Folder, pst
from tests.archive.outlook.test_pst import mail as letter

from missent.testing.planted import OWN, plant

HEAD = b"From a Mon Jul  3 09:00:00 2023\nFrom: anna@mod.example\nTo: jane@army.ml\nMessage-ID: <big@mod.example>\n\n"
GIGABYTES_2 = (2 << 30) + 4096
PEAK = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""
MOST_MEMORY_MB = 500


def broken_tables(path: Path) -> None:
    """Tables of recipients and folders overwritten in several places."""
    written = pst(Folder("root", (), (Folder("Inbox", [letter(n) for n in range(12)]),)))
    octets, dice = bytearray(written.octets), random.Random(1)
    for place, size in sorted(written.tables.values())[::3]:
        octets[place : place + size] = dice.randbytes(size)
    path.write_bytes(octets)


def sparse(path: Path) -> None:
    """One message of two gigabytes: a header, and nothing behind it but a hole."""
    with path.open("wb") as file:
        file.write(HEAD)
        file.truncate(GIGABYTES_2)


def german_log(path: Path) -> None:
    line = "mx postfix/smtp[1]: 4R1A2B3C4D: to=<jane@army.ml>, relay=mx.army.ml[203.0.113.7]:25, dsn=2.0.0, status=sent (ok)\n"
    path.write_text("".join(f"{day} {line}" for day in ("19. Juli 10:00:05", "Okt 12 10:00:05", "Jul 19 10:00:05")))


def mixed(path: Path) -> None:
    """Raw Latin-1, Shift-JIS, wrong UTF-8 and an unknown character set in one header and body."""
    path.write_bytes(
        b"From x Mon Jul  3 09:00:00 2023\nFrom: =?iso-8859-1?Q?J=FCrgen?= <j\xfcrgen@mod.example>\n"
        b"To: \x93\xfa\x96{ <a@\xe4.example>, =?nowhere?B?//4=?= <jane@army.ml>\nSubject: \xff\xfe\xc3(\n"
        b"Content-Type: text/plain; charset=no-such\nMessage-ID: <mixed@mod.example>\n\n\xff\x00\x81\n"
    )


BAD = {
    # name of the file -> who makes it, the reason it is listed with, whether its own exposure is found all the same
    "broken.pst": (broken_tables, "broken-table", True),
    "mail.log.de": (german_log, "date-not-understood", True),
    "mixed.mbox": (mixed, "", True),
    "cut.mbox.gz": (lambda path: path.write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + bytes(9)), "-gzip", False),
    "gone.mbox": (lambda path: path.symlink_to(path.parent / "nowhere"), "cannot-be-opened", False),
    "photo.mbox": (lambda path: path.write_bytes(b"\x89PNG\r\n" + bytes(range(256))), "not-a-known-type", False),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


@pytest.mark.parametrize("name", BAD)
def test_the_rest_is_scanned_and_what_was_not_is_listed(missent, folder, name):
    make, reason, found = BAD[name]
    plant(each=1, ordinary=40).write(folder)
    whole = missent("scan", "mail", "--own", OWN, "--format", "json").json
    make(folder / name)
    told = missent("scan", "mail", "--own", OWN, "--format", "json")
    assert told.code == 11
    assert told.json["exposures"] >= whole["exposures"] + (found and name != "mail.log.de")
    assert {row["reason"] for row in told.json["skipped"] if reason and row["reason"].endswith(reason)} or not reason
    assert all(name in row["source"] for row in told.json["skipped"])
    unread = told.json["unread"]
    assert told.json["bounds"]["at_most"] == told.json["exposures"] + told.json["doubtful"] + unread
    if reason and name != "mail.log.de":  # of a log's line no message is lost
        assert unread >= 1


@pytest.mark.parametrize("name", [name for name, (_, _, found) in BAD.items() if not found])
def test_alone_nothing_is_found_and_it_could_not_be_read(missent, folder, name):
    BAD[name][0](folder / name)
    told = missent("scan", "mail", "--own", OWN)
    assert told.code == 4
    assert "not read: 1 " in told.err


@pytest.mark.parametrize("what", [[], ["--format", "json"]])
def test_nothing_to_examine(missent, folder, what):
    assert missent("scan", "mail", *what).code == 3


@pytest.mark.timeout(600)  # two gigabytes of holes are read twice, and the machine may have other work
def test_two_gigabytes_in_one_message_take_bounded_memory(folder):
    """Its peak is asked of the system by a small process between: a child is counted with what its parent had at first."""
    sparse(folder / "big.mbox")
    command = [sys.executable, "-m", "missent", "scan", "big.mbox", "--own", OWN, "--engine", "local:1"]
    done = subprocess.run([sys.executable, "-c", PEAK, *command], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 11, done.stderr
    assert b"1 exposures" in done.stdout
    assert b"too-large" in done.stdout + done.stderr
    assert int(done.stderr.split()[-1]) // 1024 <= MOST_MEMORY_MB
