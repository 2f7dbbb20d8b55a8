"""Google Workspace's Email Log Search, exported: one row an event of one recipient.

Columns and values as Google's help has them ("Email log search export fields").
"""

from collections.abc import Iterator

from missent.archive.logs.handover import Handover
from missent.archive.logs.replies import enhanced
from missent.archive.logs.table import Row, TableParser, address

_TARGETS = {"smtp_out": "sent", "gmail_inbox": "delivered", "gmail_spam": "delivered", "list_server": "expanded"}
_SAID = ("event_status", "delivery_status", "status", "smtp_reply_code", "smtp_reply")
_REFUSALS = ("bounce", "reject", "fail", "drop")


class Workspace(TableParser):
    """The server is Google's; which host of the other side answered is told by address alone, where at all."""

    times = ("start_date", "date", "end_date")

    def row(self, row: Row, at: float, where: str) -> Iterator[Handover]:
        """A handover, if the event is one: mail coming in is none."""
        said = " ".join(
            row.get(name, "") for name in ("event_status", "delivery_status", "status", "smtp_reply_code", "smtp_reply")
        )
        status = _TARGETS.get(row.get("event_target", "").strip().lower(), "")
        low = said.lower()
        if any(word in low for word in _REFUSALS):
            status = "bounced"
        elif "progress" in low or "defer" in low or "retry" in low:
            status = "deferred"
        rcpt = row.get("recipient_address") or row.get("recipient", "")
        if status and rcpt:
            yield Handover(
                at=at,
                host="google",
                queue_id=row.get("message_id", ""),
                message_id=row.get("message_id", "").strip("<> "),
                sender=address(row.get("sender", "")),
                rcpt=address(rcpt),
                relay_host=row.get("event_destination", "") or row.get("remote_host", ""),
                relay_ip=row.get("ip_address", "") or row.get("destination_ip", ""),
                dsn=enhanced(said),
                status=status,
                response=" ".join(said.split()),
                where=where,
            )
