"""Logs as history, in one run over rotated files."""

from pathlib import Path

import pytest

from missent.archive.learning import Learned
from missent.archive.learning_logs import learn_logs
from missent.archive.readers import sources
from missent.store import Keys, open_store
from missent.store.opened import Store

HEAD = "Jul 19 10:0{}:11 mx postfix"
ARRIVED = (
    HEAD
    + "/cleanup[2]: 4A1B2C3D4{}: message-id=<m{}@mod.example>\n"
    + HEAD
    + "/qmgr[3]: 4A1B2C3D4{}: from=<{}>, size=8, nrcpt=2 (queue active)\n"
)
GONE = HEAD + "/smtp[4]: 4A1B2C3D4{}: to=<{}>, relay=mx.army.mil[192.0.2.7]:25, delay=1, dsn={}, status={} (said)\n"


@pytest.fixture
def store(tmp_path: Path):
    with open_store(f"sqlite:///{tmp_path}/missent.db", Keys("k", bytes(32)), own=["mod.example"]) as store:
        yield store


def arrived(n: int, sender: str) -> str:
    return ARRIVED.format(n, n, n, n, n, sender)


def learned(folder: Path, store: Store) -> Learned:
    done = Learned()
    learn_logs([source for source in sources(folder) if source.may_hold_logs], store.history, frozenset(["mod.example"]), done)
    return done


def test_who_wrote_to_whom_over_rotated_files(tmp_path: Path, store: Store) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "mail.log.1").write_text(arrived(1, "anna@mod.example") + GONE.format(1, 1, "jane@army.mil", "2.0.0", "sent"))
    (logs / "mail.log").write_text(
        GONE.format(2, 1, "joe@army.mil", "2.0.0", "sent")
        + arrived(3, "anna@mod.example")
        + GONE.format(3, 3, "nobody@army.mil", "5.1.1", "bounced")
        + arrived(4, "")
        + GONE.format(4, 4, "anna@mod.example", "2.0.0", "sent")
        + "not a line of a log\n"
    )
    done = learned(logs, store)
    assert (done.files, done.messages, done.new, done.not_read) == (2, 1, 1, 1)
    assert store.history.size() == {"mails": 1, "people": 3, "pairs": 2, "domains": 2, "established": 0}
    (logs / "mail.log").write_text((logs / "mail.log").read_text().replace("not a line of a log\n", ""))
    assert (learned(logs, store).new, learned(logs, store).unchanged) == (0, 2)


def test_mail_that_came_in_is_no_answer(tmp_path: Path, store: Store) -> None:
    """A squatter who writes to us establishes nothing; the same mail in a mailbox would."""
    (tmp_path / "mail.log").write_text(
        "".join(
            arrived(2 * n, "anna@mod.example")
            + GONE.format(n, 2 * n, "jane@army.ml", "2.0.0", "sent")
            + arrived(2 * n + 1, "jane@army.ml")
            + GONE.format(n, 2 * n + 1, "anna@mod.example", "2.0.0", "sent")
            for n in range(4)
        )
    )
    done = learned(tmp_path / "mail.log", store)
    assert done.new == 8
    assert store.history.size()["established"] == 0
