"""Lines as Sendmail writes them (Installation and Operation Guide, "Logging")."""

import pytest

from missent.archive.logs.handover import Handover, Queued

HEAD = "Jul 19 10:02:11 mx sm-mta[12]: 36JA2BIx012345: "
ARRIVAL = (
    f"{HEAD}from=<anna@mod.example>, size=810, class=0, nrcpts=2, msgid=<one@mod.example>, proto=ESMTP, daemon=MTA, "
    "relay=client.mod.example [192.0.2.1]\n"
)
REST = "ctladdr=<anna@mod.example> (100/100), delay=00:00:01, xdelay=00:00:01"

CASES = {
    "taken, two at once": (
        f"to=<jane@army.mil>,<joe@army.mil>, {REST}, mailer=esmtp, pri=1, relay=mx.army.mil. [192.0.2.7], dsn=2.0.0, stat=Sent "
        "(ok: queued as 4A1B2C3D4E)",
        [
            ("jane@army.mil", "mx.army.mil", "192.0.2.7", "sent", "4A1B2C3D4E"),
            ("joe@army.mil", "mx.army.mil", "192.0.2.7", "sent", "4A1B2C3D4E"),
        ],
    ),
    "by another Sendmail": (
        f"to=jane@army.mil, {REST}, mailer=relay, pri=1, relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, stat=Sent (36JA2BIx012346 "
        "Message accepted for delivery)",
        [("jane@army.mil", "127.0.0.1", "127.0.0.1", "sent", "36JA2BIx012346")],
    ),
    "into a mailbox": (
        f"to=<ben@mod.example>, {REST}, mailer=local, pri=1, dsn=2.0.0, stat=Sent",
        [("ben@mod.example", "", "", "delivered", "")],
    ),
    "deferred": (
        f"to=<jane@army.mil>, {REST}, mailer=esmtp, pri=1, relay=mx.army.mil. [192.0.2.7], dsn=4.0.0, stat=Deferred: "
        "Connection refused",
        [("jane@army.mil", "mx.army.mil", "192.0.2.7", "deferred", "")],
    ),
    "refused": (
        f"to=<jane@army.mil>, {REST}, mailer=esmtp, pri=1, relay=mx.army.mil. [192.0.2.7], dsn=5.1.1, stat=User unknown",
        [("jane@army.mil", "mx.army.mil", "192.0.2.7", "bounced", "")],
    ),
    "by a filter that logs a field of its own, and an unnamed time": (
        "to=<jane@army.mil>,<joe@army.mil>, 00:00:00, xdelay=00:00:01, mailer=esmtp, tls_verify=FAIL, pri=133527, "
        "relay=mx1.army.mil. [192.0.2.7], dsn=2.0.0, stat=Sent (ok:  Message 22675962 accepted)",
        [
            ("jane@army.mil", "mx1.army.mil", "192.0.2.7", "sent", ""),
            ("joe@army.mil", "mx1.army.mil", "192.0.2.7", "sent", ""),
        ],
    ),
    "by one that names its own address": (
        "to=jane@army.mil, ctladdr=anna (1000/1000), delay=00:00:01, xdelay=00:00:00, mailer=relay, pri=30053, "
        "relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, stat=Sent (Ok: queued as DD92B23E057)",
        [("jane@army.mil", "127.0.0.1", "127.0.0.1", "sent", "DD92B23E057")],
    ),
    "given up": (
        f"to=<jane@army.mil>, {REST}, mailer=esmtp, pri=1, dsn=5.0.0, stat=Cannot send message for 5 days",
        [("jane@army.mil", "", "", "expired", "")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_deliveries(log, case: str) -> None:
    line, expected = CASES[case]
    file, told = log("sendmail-log", ARRIVAL + HEAD + line + "\n")
    handovers = [one for one in told if isinstance(one, Handover)]
    assert [(one.rcpt, one.relay_host, one.relay_ip, one.status, one.next_queue_id) for one in handovers] == expected
    assert {(one.message_id, one.sender, one.host) for one in handovers} == {("one@mod.example", "anna@mod.example", "mx")}
    assert (file.tally.used, file.tally.irrelevant, file.tally.not_understood) == (2, 0, 0)
    assert any(isinstance(one, Queued) for one in told) == (len(handovers) == 1)


def test_other_lines_tell_nothing(log) -> None:
    text = (
        ARRIVAL
        + HEAD
        + "STARTTLS=client, relay=mx, version=TLSv1.3\n"
        + HEAD
        + "clone: owner=x\nJul 19 10:02:11 mx sshd[1]: x\n"
    )
    file, _ = log("sendmail-log", text)
    assert (file.tally.used, file.tally.irrelevant, file.tally.not_understood) == (1, 3, 0)
