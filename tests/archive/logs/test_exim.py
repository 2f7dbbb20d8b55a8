"""Lines as Exim's specification shows them (chapter "Log files")."""

import pytest

from missent.archive.logs.handover import Handover, Queued
from missent.nouns.verdict import Skipped

ID = "1qM3Xy-0001Ab-2C"
NEW = "1qM3Xy-00000001Ab2-2C4d"
STAMP = "2023-07-19 10:02:11"
ARRIVAL = (
    f"{STAMP} {ID} <= anna@mod.example H=client.mod.example (helo) [192.0.2.1] P=esmtps X=TLS1.3:x:256 CV=no "
    'A=login:anna S=1810 id=one@mod.example T="to <b> => c@d.example H=x [9.9.9.9]" from <anna@mod.example> for jane@army.mil\n'
)
TLS = "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes"

CASES = {
    # line behind the queue's name -> rcpt, before, relay host, address, status, enhanced code, next queue
    "taken": (
        f'=> jane@army.mil R=dnslookup T=remote_smtp H=mx.army.mil [192.0.2.7] {TLS} C="250 2.0.0 Ok: queued as 4A1B2C3D4E"',
        ("jane@army.mil", "", "mx.army.mil", "192.0.2.7", "sent", "2.0.0", "4A1B2C3D4E"),
    ),
    "another of the same delivery, by an alias": (
        f"-> joe@army.mil <all@mod.example> R=dnslookup T=remote_smtp H=mx.army.mil [192.0.2.7] {TLS} "
        'C="250 OK id=1ZpCCD-0002J4-Ej"',
        ("joe@army.mil", "all@mod.example", "mx.army.mil", "192.0.2.7", "sent", "", "1ZpCCD-0002J4-Ej"),
    ),
    "cut through": (
        '>> jane@army.mil R=dnslookup T=remote_smtp H=mx.army.mil [2001:db8::7] C="250 ok"',
        ("jane@army.mil", "", "mx.army.mil", "2001:db8::7", "sent", "", ""),
    ),
    "into a mailbox": (
        "=> ben <ben@mod.example> R=local_user T=local_delivery",
        ("ben@mod.example", "", "", "", "delivered", "", ""),
    ),
    "nowhere": ("=> :blackhole: <x@mod.example> R=system_aliases", ("x@mod.example", "", "", "", "discarded", "", "")),
    "refused": (
        "** jane@army.mil R=dnslookup T=remote_smtp H=mx.army.mil [192.0.2.7]: SMTP error from remote mail server after RCPT "
        "TO:<jane@army.mil>: 550 5.1.1 User unknown",
        ("jane@army.mil", "", "mx.army.mil", "192.0.2.7", "bounced", "5.1.1", ""),
    ),
    "given up": (
        "** jane@army.mil R=dnslookup T=remote_smtp: retry timeout exceeded",
        ("jane@army.mil", "", "", "", "expired", "", ""),
    ),
    "deferred, the host told in the error alone": (
        "== jane@army.mil R=dnslookup T=remote_smtp defer (-44): SMTP error from remote mail server after RCPT "
        "TO:<jane@army.mil>: host mx.army.mil [192.0.2.7]: 450 4.3.2 Too many mails, try again in 1 hour(s) {mx-us011}",
        ("jane@army.mil", "", "", "", "deferred", "4.3.2", ""),
    ),
    "refused with a reply of several lines": (
        "** jane@army.mil R=lookuphost T=remote_smtp H=mx.army.mil [192.0.2.7]: SMTP error from remote mail server after RCPT "
        "TO:<jane@army.mil>: 550-5.1.1 The email account that you tried to reach does not exist. - gsmtp",
        ("jane@army.mil", "", "mx.army.mil", "192.0.2.7", "bounced", "5.1.1", ""),
    ),
    "taken by Exchange, which names no queue": (
        '=> jane@army.mil R=dnslookup T=remote_smtp H=mx.army.mil [192.0.2.7] C="250 2.6.0  <a@b.ex> Queued mail for delivery"',
        ("jane@army.mil", "", "mx.army.mil", "192.0.2.7", "sent", "2.6.0", ""),
    ),
    "taken, in the old way of naming TLS": (
        '=> jane@army.mil R=dnslookup T=remote_smtp H=mx.army.mil [192.0.2.7] X=TLSv1:RC4-SHA:128 C="250 2.0.0 OK 13 b5.22"',
        ("jane@army.mil", "", "mx.army.mil", "192.0.2.7", "sent", "2.0.0", ""),
    ),
    "no such route": ("** jane@army.mil: Unrouteable address", ("jane@army.mil", "", "", "", "bounced", "", "")),
    "deferred": (
        "== jane@army.mil R=dnslookup T=remote_smtp defer (-44) H=mx.army.mil [192.0.2.7]: SMTP error from remote mail server "
        "after RCPT TO:<jane@army.mil>: 451 4.7.1 later",
        ("jane@army.mil", "", "mx.army.mil", "192.0.2.7", "deferred", "4.7.1", ""),
    ),
}


@pytest.mark.parametrize("queue_id", [ID, NEW])
@pytest.mark.parametrize("case", CASES)
def test_deliveries(log, case: str, queue_id: str) -> None:
    line, expected = CASES[case]
    text = f"{ARRIVAL}{STAMP} {ID} {line}\n{STAMP} {ID} Completed\n".replace(ID, queue_id)
    file, (handover,) = log("exim-log", text)
    assert isinstance(handover, Handover)
    assert (handover.message_id, handover.sender, handover.queue_id) == ("one@mod.example", "anna@mod.example", queue_id)
    assert (
        handover.rcpt, handover.orig_rcpt, handover.relay_host, handover.relay_ip, handover.status, handover.dsn,
        handover.next_queue_id,
    ) == expected  # fmt: skip
    assert (file.tally.lines, file.tally.used, file.tally.not_understood) == (3, 3, 0)


def test_other_lines_and_ways_to_write_them(log) -> None:
    line = '=> a@x.mil R=r T=t H=h.x.mil [192.0.2.7] C="250 ok"\n'
    text = (
        f"{STAMP}.123 +0200 [99] {ID} {line}"
        f"Jul 19 10:02:11 mx exim[12]: {STAMP} {ID} {line}"
        f"{STAMP} Start queue run: pid=1\n{STAMP} no host name found for IP address 192.0.2.9\n"
        f"{STAMP} {ID} *> a@x.mil R=r T=t H=h.x.mil [192.0.2.7]\n{STAMP} {ID} H=x [1.2.3.4] Warning: y\n"
        f"2023-19-07 10:02:11 {ID} {line}garbage\n"
    )
    file, told = log("exim-log", text)
    assert [one.reason for one in told if isinstance(one, Skipped)] == ["date-not-understood", "line-not-understood"]
    first, second = (one for one in told if isinstance(one, Handover))
    assert (round(second.at - first.at, 3), first.host, second.host) == (7199.877, "", "mx")
    assert (file.tally.lines, file.tally.used, file.tally.irrelevant, file.tally.not_understood) == (8, 3, 3, 2)


def test_null_senders_and_messages_still_queued(log) -> None:
    text = f"{STAMP} {ID} <= <> R=1qM3Xy-0001Ab-2B U=exim P=local S=99 id=two@mod.example\n"
    _, (queued,) = log("exim-log", text)
    assert isinstance(queued, Queued)
    assert queued[1:] == ("", ID, "two@mod.example", "")
