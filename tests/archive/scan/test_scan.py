"""Planted truth: everything planted is found, near misses are silent, and the answer does not depend on how it was reached."""

import gzip
import os
import shutil
import signal
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from missent.archive.scan import candidates, marks, plan
from missent.archive.scan.cluster import Cluster
from missent.archive.scan.exposure import as_dict, from_dict
from missent.archive.scan.pool import Pool
from missent.archive.scan.questions import Questions
from missent.archive.scan.state import State
from missent.archive.scan.summary import as_dict as summary_dict
from missent.nouns.action import Action
from missent.recipients.register import Register, Restriction
from missent.testing.planted import OWN, plant


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    archive, folder = plant(each=4), tmp_path_factory.mktemp("planted")
    archive.write(folder)
    return archive, folder


def by_key(exposures):
    return {(e.message_id.strip("<>"), e.rcpt): e for e in exposures}


def test_every_planted_exposure_is_found_and_nothing_else(scan, planted):
    archive, folder = planted
    told, exposures = scan(folder)
    found = by_key(exposures)
    truth = {(p.message_id, p.rcpt): p for p in archive.planted}
    assert Counter(truth[key].kind for key in truth.keys() - found.keys()) == {}
    assert [e.rcpt for key, e in found.items() if key not in truth] == []
    assert {key: e.meant for key, e in found.items()} == {key: p.meant for key, p in truth.items()}
    assert all(p.after in [a.kind for a in found[key].aftermath] for key, p in truth.items() if p.after)
    linked = Counter(a.kind for e in found.values() for a in e.aftermath)
    assert linked == {"bounce": 4, "wrong-address": 4, "delete-request": 4, "recall": 4, "sent-again": 4}
    assert {key: found[key].accepted for key, p in truth.items() if p.accepted} == {
        k: p.accepted for k, p in truth.items() if p.accepted
    }
    assert all(found[key].answered for key, p in truth.items() if p.kind == "answered")
    assert not any(e.domain in archive.silent for e in exposures)
    assert told.exposures == len(truth)
    assert (told.at_least <= told.exposures <= told.at_most, told.unread) == (True, 0)


def test_copies_are_one_message_with_every_place(scan, planted):
    _archive, folder = planted
    told, exposures = scan(folder)
    assert told.copies > told.messages
    twice = [e for e in exposures if e.rcpt.startswith(("noid", "blind"))]
    assert len(twice) == 8
    assert all(len(e.where) == 2 for e in twice)


def lines(exposures):
    return [as_dict(e) for e in exposures]


@pytest.mark.parametrize("engine", [Pool(2), Pool(3), Cluster(workers=2)])
def test_the_answer_does_not_depend_on_shards_and_processes(scan, planted, engine, monkeypatch):
    monkeypatch.setattr(candidates, "BATCH", 10)
    _, folder = planted
    one = scan(folder, folder="one")
    many = scan(folder, folder="many", engine=engine, shard=20_000)
    assert sorted(map(str, lines(one[1]))) == sorted(map(str, lines(many[1])))
    assert summary_dict(one[0]) | {"elapsed_s": 0} == summary_dict(many[0]) | {"elapsed_s": 0}


def test_exposures_are_read_back_as_written(scan, planted):
    exposures = scan(planted[1])[1]
    assert [from_dict(as_dict(e)) for e in exposures] == exposures


def test_a_second_question_reads_nothing_again(scan, planted, tmp_path):
    folder = tmp_path / "mail"
    shutil.copytree(planted[1], folder)
    before = scan(folder)[0]
    asked = scan(folder, questions=Questions(domains=("*.ml",)))
    assert {e.domain for e in asked[1]} == {"army.ml", "navy.ml"}
    assert asked[0].messages == before.messages
    again = scan(folder)
    assert again[0].exposures == before.exposures


