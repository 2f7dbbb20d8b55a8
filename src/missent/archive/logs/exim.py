"""Exim's main log: `<=` tells a message's sender and Message-ID, `=>` and its kin what became of each recipient
(Exim specification, 53 "Log files").
"""

import re
from collections.abc import Iterator

from missent.archive.logs.clock import STAMP
from missent.archive.logs.handover import Handover
from missent.archive.logs.lines import told
from missent.archive.logs.parser import LineParser
from missent.archive.logs.replies import enhanced, next_queue
from missent.archive.logs.waiting import Open

_ID = r"\w{6}-(?:\w{6}-\w{2}|\w{11}-\w{4})"
_HEAD = re.compile(rf"(?:{STAMP} \S+ exim\S*: )?{STAMP} ")
_TELLS = re.compile(
    rf"^(?:{STAMP} (?P<host>\S+) exim\S*: )?(?P<stamp>{STAMP}) (?:\[\d+\] )?(?P<queue>{_ID}) "
    r"(?P<sign><=|=>|->|>>|\*>|\*\*|==|Completed) ?(?P<rest>.*)$",
    re.MULTILINE,
)
_WHO = re.compile(r'((?:"(?:[^"\\]|\\.)*"|[^\s<"]+)+)?(?: <([^>]*)>)?')
_FIELD = re.compile(r' ([A-Za-z]{1,3})=(?:"((?:[^"\\]|\\.)*)"|(\S+)(?: \[([^\]]+)\])?)')
_STATUS = {"=>": "sent", "->": "sent", ">>": "sent", "*>": "", "**": "bounced", "==": "deferred"}


class Exim(LineParser):
    """Exim's main log, written to a file or through syslog."""

    head = _HEAD
    tells = _TELLS

    def line(self, found: re.Match[str], at: float, where: str) -> Iterator[Handover]:
        """An arrival, a recipient's fate, or the end of a message."""
        host, queue_id, sign, rest = found["host"] or "", found["queue"], found["sign"], found["rest"]
        if sign == "<=":
            self.waiting.open[queue_id] = _arrival(at, host, rest)
        elif sign == "Completed":
            self.waiting.open.pop(queue_id, None)
        elif _STATUS[sign]:
            one = self.waiting.get(queue_id, at, host)
            about = Handover(at, one.host, queue_id, one.message_id, one.sender, where=where)
            yield _handover(about, sign, rest)


def _handover(about: Handover, sign: str, rest: str) -> Handover:
    who = _WHO.match(rest)
    given, orig = (who[1] or "", who[2] or "") if who else ("", "")
    given = given if given.startswith(":") else given.removesuffix(":")  # `:blackhole:`, and an error behind the address
    fields = {found[1]: found for found in _FIELD.finditer(rest, who.end() if who else 0)}
    response = _response(sign, rest, fields)
    relay = fields.get("H")
    rcpt = given if "@" in given else orig or given  # of a delivery into a mailbox the first is the mailbox
    return about._replace(
        rcpt=told(rcpt),
        orig_rcpt=told(orig) if orig != rcpt else "",
        relay_host=relay[3] if relay else "",
        relay_ip=(relay[4] or "") if relay else "",
        dsn=enhanced(response),
        status=_status(sign, given, response, has_relay=relay is not None),
        response=response,
        next_queue_id=next_queue(response) if sign in {"=>", "->", ">>"} else "",
    )


def _arrival(at: float, host: str, rest: str) -> Open:
    who = _WHO.match(rest)
    sender = (who[1] or "") if who else ""
    fields = {found[1]: found[3] or found[2] or "" for found in _FIELD.finditer(rest, who.end() if who else 0)}
    return Open(at, host, told(fields.get("id", "")), "" if sender in {"<>", ""} else told(sender))


def _response(sign: str, rest: str, fields: dict[str, re.Match[str]]) -> str:
    if sign in {"**", "=="}:  # the error stands behind the last field
        last = max((found.end() for found in fields.values()), default=0)
        return told(rest[last:].lstrip(": ").rstrip("\r") or rest.partition(": ")[2])
    said = fields.get("C")
    return told((said[2] or said[3] or "").replace('\\"', '"')) if said else ""


def _status(sign: str, given: str, response: str, *, has_relay: bool) -> str:
    if given == ":blackhole:":
        return "discarded"
    if sign == "**" and "timeout exceeded" in response:
        return "expired"
    status = _STATUS[sign]
    return "delivered" if status == "sent" and not has_relay else status
