"""Journal reports as Exchange and Microsoft 365 lay them out."""

from pathlib import Path

import pytest

from missent.archive.item import Item
from missent.archive.learning import learn_source
from missent.archive.readers import open_source
from missent.nouns.verdict import Skipped
from missent.store import Keys, open_store

MAIL = (
    "Received: from a by b\r\nFrom: Anna <anna@mod.example>\r\nTo: All <all@mod.example>\r\n"
    "Date: Wed, 19 Jul 2023 10:02:11 +0000\r\n"
    "Message-ID: <one@mod.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n"
    "--inner\r\n\r\ncanary-body\r\n--inner--\r\n"
)
REPORT = """Sender: anna@mod.example
Subject: canary-subject
Message-Id: <one@mod.example>
To: jane@army.ml, Expanded: all@mod.example
To: JANE@army.ml
Cc: "Lopez, R" <r.lopez@navy.mil>
Bcc: bcc@x.example, Forwarded: old@x.example
Recipient: last@y.example
On-Behalf-Of: chief@mod.example
"""


def report(text: str = REPORT, mail: str = MAIL, kind: str = "message/rfc822", mark: str = "X-MS-Journal-Report:") -> bytes:
    return (
        f"{mark}\r\nFrom: <MicrosoftExchange329e@mod.example>\r\nTo: journal@mod.example\r\nSubject: canary-subject\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n\tboundary="_outer_"\r\n\r\n'
        f"--_outer_\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n{text}\r\n"
        f"--_outer_\r\nContent-Type: {kind}\r\n\r\n{mail}"
        "\r\n--_outer_--\r\n"
    ).encode()


def opened(tmp_path: Path, raw: bytes) -> list[Item | Skipped]:
    path = tmp_path / "a.eml"
    path.write_bytes(raw)
    return list(open_source(path))


@pytest.mark.parametrize(
    "mark", ["X-MS-Journal-Report:", "X-MS-Journal-Report : ", "X-MS-Exchange-X: y\r\nX-MS-Journal-Report: z"]
)
def test_the_report_is_the_envelope_and_the_mail_is_the_message(tmp_path: Path, mark: str) -> None:
    (item,) = opened(tmp_path, report(mark=mark))
    assert isinstance(item, Item)
    assert item.raw == MAIL.encode()
    assert item.envelope
    assert item.envelope.mail_from
    assert item.envelope.mail_from.spec == "anna@mod.example"
    assert [(one.address.spec, one.orcpt) for one in item.envelope.rcpts] == [
        ("jane@army.ml", "rfc822;all@mod.example"),
        ("r.lopez@navy.mil", ""),
        ("bcc@x.example", "rfc822;old@x.example"),
        ("last@y.example", ""),
    ]


def test_the_null_sender_is_none(tmp_path: Path) -> None:
    (item,) = opened(tmp_path, report("Sender: <>\nRecipient: a@x.example\n"))
    assert isinstance(item, Item)
    assert item.envelope
    assert item.envelope.mail_from is None


@pytest.mark.parametrize(
    "raw", [report("nothing of that kind"), report(kind="text/plain"), report(mail="")[:-40].replace(b"_outer_", b"")]
)
def test_a_report_that_cannot_be_read_is_a_message_and_said(tmp_path: Path, raw: bytes) -> None:
    item, said = opened(tmp_path, raw)
    assert isinstance(item, Item)
    assert (item.raw, item.envelope) == (raw, None)
    assert said == Skipped(str(tmp_path / "a.eml"), "journal-not-understood")


def test_mail_that_only_speaks_of_journals_is_as_it_is(tmp_path: Path) -> None:
    raw = b"From: a@x.mil\r\nTo: b@y.mil\r\n\r\nX-MS-Journal-Report: see above\r\n"
    assert [(one.raw, one.envelope) for one in opened(tmp_path, raw) if isinstance(one, Item)] == [(raw, None)]


def test_history_learns_the_envelope(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(report())
    with open_store(f"sqlite:///{tmp_path}/missent.db", Keys("k", bytes(32)), own=["mod.example"]) as store:
        learn_source(path, store)
        assert store.history.size()["people"] == 5