QUESTIONS = {
    "domain": (Questions(domains=("harbourworks.com",)), lambda e: e.domain == "harbourworks.com" and e.findings == ("asked",)),
    "rcpt": (Questions(rcpts=("moreau@army.mil",)), lambda e: e.rcpt == "moreau@army.mil"),
    "from": (Questions(senders=(f"anna.clark@{OWN}",)), lambda e: e.sender == f"anna.clark@{OWN}"),
    "from-domain": (Questions(senders=(OWN,)), lambda e: e.own),
    "since": (Questions(since=datetime(2023, 3, 20, tzinfo=UTC)), lambda e: e.at >= datetime(2023, 3, 20, tzinfo=UTC)),
    "until": (Questions(until=datetime(2023, 1, 20, tzinfo=UTC)), lambda e: e.at < datetime(2023, 1, 20, tzinfo=UTC)),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions(scan, planted, name):
    questions, fits = QUESTIONS[name]
    exposures = scan(planted[1], questions=questions)[1]
    assert exposures
    assert all(map(fits, exposures))


def test_restricted_suffixes_are_exposures_however_well_known(scan, planted):
    register = Register(restrictions=(Restriction("org", Action.HOLD, "test"),))
    exposures = scan(planted[1], register=register)[1]
    restricted = [e for e in exposures if "restricted-tld" in e.findings]
    assert {e.domain for e in restricted} >= {"northern-logistics.org"}
    assert all(e.sure for e in restricted)


BAD = {
    "truncated": lambda box: box.with_suffix(".gz").write_bytes(gzip.compress(box.read_bytes())[:-400]),
    "unknown": lambda box: (box.parent / "photo.bin").write_bytes(bytes(range(256)) * 50),
    "unreadable": lambda box: (box.parent / "gone.mbox").symlink_to(box.parent / "nowhere"),
    "mixed-encodings": lambda box: box.write_bytes(
        box.read_bytes()
        + b"\nFrom x Mon Jul  3 09:00:00 2023\nFrom: \xff\xfe\nTo: =?utf-16?b?//4=?= <a@\xe4.example>\n\n\xff\x00"
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_the_rest_of_a_bad_archive_is_scanned(scan, planted, tmp_path, name):
    folder = tmp_path / "mail"
    shutil.copytree(planted[1], folder)
    BAD[name](folder / "anna.clark.mbox")
    told, exposures = scan(folder)
    truth = {(p.message_id, p.rcpt) for p in planted[0].planted}
    assert truth <= by_key(exposures).keys()
    if name in ("truncated", "unknown"):
        assert told.skipped
        assert told.at_most > told.exposures


def test_a_source_that_vanishes_is_in_the_bounds(scan, planted, tmp_path):
    folder = tmp_path / "mail"
    shutil.copytree(planted[1], folder)

    def vanish(tasks, show):
        (folder / "ben.hughes.mbox").unlink(missing_ok=True)
        for task in tasks:
            task.run(show)

    told, exposures = scan(folder, engine=vanish)
    assert [(unread.reason, unread.messages > 3) for unread in told.skipped] == [("cannot-be-opened", True)]
    assert told.at_most >= told.exposures + told.skipped[0].messages
    assert exposures


def test_a_source_that_vanishes_after_it_was_read_is_judged_by_what_is_known(scan, planted, tmp_path):
    folder = tmp_path / "mail"
    shutil.copytree(planted[1], folder)
    passes = []

    def vanish(tasks, show):
        passes.append(1)
        if len(passes) == 2:
            (folder / "ben.hughes.mbox").unlink()
        for task in tasks:
            task.run(show)

    assert scan(folder, engine=vanish)[0].exposures == scan(planted[1], folder="whole")[0].exposures


class Killer:
    """Runs each task in a process of its own that is killed when it has looked at some messages."""

    def __init__(self, after):
        self.after = after
        self.killed = 0

    def __call__(self, tasks, show):
        for task in tasks:
            while (pid := os.fork()) == 0:
                self._child(task)
            status = os.waitpid(pid, 0)[1]
            self.killed += os.WIFSIGNALED(status)
            if os.WIFSIGNALED(status):
                task.run(show)

    def _child(self, task):
        from missent.archive.scan.glance import Glancer

        look, seen = Glancer.look, []

        def counted(glancer, raw):
            seen.append(1)
            if len(seen) == self.after:
                os.kill(os.getpid(), signal.SIGKILL)
            return look(glancer, raw)

        Glancer.look = counted
        task.run(lambda _: None)
        os._exit(0)


@pytest.mark.parametrize("after", [1, 7, 150])
def test_who_is_killed_goes_on_and_counts_nothing_twice(scan, planted, monkeypatch, after):
    from missent.archive.scan import taking

    monkeypatch.setattr(taking, "BATCH", 50)
    whole = scan(planted[1], folder="whole")
    engine = Killer(after)
    told, exposures = scan(planted[1], engine=engine)
    assert engine.killed
    assert (told.messages, told.copies) == (whole[0].messages, whole[0].copies)
    assert lines(exposures) == lines(whole[1])


class Poisoned:
    """A message that kills whoever looks at it; workers are replaced, as an engine does."""

    def __call__(self, tasks, show):
        for task in tasks:
            status = 1
            while status:
                pid = os.fork()
                if pid == 0:
                    self._child(task)
                status = os.waitpid(pid, 0)[1]

    def _child(self, task):
        from missent.archive.scan.glance import Glancer

        look = Glancer.look
        Glancer.look = lambda glancer, raw: os.kill(os.getpid(), signal.SIGKILL) if b"poison" in raw else look(glancer, raw)
        task.run(lambda _: None)
        os._exit(0)


def test_a_poison_message_is_set_aside_after_three_deaths(scan, planted, tmp_path):
    folder = tmp_path / "mail"
    shutil.copytree(planted[1], folder)
    box = folder / "anna.clark.mbox"
    poison = b"From x Mon Jul  3 09:00:00 2023\nFrom: a@mod.example\nSubject: poison\n\n\n"
    box.write_bytes(poison + poison + box.read_bytes())
    told, _exposures = scan(folder, engine=Poisoned())
    assert [(unread.reason, unread.messages) for unread in told.skipped] == [("killed-its-reader", 1)] * 2
    assert told.exposures == len(planted[0].planted)
    assert marks.DEATHS == 3


def test_large_mailboxes_are_read_in_ranges(scan, tmp_path, planted):
    box = tmp_path / "all.mbox"
    box.write_bytes(b"".join(path.read_bytes() for path in sorted(planted[1].iterdir())))
    whole = scan(box, folder="whole")
    parts = scan(box, folder="parts", shard=20_000)
    assert plan.Plan(State(tmp_path / "parts")).shards() > 5
    assert lines(parts[1]) == lines(whole[1])
    assert (parts[0].messages, parts[0].copies) == (whole[0].messages, whole[0].copies)


def test_folders_of_many_files(scan, tmp_path, planted):
    for number, (_, raw) in enumerate(mail for box in planted[0].boxes.values() for mail in box):
        path = Path(tmp_path / "eml" / str(number % 7) / f"{number}.eml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    told, exposures = scan(tmp_path / "eml", engine=Pool(2), shard=30_000)
    assert {(e.message_id, e.rcpt) for e in exposures} == {
        (f"<{p.message_id}>" if p.message_id else "", p.rcpt) for p in planted[0].planted if not p.kind.startswith("log")
    }
    assert told.copies == sum(map(len, planted[0].boxes.values()))


def marked(number, marking, rcpt):
    fields = f"From: anna.clark@{OWN}\nTo: {rcpt}\nDate: Mon, 03 Jul 2023 09:00:00 +0000\nMessage-ID: <m{number}@{OWN}>\n"
    separator = "From x Mon Jul  3 09:00:00 2023\n"
    return f"{separator}{fields}Subject: Report {number}\n\n{marking}\n\nThe body of it.\n\n".encode()


def test_marked_mail_that_left_is_asked_about(scan, tmp_path):
    box = tmp_path / "a.mbox"
    rows = [("OFFICIAL-SENSITIVE", "a@harbour-works.com"), ("OFFICIAL", "b@harbour-works.com"), ("", "c@harbour-works.com")]
    rows += [("OFFICIAL-SENSITIVE", f"ben.hughes@{OWN}"), ("SECRET", "d@harbour-works.com")]
    box.write_bytes(b"".join(marked(n, *row) for n, row in enumerate(rows)))
    exposures = scan(box, questions=Questions(marking="OFFICIAL-SENSITIVE"), content=True)[1]
    assert {(e.rcpt, e.level) for e in exposures} == {
        ("a@harbour-works.com", "OFFICIAL-SENSITIVE"),
        ("d@harbour-works.com", "SECRET"),
    }
    nothing_opened = scan(box, folder="unopened")[1]
    assert nothing_opened == []


def test_content_above_a_ceiling_is_found_when_everything_is_opened(scan, tmp_path):
    box = tmp_path / "a.mbox"
    box.write_bytes(marked(1, "SECRET", "a@harbour-works.com") + marked(2, "OFFICIAL", "b@harbour-works.com"))
    exposures = scan(box, content=True)[1]
    assert [(e.rcpt, "above-ceiling" in e.findings) for e in exposures] == [("a@harbour-works.com", True)]


JOURNAL = f"""X-MS-Journal-Report:
From: <MicrosoftExchange329e@{OWN}>
To: journal@{OWN}
Subject: x
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="_outer_"

--_outer_
Content-Type: text/plain

Sender: anna.clark@{OWN}
Subject: x
Message-Id: <one@{OWN}>
To: ben.hughes@{OWN}
Bcc: hidden@army.ml

--_outer_
Content-Type: message/rfc822

From: anna.clark@{OWN}
To: ben.hughes@{OWN}
Date: Wed, 19 Jul 2023 10:02:11 +0000
Message-ID: <one@{OWN}>

See below.

--_outer_--
"""


def test_a_journals_envelope_decides_who_got_it(scan, tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "a.eml").write_bytes(JOURNAL.replace("\n", "\r\n").encode())
    exposures = scan(tmp_path / "mail")[1]
    assert [(e.message_id, e.rcpt) for e in exposures] == [(f"<one@{OWN}>", "hidden@army.ml")]


def test_a_message_that_cannot_be_opened_costs_only_itself(scan, planted, tmp_path, monkeypatch):
    from missent.archive.scan import opens

    marking = opens.Opens.marking

    def fail(self, raw, glance):
        if b"army.ml" in raw and b"noid0" in raw:
            raise RecursionError("canary")
        return marking(self, raw, glance)

    monkeypatch.setattr(opens.Opens, "marking", fail)
    told, _ = scan(planted[1], content=True)
    assert {unread.reason for unread in told.skipped} == {"failed-RecursionError"}
    assert len(told.skipped) == 2  # both copies
    assert told.exposures == len(planted[0].planted) - 1
    assert told.at_most >= told.exposures + 2


def test_a_message_larger_than_memory_allows_is_judged_by_its_header(scan, tmp_path, monkeypatch):
    from missent.archive import mbox, streams

    monkeypatch.setattr(mbox, "LARGEST", 1 << 20)
    monkeypatch.setattr(mbox, "BEGINNING", 1 << 16)
    monkeypatch.setattr(streams.Stream.chunks, "__defaults__", (0, 1 << 16))
    box = tmp_path / "a.mbox"
    large = marked(1, "", "jane@army.ml").rstrip() + b"\n" + b"x" * 71 + b"\n"
    box.write_bytes(
        marked(0, "", "before@army.ml") + large + (b"y" * 79 + b"\n") * 40_000 + b"\n" + marked(2, "", "after@army.ml")
    )
    told, exposures = scan(box)
    assert sorted(e.rcpt for e in exposures) == ["after@army.ml", "before@army.ml", "jane@army.ml"]
    assert [(unread.reason, unread.messages) for unread in told.skipped] == [("too-large", 1)]
    assert told.at_most == 4


def test_a_member_that_is_no_mail_counts_as_one_message_and_no_more(scan, planted, tmp_path):
    folder = tmp_path / "mail"
    shutil.copytree(planted[1], folder)
    shutil.make_archive(str(tmp_path / "all"), "tar", folder)
    plain, _ = scan(folder)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "all.tar", "all.tar")
        archive.writestr("README", "no mail")
    packed, exposures = scan(tmp_path / "all.zip")
    assert (packed.messages, packed.exposures) == (plain.messages, plain.exposures)
    assert [(unread.place, unread.reason, unread.messages) for unread in packed.skipped] == [("!README", "not-a-known-type", 1)]
    assert all("all.zip!all.tar!" in place for e in exposures for place in e.where if ".mbox" in place)


@pytest.mark.parametrize("harm", ["raises", "kills"])
def test_a_message_that_cannot_be_judged_is_judged_by_its_addresses(scan, planted, harm):
    whole = scan(planted[1], folder="whole")

    class Harmed(Poisoned):
        def _child(self, task):
            from missent.archive.scan import examining

            opened = examining.Opener.open

            def open_(opener, raw, message):
                if b"doe@army.ml" in raw or b"noid0@army.ml" in raw:
                    if harm == "kills":
                        os.kill(os.getpid(), signal.SIGKILL)
                    raise RecursionError("canary")
                return opened(opener, raw, message)

            examining.Opener.open = open_
            task.run(lambda _: None)
            os._exit(0)

    told, exposures = scan(planted[1], engine=Harmed())
    assert {(e.number, e.rcpt) for e in exposures} == {(e.number, e.rcpt) for e in whole[1]}
    assert told.exposures == whole[0].exposures
