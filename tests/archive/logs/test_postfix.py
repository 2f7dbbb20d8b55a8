"""Lines as Postfix writes them; the real one writes its own in test_postfix_real."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from missent.archive.logs.handover import Handover, Queued
from missent.archive.logs.reading import LogFile
from missent.nouns.verdict import Skipped

HEAD = "Jul 19 10:02:11 mx postfix"
ONE = f"""{HEAD}/smtpd[1]: connect from client.example[192.0.2.1]
{HEAD}/smtpd[1]: 4A1B2C3D4E: client=client.example[192.0.2.1]
{HEAD}/cleanup[2]: 4A1B2C3D4E: message-id=<one@mod.example>
{HEAD}/qmgr[3]: 4A1B2C3D4E: from=<anna@mod.example>, size=810, nrcpt=1 (queue active)
"""


def read(tmp_path: Path, text: str | bytes, year: int | None = 2023) -> tuple[LogFile, list[Handover | Queued | Skipped]]:
    path = tmp_path / "mail.log"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    log = LogFile(path, "postfix-log", year)
    return log, list(log.read())


def delivery(rest: str, daemon: str = "smtp", queue_id: str = "4A1B2C3D4E") -> str:
    return f"{HEAD}/{daemon}[4]: {queue_id}: {rest}\n"


def test_a_delivery_knows_its_message_sender_and_answer(tmp_path: Path) -> None:
    line = delivery(
        "to=<jane@army.mil>, orig_to=<all@mod.example>, relay=mx1.army.mil[192.0.2.7]:25, delay=0.4, delays=0.1/0/0.1/0.2, "
        "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9F8E7D6C5B)"
    )
    log, (handover,) = read(tmp_path, ONE + line)
    assert handover == Handover(
        at=datetime(2023, 7, 19, 10, 2, 11, tzinfo=UTC).timestamp(),
        host="mx",
        queue_id="4A1B2C3D4E",
        message_id="one@mod.example",
        sender="anna@mod.example",
        rcpt="jane@army.mil",
        orig_rcpt="all@mod.example",
        relay_host="mx1.army.mil",
        relay_ip="192.0.2.7",
        dsn="2.0.0",
        status="sent",
        response="250 2.0.0 Ok: queued as 9F8E7D6C5B",
        next_queue_id="9F8E7D6C5B",
        where=f"{log.path}:{len(ONE)}",
    )
    assert (log.tally.lines, log.tally.used, log.tally.irrelevant, log.tally.not_understood) == (5, 3, 2, 0)


SENT = "delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent"
CASES = {
    # line -> rcpt, relay host, relay address, status, next queue
    "refused": (
        "to=<a@x.mil>, relay=mx.x.mil[192.0.2.7]:25, delay=1, delays=1/0/0/0, dsn=5.1.1, status=bounced "
        "(host mx.x.mil[192.0.2.7] said: 550 5.1.1 <a@x.mil>: unknown (in reply to RCPT TO command))",
        ("a@x.mil", "mx.x.mil", "192.0.2.7", "bounced", ""),
    ),
    "nobody answers": (
        "to=<a@x.mil>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (connect to mx.x.mil[192.0.2.7]:25: "
        "Connection refused)",
        ("a@x.mil", "mx.x.mil", "192.0.2.7", "deferred", ""),
    ),
    "soft": (
        "to=<a@x.mil>, relay=none, delay=1, delays=1/0/0/0, dsn=5.0.0, status=SOFTBOUNCE (no)",
        ("a@x.mil", "", "", "deferred", ""),
    ),
    "address of version 6": (
        f"to=<a@x.mil>, relay=mx.x.mil[2001:db8::7]:25, conn_use=2, {SENT} (250 ok)",
        ("a@x.mil", "mx.x.mil", "2001:db8::7", "sent", ""),
    ),
    "before version 2.3, without enhanced code": (
        "to=<a@x.mil>, relay=mx.x.mil[192.0.2.7], delay=1, status=sent (250 ok)",
        ("a@x.mil", "mx.x.mil", "192.0.2.7", "sent", ""),
    ),
    "through Exim": (
        f"to=<a@x.mil>, relay=mx.x.mil[192.0.2.7]:25, {SENT} (250 OK id=1ZpCCD-0002J4-Ej)",
        ("a@x.mil", "mx.x.mil", "192.0.2.7", "sent", "1ZpCCD-0002J4-Ej"),
    ),
    "through a filter": (
        f"to=<a@x.mil>, relay=127.0.0.1[127.0.0.1]:10024, {SENT} (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: "
        "queued as 5D6E7F8A9B)",
        ("a@x.mil", "127.0.0.1", "127.0.0.1", "sent", "5D6E7F8A9B"),
    ),
    "an answer that names a Message-ID is no queue": (
        f"to=<a@x.mil>, relay=mx.x.mil[192.0.2.7]:25, {SENT} (250 2.6.0 <one@mod.example> [InternalId=5] Queued mail)",
        ("a@x.mil", "mx.x.mil", "192.0.2.7", "sent", ""),
    ),
    "a quoted local part cannot name a relay": (
        f'to=<"a>, relay=mx.x.mil[192.0.2.7]:25"@y.ml>, relay=none, {SENT} (250 ok)',
        ('"a>, relay=mx.x.mil[192.0.2.7]:25"@y.ml', "", "", "sent", ""),
    ),
    "UTF-8": (
        f"to=<jörg@x.mil>, relay=mx.x.mil[192.0.2.7]:25, {SENT} (250 ok)",
        ("jörg@x.mil", "mx.x.mil", "192.0.2.7", "sent", ""),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_deliveries(tmp_path: Path, case: str) -> None:
    line, (rcpt, host, ip, status, following) = CASES[case]
    log, told = read(tmp_path, ONE + delivery(line))
    (handover,) = [one for one in told if isinstance(one, Handover)]
    assert (handover.rcpt, handover.relay_host, handover.relay_ip, handover.status, handover.next_queue_id) == (
        rcpt,
        host,
        ip,
        status,
        following,
    )
    assert log.tally.not_understood == 0


@pytest.mark.parametrize(
    ("daemon", "relay", "response", "status"),
    [
        ("local", "local", "delivered to mailbox", "delivered"),
        ("local", "local", "forwarded as 5D6E7F8A9B", "sent"),
        ("virtual", "virtual", "delivered to maildir", "delivered"),
        ("pipe", "dovecot", "delivered via dovecot service", "delivered"),
        ("pipe", "filter", "delivered via filter service", "sent"),
        ("lmtp", "mx[private/dovecot-lmtp]", "250 2.0.0 <a@x> Saved", "delivered"),
        ("lmtp", "127.0.0.1[127.0.0.1]:10024", "250 2.0.0 Ok: queued as 5D6E7F8A9B", "sent"),
        ("discard", "none", "swallowed", "discarded"),
    ],
)
def test_agents_of_our_own(tmp_path: Path, daemon: str, relay: str, response: str, status: str) -> None:
    _, told = read(tmp_path, ONE + delivery(f"to=<a@x.mil>, relay={relay}, {SENT} ({response})", daemon))
    assert [one.status for one in told if isinstance(one, Handover)] == [status]


def test_what_is_still_queued_is_told_at_the_end(tmp_path: Path) -> None:
    _, told = read(tmp_path, ONE)
    (queued,) = told
    assert isinstance(queued, Queued)
    assert queued[1:] == ("mx", "4A1B2C3D4E", "one@mod.example", "anna@mod.example")


def test_a_queue_name_used_again_is_another_message(tmp_path: Path) -> None:
    line = delivery(f"to=<a@x.mil>, relay=none, {SENT} (250 ok)")
    _, told = read(tmp_path, ONE + line + ONE.replace("one@", "two@").replace("anna@", "ben@") + line)
    assert [(one.message_id, one.sender) for one in told if isinstance(one, Handover)] == [
        ("one@mod.example", "anna@mod.example"),
        ("two@mod.example", "ben@mod.example"),
    ]


def test_expired_is_said_of_the_queue(tmp_path: Path) -> None:
    text = ONE + f"{HEAD}/qmgr[3]: 4A1B2C3D4E: from=<anna@mod.example>, status=expired, returned to sender\n"
    _, (handover,) = read(tmp_path, text)
    assert isinstance(handover, Handover)
    assert (handover.rcpt, handover.status, handover.message_id) == ("", "expired", "one@mod.example")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("22 août 10:02:11 mx postfix/smtp[4]: 4A1B2C3D4E: to=<a@x.mil>, relay=none, status=sent (ok)", "date-not-understood"),
        ("Okt 22 10:02:11 mx postfix/smtp[4]: 4A1B2C3D4E: to=<a@x.mil>, relay=none, status=sent (ok)", "date-not-understood"),
        ("Jul 19 10:02:11 mx postfix/smtp[4]: 4A1B2C3D4E: to=<a@x.mil>, relay", "line-not-understood"),
        ("what is this", "line-not-understood"),
        ("x" * 1_000_000, "line-too-long"),
    ],
)
def test_what_is_not_understood_is_said_and_the_rest_read(tmp_path: Path, line: str, reason: str) -> None:
    good = delivery(f"to=<a@x.mil>, relay=none, {SENT} (250 ok)")
    log, told = read(tmp_path, ONE + line + "\n" + good + "\n\r\n")
    assert [one.reason for one in told if isinstance(one, Skipped)] == [reason]
    assert [one.where for one in told if isinstance(one, Skipped)] == [f"{log.path}:{len(ONE)}"]
    assert [one.where for one in told if isinstance(one, Handover)] == [f"{log.path}:{len((ONE + line).encode()) + 1}"]
    assert (log.tally.lines, log.tally.used, log.tally.not_understood) == (8, 3, 1)


def test_nul_octets_and_other_encodings_are_read(tmp_path: Path) -> None:
    line = delivery(f"to=<j\xf6rg@x.mil>, relay=none, {SENT} (250 \0 ok)").encode("latin-1")
    _, (handover,) = read(tmp_path, ONE.encode() + line)
    assert isinstance(handover, Handover)
    assert (handover.rcpt, handover.response) == ("jörg@x.mil", "250  ok")


def test_a_log_that_vanishes_is_skipped(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "gone", "postfix-log")
    assert list(log.read()) == [Skipped(str(tmp_path / "gone"), "cannot-be-opened")]
