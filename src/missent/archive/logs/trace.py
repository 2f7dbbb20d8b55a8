"""Exchange Online's message trace in its short forms: one row a recipient, or one row a message with all recipients' fates."""

from collections.abc import Iterator

from missent.archive.logs.handover import Handover
from missent.archive.logs.table import Row, TableParser, address, many

_STATUSES = {
    "delivered": "sent",
    "send": "sent",
    "deliver": "delivered",
    "failed": "bounced",
    "fail": "bounced",
    "pending": "deferred",
    "gettingstatus": "deferred",
    "defer": "deferred",
    "expanded": "expanded",
    "expand": "expanded",
    "filteredasspam": "discarded",
    "quarantined": "discarded",
    "drop": "discarded",
}


class Trace(TableParser):
    """Columns of Get-MessageTrace and its successor, of the admin centre, and of Start-HistoricalSearch."""

    times = ("received", "origin_timestamp_utc", "date_utc", "date")

    def row(self, row: Row, at: float, where: str) -> Iterator[Handover]:
        """A handover for each recipient."""
        for rcpt, words in _fates(row):
            status = next((_STATUSES[word] for word in reversed(words) if word in _STATUSES), "")
            if status:
                yield Handover(
                    at=at,
                    host="",
                    queue_id=row.get("message_trace_id") or row.get("network_message_id", ""),
                    message_id=row.get("message_id", "").strip("<> "),
                    sender=address(row.get("sender_address", "")),
                    rcpt=address(rcpt),
                    relay_ip=row.get("to_ip", ""),
                    status=status,
                    response=row.get("status", ""),
                    where=where,
                )


def _fates(row: Row) -> Iterator[tuple[str, list[str]]]:
    """Recipients, and what was said of each: `a@b##Receive, Send;c@d##Receive, Fail`, or a column of its own."""
    together = row.get("recipient_status", "")
    for one in many(together):
        rcpt, _, said = one.partition("##")
        yield rcpt, [word.strip().lower() for word in said.split(",")]
    if not together:
        yield row.get("recipient_address", ""), [row.get("status", "").replace(" ", "").lower()]
