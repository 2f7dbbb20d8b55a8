import gzip
from email.message import EmailMessage

import pytest

from missent.archive.learning import BATCH, Reached, Reading, continues, learn, learn_source, stamp
from missent.archive.readers import sources
from missent.store import Keys, open_store


def message(number, sender="ann@mod.example", rcpt="jane.doe@army.mil", date="Mon, 03 Jul 2023 09:00:00 +0000"):
    return (
        f"From: {sender}\nTo: {rcpt}\nDate: {date}\nMessage-ID: <m{number}@mod.example>\n"
        f"Subject: canary-subject\n\ncanary-body {number}\n"
    )


def mbox(numbers):
    return "".join(f"From ann@mod.example Mon Jul  3 09:00:00 2023\n{message(n)}\n" for n in numbers).encode()


@pytest.fixture
def store(tmp_path):
    with open_store(f"sqlite:///{tmp_path}/missent.db", Keys("k", bytes(32)), own=["mod.example"]) as store:
        yield store


def numbers(done):
    return done.messages, done.new, done.unchanged, done.not_read


def test_what_was_learned_is_not_read_again(tmp_path, store):
    box = tmp_path / "a.mbox"
    box.write_bytes(mbox(range(3)))
    assert numbers(learn_source(box, store)) == (3, 3, 0, 0)
    assert numbers(learn_source(box, store)) == (0, 0, 1, 0)
    assert store.history.size() == {"mails": 3, "people": 2, "pairs": 1, "domains": 2, "established": 0}


@pytest.mark.parametrize("before", [1, 3, 400])
def test_a_mailbox_that_grew_is_read_on(tmp_path, store, before):
    box = tmp_path / "a.mbox"
    box.write_bytes(mbox(range(before)))
    learn_source(box, store)
    with box.open("ab") as file:
        file.write(mbox(range(before, before + 2)))
    done = learn_source(box, store)
    assert done.new == 2
    assert done.messages == 3  # the last one again: it may have been half written


def test_a_mailbox_that_is_another_now_is_read_from_the_start(tmp_path, store):
    box = tmp_path / "a.mbox"
    box.write_bytes(mbox(range(5)))
    learn_source(box, store)
    box.write_bytes(mbox(range(10, 18)))
    assert numbers(learn_source(box, store)) == (8, 8, 0, 0)


class Killed(Exception):
    """Stands for a power cut."""


def test_a_killed_run_goes_on_at_its_last_batch(tmp_path, store):
    box = tmp_path / "a.mbox"
    box.write_bytes(mbox(range(2 * BATCH + 10)))

    def kill(reached):
        raise Killed

    with pytest.raises(Killed):
        learn(sources(box), store.history, show=kill)
    assert store.history.size()["mails"] == BATCH
    done = learn_source(box, store)
    assert (done.messages, done.new) == (BATCH + 11, BATCH + 10)


def test_packed_mailboxes_maildirs_and_single_messages_are_one_past(tmp_path, store):
    (tmp_path / "in" / "dir" / "cur").mkdir(parents=True)
    (tmp_path / "in" / "dir" / "new").mkdir()
    (tmp_path / "in" / "a.mbox.gz").write_bytes(gzip.compress(mbox(range(3))))
    (tmp_path / "in" / "dir" / "cur" / "1:2,S").write_text(message(2))
    (tmp_path / "in" / "dir" / "new" / "2").write_text(message(3))
    (tmp_path / "in" / "one.eml").write_text(message(4))
    done = learn_source(tmp_path / "in", store)
    assert (done.messages, done.new, done.files, done.not_read) == (6, 5, 4, 0)
    assert learn_source(tmp_path / "in", store).unchanged == 4


def test_what_cannot_be_read_is_said_and_tried_again(tmp_path, store):
    packed = gzip.compress(mbox(range(300)), mtime=0)
    (tmp_path / "a.mbox.gz").write_bytes(packed[:-200])
    done = learn_source(tmp_path / "a.mbox.gz", store)
    assert (done.not_read, done.unchanged) == (1, 0)
    assert "gz" in done.skipped[0].reason
    (tmp_path / "a.mbox.gz").write_bytes(packed)
    assert learn_source(tmp_path / "a.mbox.gz", store).not_read == 0
    assert store.history.size()["mails"] == 300


def test_messages_that_tell_nothing_are_counted(tmp_path, store):
    (tmp_path / "a.eml").write_text("From: ann@mod.example\nSubject: canary-subject\n\nto nobody\n")
    done = learn_source(tmp_path / "a.eml", store)
    assert (done.messages, done.new, done.silent) == (1, 0, 1)


def test_progress_is_shown_by_file(tmp_path, store):
    box = tmp_path / "a.mbox"
    box.write_bytes(mbox(range(BATCH + 1)))
    shown = []
    learn(sources(box), store.history, show=shown.append)
    assert shown[-1] == Reached(box, None, BATCH + 1)
    assert [reached.messages for reached in shown] == [BATCH, BATCH + 1, BATCH + 1]


def test_a_conversation_in_two_mailboxes_establishes(tmp_path, store):
    for day in (3, 5):
        ask = message(day, date=f"Mon, {day:02} Jul 2023 09:00:00 +0000")
        answer = message(f"a{day}", "Jane <jane.doe@army.mil>", "ann@mod.example", f"Mon, {day:02} Jul 2023 10:00:00 +0000")
        (tmp_path / f"sent{day}.eml").write_text(ask)
        (tmp_path / f"got{day}.eml").write_text(f"In-Reply-To: <m{day}@mod.example>\n{answer}")
    for part in ("got", "sent"):
        for day in (3, 5):
            learn_source(tmp_path / f"{part}{day}.eml", store)
    assert set(store.history.established()) == {"army.mil"}


def test_no_content_reaches_the_store(tmp_path, store):
    (tmp_path / "a.mbox").write_bytes(mbox(range(3)))
    learn_source(tmp_path / "a.mbox", store)
    store.close()
    assert b"canary" not in b"".join(path.read_bytes() for path in tmp_path.glob("missent.db*"))


def test_a_stamp_knows_a_file_that_was_appended_to(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"one")
    before = stamp(path)
    assert continues(before, path)
    path.write_bytes(b"one and two")
    assert continues(before, path)
    path.write_bytes(b"other and two")
    assert not continues(before, path)
    path.write_bytes(b"on")
    assert not continues(before, path)
    assert not continues("", path)
    assert stamp(tmp_path / "gone") == ""


def test_what_a_message_was_marked_and_what_it_carried_is_kept_as_marking_and_hashes():
    made = EmailMessage()
    made["From"], made["To"], made["Date"] = "ann@mod.example", "jane@army.mil", "Mon, 3 Jul 2023 10:00:00 +0000"
    made["Subject"], made["Message-ID"] = "[UK SECRET] plans", "<one@mod.example>"
    made.set_content("as discussed")
    made.add_attachment(b"canary " * 500, maintype="application", subtype="octet-stream", filename="canary.bin")
    kept = Reading.of(Keys("k1", bytes(32)), "").sighting(made.as_bytes())
    assert (kept.marking.scheme, kept.marking.level) == ("uk-gscp", "SECRET")
    assert [len(mark) for mark in kept.marks] == [16]
    assert "canary" not in repr(kept)
    assert Reading().sighting(made.as_bytes()).marks == ()
