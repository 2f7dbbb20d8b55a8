"""The workers: confined, replaced when they die, shared by threads, gone when their pool is."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from missent.message.reading import read
from missent.nouns.verdict import Skipped
from missent.reading import wire
from missent.reading.gathering import File
from missent.reading.opener import Opener
from missent.settings import ReadingSettings

from .making import carrying, docx, paragraph

TRIED = """
import ctypes, os, socket, sys
connection = socket.socket
from missent.reading.confining import confine
libc = ctypes.CDLL(None, use_errno=True)
held = confine(memory=300_000_000, programs={programs})
def told(what, act):
    try:
        act()
        print(what, "done")
    except (OSError, MemoryError) as error:
        print(what, type(error).__name__)
print(*held)
told("network", connection)
told("raw network", lambda: libc.socket(2, 1, 0) >= 0 or (_ for _ in ()).throw(PermissionError()))
told("writing", lambda: open("/tmp/left-behind", "w"))
told("folder", lambda: os.mkdir("/tmp/left-behind"))
told("program", lambda: {programs} or os.execv("/bin/true", ["true"]))
told("signal", lambda: os.kill(os.getppid(), 0))
told("memory", lambda: bytearray(400_000_000))
told("reading", lambda: open("/etc/hostname"))
"""


def tried(programs=False):
    code = textwrap.dedent(TRIED).format(programs=programs)
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    lines = done.stdout.splitlines()
    return lines[0].split(), dict(line.rsplit(" ", 1) for line in lines[1:])


def test_a_confined_process_has_no_network_no_programs_and_writes_nothing():
    held, said = tried()
    if "calls" not in held:
        pytest.skip("this machine's calls are not in the table")
    for what in ("network", "raw network", "writing", "folder", "program", "signal"):
        assert said[what] == "PermissionError", what
    assert said["memory"] == "MemoryError"
    if "paths" in held:
        assert said["reading"] == "PermissionError"


def test_with_programs_network_and_writing_stay_refused():
    held, said = tried(programs=True)
    if "calls" not in held:
        pytest.skip("this machine's calls are not in the table")
    assert said["network"] == said["writing"] == said["signal"] == "PermissionError"


def document(text):
    return carrying(("plan.docx", docx(paragraph(text))))


RAW = document("x")


def text_of(opener, raw):
    return "".join(p.text for p in opener.open(raw, read(raw)).pieces if p.where == "attachment:1.2").strip()


def test_mail_without_files_starts_no_worker():
    with Opener() as opener:
        for raw in (carrying(), b"Content-Type: text/html\n\n<p>x<img src='data:image/gif;base64,R0lGODlhAQABAA=='>"):
            opener.open(raw, read(raw))
        assert opener.pool.started == 0


def test_one_worker_serves_many_messages_and_says_what_holds():
    with Opener() as opener:
        assert [text_of(opener, document(f"text {n}")) for n in range(5)] == [f"text {n}" for n in range(5)]
        assert opener.pool.started == 1
        assert "memory" in opener.pool.holds()


def test_a_worker_killed_between_messages_costs_nothing():
    with Opener() as opener:
        text_of(opener, document("one"))
        os.kill(opener.pool.pids()[0], signal.SIGKILL)
        time.sleep(0.1)
        assert text_of(opener, document("two")) == "two"
        assert opener.pool.started == 2


def test_a_worker_killed_at_work_costs_one_finding():
    raw = document("one")
    with Opener() as opener:
        text_of(opener, raw)
        pid = opener.pool.pids()[0]
        os.kill(pid, signal.SIGSTOP)
        threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
        found = opener.open(raw, read(raw))
        assert found.skipped == (Skipped("1.2", "reader-crashed"),)
        assert [(a.path, a.name) for a in found.attachments] == [("1.2", "plan.docx")]
        assert text_of(opener, raw) == "one"


def test_a_worker_that_does_not_answer_is_ended_in_time():
    raw = document("one")
    with Opener(ReadingSettings(seconds=6)) as opener:
        text_of(opener, raw)
        os.kill(opener.pool.pids()[0], signal.SIGSTOP)
        started = time.monotonic()
        assert opener.open(raw, read(raw)).skipped == (Skipped("1.2", "reader-too-slow"),)
        assert time.monotonic() - started < 20
        assert opener.pool.pids() == []


def test_threads_share_the_workers():
    got = {}
    with Opener(ReadingSettings(workers=2, seconds=60)) as opener:
        threads = [
            threading.Thread(target=lambda n=n: got.update({n: text_of(opener, document(f"text {n}"))})) for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == {n: f"text {n}" for n in range(8)}
        assert opener.pool.started <= 2


def test_when_all_are_busy_the_file_is_said_to_be_unread():
    with Opener(ReadingSettings(workers=1, seconds=0.3)) as opener:
        busy = opener.pool.take(time.monotonic() + 5)
        found = opener.open(RAW, read(RAW))
        opener.pool.give(busy)
    assert found.skipped == (Skipped("1.2", "reader-too-slow"),)


def test_no_workers_no_files():
    with Opener(ReadingSettings(workers=0)) as opener:
        found = opener.open(RAW, read(RAW))
    assert found.skipped == (Skipped("1.2", "not-opened"),)
    assert [p.text for p in found.pieces if p.where == "attachment:1.2/name"] == ["plan.docx"]


def test_a_message_that_must_not_wait_is_given_back():
    with Opener() as opener:
        assert opener.open_here(RAW, read(RAW)) is None
        assert opener.open_here(carrying(), read(carrying())).pieces
        assert opener.pool.started == 0


def test_closing_ends_the_workers():
    opener = Opener()
    text_of(opener, document("x"))
    (pid,) = opener.pool.pids()
    opener.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


FILE = File("1.2", "x", b"")
GOOD = {"pieces": [], "attachments": [], "hidden": [], "skipped": []}


@pytest.mark.parametrize(
    "lie",
    [
        {"pieces": [["subject", "x"]]},
        {"pieces": [["attachment:1.20", "x"]]},
        {"pieces": [["attachment:1.2", 7]]},
        {"pieces": "abc"},
        {"hidden": [["attachment:1.2", "<b>", 0, 1]]},
        {"skipped": [["1.3", "damaged"]]},
        {"skipped": [["1.2", "No Such Reason"]]},
        {"attachments": [{"path": "1.3"}]},
        {"attachments": [[]]},
    ],
)
def test_an_answer_about_something_else_is_refused(lie):
    assert wire.opened_of(GOOD, FILE).pieces == ()
    with pytest.raises(wire.Garbled):
        wire.opened_of(GOOD | lie, FILE)


@pytest.mark.timed
def test_a_worker_starts_quickly():
    started = time.perf_counter()
    with Opener() as opener:
        assert text_of(opener, document("x")) == "x"
    assert time.perf_counter() - started < 10  # 0.3 on a machine of its own


def test_a_default_timeout_that_a_library_has_set_does_not_end_a_worker():
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(12.0)
    try:
        with Opener() as opener:
            raw = carrying(("report.docx", docx(paragraph("read me"))))
            for _ in range(2):
                found = opener.open(raw, read(raw))
                assert "read me" in [piece.text.strip() for piece in found.pieces]
                assert found.skipped == ()
                time.sleep(0.3)  # it waits for its next file meanwhile
            assert opener.pool.started == 1
    finally:
        socket.setdefaulttimeout(before)


def test_what_the_parent_holds_in_memory_wears_no_worker_out():
    ballast = bytearray(os.urandom(1) * (400 << 20))
    with Opener() as opener:
        for number in range(3):
            assert text_of(opener, document(f"text {number}")) == f"text {number}"
        assert opener.pool.started == 1
    assert len(ballast) == 400 << 20
