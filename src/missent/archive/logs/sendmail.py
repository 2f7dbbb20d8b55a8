"""Sendmail's lines in syslog: `from=` tells sender and Message-ID, `to=` what became of some recipients at once."""

import re
from collections.abc import Iterator

from missent.archive.logs.clock import STAMP
from missent.archive.logs.handover import Handover
from missent.archive.logs.lines import told
from missent.archive.logs.parser import LineParser
from missent.archive.logs.replies import enhanced, next_queue
from missent.archive.logs.waiting import Open

_HEAD = re.compile(rf"(?:<\d+>)?{STAMP} ")
_TELLS = re.compile(
    rf"^(?:<\d+>)?(?P<stamp>{STAMP}) (?P<host>\S+) \S*(?:sendmail|sm-mta|sm-msp-queue)\S*\[\d+\]: "
    r"(?P<queue>[0-9A-Za-z]{12,17}): (?P<kind>from|to)=(?P<rest>.*)$",
    re.MULTILINE,
)
_FIELD = re.compile(r"(?:^|, )([a-z_]+)=((?:(?!, [a-z_]+=).)*)")  # `tls_verify` is Proofpoint's
_STAT = re.compile(r", stat=(.*)$")
_RELAY = re.compile(r"\[?([^\s\[\]]+)\]?(?: \[([^\]]+)\])?")
_BRACKETED = re.compile(r"<([^<>]*)>")
_SAYINGS = (
    ("sent", "sent"),
    ("deferred", "deferred"),
    ("queued", "deferred"),
    ("please try again later", "deferred"),
    ("cannot send message for", "expired"),
    ("message could not be delivered for", "expired"),
)
"""How a stat begins, in lower case, and what it means; anything else is a refusal ("User unknown")."""


class Sendmail(LineParser):
    """Sendmail and what logs as it does."""

    head = _HEAD
    tells = _TELLS

    def line(self, found: re.Match[str], at: float, where: str) -> Iterator[Handover]:
        """An arrival, or the fate of some recipients."""
        host, queue_id, rest = found["host"], found["queue"], found["rest"].rstrip("\r")
        if found["kind"] == "from":
            self.waiting.open[queue_id] = _arrival(at, host, rest)
            return
        one = self.waiting.get(queue_id, at, host)
        about = Handover(at, one.host, queue_id, one.message_id, one.sender, where=where, sure=self.clock.sure)
        handovers = list(_handovers(about, rest))
        yield from handovers
        if handovers and handovers[0].status != "deferred":
            self.waiting.done(queue_id, len(handovers))


def _arrival(at: float, host: str, rest: str) -> Open:
    fields = dict(_FIELD.findall("from=" + rest))
    count = fields.get("nrcpts", "")
    message_id, sender = (told(fields.get(name, "").strip("<> ")) for name in ("msgid", "from"))
    return Open(at, host, message_id, sender, int(count) if count.isdecimal() else 1)


def _handovers(about: Handover, rest: str) -> Iterator[Handover]:
    stat = _STAT.search(rest)
    response = told(stat[1]) if stat else ""
    fields = dict(_FIELD.findall("to=" + (rest[: stat.start()] if stat else rest)))
    relay = _RELAY.match(fields.get("relay", ""))
    status = _status(response, fields.get("mailer", ""))
    for rcpt in _BRACKETED.findall(fields.get("to", "")) or _split(rest):
        yield about._replace(
            rcpt=told(rcpt),
            relay_host=relay[1].rstrip(".") if relay else "",
            relay_ip=(relay[2] or "") if relay else "",
            dsn=fields.get("dsn", "") or enhanced(response),
            status=status,
            response=response,
            next_queue_id=next_queue(response) if status == "sent" else "",
        )


def _split(rest: str) -> list[str]:
    """Recipients that stand without brackets, before the first field."""
    return [name.strip() for name in re.split(r", [a-z]+=", rest)[0].split(",") if name.strip()]


def _status(stat: str, mailer: str) -> str:
    low = stat.lower()
    status = next((meaning for begin, meaning in _SAYINGS if low.startswith(begin)), "bounced")
    if status == "sent" and mailer in {"local", "prog", "*file*", "cyrus", "procmail"}:
        return "delivered"
    return "discarded" if mailer == "discard" or low.startswith("discard") else status
