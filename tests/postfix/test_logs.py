"""The log a real Postfix writes, read: taken, refused, deferred, and through a second Postfix as a filter."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

from missent.archive.deliveries import JoinedDeliveries, Ours, gather
from missent.archive.logs.handover import Handover
from missent.archive.logs.reading import LogFile, log_kind
from missent.nouns.verdict import Skipped
from missent.testing.next_hop import KeepingNextHop

SCRIPT = {"RCPT no@army.example": "550 5.1.1 No such user", "RCPT later@army.example": "451 4.3.0 Later"}
MESSAGE = b"Message-ID: <one@own.example>\r\nFrom: me@own.example\r\nTo: said@in.header\r\nSubject: canary\r\n\r\ncanary\r\n"


async def until(log, pattern, count):
    """Wait until a log has so many lines of a pattern."""
    async with asyncio.timeout(20):
        while len(re.findall(pattern, log())) < count:  # noqa: ASYNC110 - another process decides
            await asyncio.sleep(0.05)


async def sent_through(hop_script, postfix, client):
    """Two messages through a Postfix that hands them to another as its filter; both, when their logs have all of it."""
    async with KeepingNextHop(hop_script) as hop:
        filtering = await asyncio.to_thread(postfix, hop.port, "")
        first = await asyncio.to_thread(postfix, 1, f"-o content_filter=smtp:[127.0.0.1]:{filtering.ports[0]}")
        async with client(first.ports[0]) as one:
            rcpts = ("<yes@army.example>", "<no@army.example>", "<later@army.example>")
            assert (await one.mail(*rcpts, message=MESSAGE)).startswith("250")
            assert (await one.mail("<bcc@x.example>", message=MESSAGE.replace(b"one@", b"two@"))).startswith("250")
        await until(filtering.log, r" to=<\w+@\w+\.example>.*status=", 5)  # and the report of the refused one
        await until(first.log, r"status=sent", 4)
    return first, filtering


def test_the_fates_of_a_messages_recipients_over_two_servers(postfix, client, tmp_path):
    servers = asyncio.run(sent_through(SCRIPT, postfix, client))
    logs = [LogFile(server.home / "mail.log", "postfix-log") for server in servers]
    told = [list(log.read()) for log in logs]
    for log, server in zip(logs, servers, strict=True):
        text = server.log()
        assert log_kind(text.encode()[:4096]) == "postfix-log"
        assert (log.tally.lines, log.tally.not_understood) == (text.count("\n"), 0)
        assert sum(isinstance(one, Handover) for one in told[logs.index(log)]) == len(re.findall(r"status=", text))
    assert not [one for one in told[0] + told[1] if isinstance(one, Skipped)]

    gather([one for some in told[::-1] for one in some], tmp_path / "ledger")
    now = datetime.now(UTC)
    with JoinedDeliveries(tmp_path / "ledger", Ours(frozenset(["own.example"]))) as joined:
        answers = {
            name: joined.of("one@own.example", "me@own.example", f"{name}@army.example", now) for name in ("yes", "no", "later")
        }
        assert {name: (answer.accepted, answer.why) for name, answer in answers.items()} == {
            "yes": ("unknown", "own-network"),  # the loopback is nobody's side
            "no": ("no", "refused"),
            "later": ("unknown", "deferred"),
        }
        for answer in answers.values():  # the first server's line, then the filter's
            assert [one.rpartition(":")[0] for one in answer.where] == [str(log.path) for log in logs]
            assert "queued as" in answer.replies[0]
        assert "550 5.1.1 No such user" in answers["no"].replies[1]
        assert joined.of("one@own.example", "me@own.example", "said@in.header", now).why == "not-in-envelope"
        transits = [one for one in joined.transits() if one.mail_from == "me@own.example"]
        assert sorted((one.message_id, one.rcpt) for one in transits) == [
            ("one@own.example", "later@army.example"),
            ("one@own.example", "no@army.example"),
            ("one@own.example", "yes@army.example"),
            ("two@own.example", "bcc@x.example"),
        ]
        assert all(abs(one.at - now) < timedelta(days=1, minutes=5) for one in transits)  # the log's times are local
