"""Exchange message tracking logs, what Get-MessageTrackingLog exports of them, and the extended trace of Exchange Online: the
same table under other names.

Events as Microsoft documents them ("Message tracking", event types): only those by which a copy leaves, is put into a mailbox,
waits, fails or is replaced tell something.
"""

from collections.abc import Iterator

from missent.archive.logs.handover import Handover
from missent.archive.logs.replies import enhanced
from missent.archive.logs.table import Row, TableParser, address, many

_EVENTS = {
    "send": "sent",
    "sendexternal": "sent",
    "deliver": "delivered",
    "duplicatedeliver": "delivered",
    "defer": "deferred",
    "fail": "bounced",
    "badmail": "bounced",
    "poisonmessage": "bounced",
    "drop": "discarded",
    "expand": "expanded",
    "redirect": "expanded",
}


class Exchange(TableParser):
    """Each row is an event of one message and some of its recipients."""

    times = ("date_time", "date_time_utc", "timestamp")

    def row(self, row: Row, at: float, where: str) -> Iterator[Handover]:
        """One handover for each recipient the event concerns; an expansion concerns the list."""
        status = _EVENTS.get(row.get("event_id", "").lower(), "")
        if not status:
            return
        rcpts = many(row.get("related_recipient_address", "")) if status == "expanded" else _recipients(row)
        said = row.get("recipient_status", "").split(";")
        sent = status == "sent"
        for n, rcpt in enumerate(rcpts):
            response = said[n].strip() if n < len(said) else ""
            yield Handover(
                at=at,
                host=row.get("client_hostname" if sent else "server_hostname", ""),
                queue_id=row.get("internal_message_id") or row.get("network_message_id", ""),
                message_id=row.get("message_id", "").strip("<> "),
                sender=address(row.get("return_path") or row.get("sender_address") or row.get("sender", "")),
                rcpt=address(rcpt),
                relay_host=row.get("server_hostname", "") if sent else "",
                relay_ip=row.get("server_ip", "") if sent else "",
                dsn=enhanced(response),
                status="expired" if status == "bounced" and "4.4.7" in response else status,
                response=response,
                where=where,
            )


def _recipients(row: Row) -> list[str]:
    """A log parts them by semicolons; an export by whatever its author joined them with."""
    return many(row.get("recipient_address", "")) or row.get("recipients", "").replace(",", " ").replace(";", " ").split()
