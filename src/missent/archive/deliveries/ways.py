"""The way of one message to one recipient through the servers whose logs are given, and how it ended."""

from collections.abc import Callable, Iterable

from missent.archive.acceptance import Acceptance, Accepted
from missent.archive.deliveries.whys import NO, YES
from missent.archive.logs.handover import Handover

_REFUSALS = {"bounced": "refused", "expired": "expired", "discarded": "discarded"}

Judge = Callable[[Handover], str]
"""Why a handover that was answered 250 counts or not: an id of `WHYS`."""


def outcome(hops: Iterable[Handover], judge: Judge) -> Acceptance:
    """The end of a way; `hops` are all its handovers in order of time, at least one.

    A queue's last word counts: deferred, then sent is sent. A handover that the next server's own log goes on with says
    nothing by itself, unless the recipient's side gave the answer. Accepted on one of several ways is accepted.
    """
    hops = list(hops)
    last: dict[tuple[str, str], Handover] = {}
    for hop in hops:
        before = last.get((hop.host, hop.queue_id))
        if not hop.rcpt and before:  # a queue's end concerns whoever was still waiting in it
            hop = before._replace(status=hop.status, at=hop.at) if before.status == "deferred" else before  # noqa: PLW2901
        last[hop.host, hop.queue_id] = hop
    named = {hop.queue_id for hop in hops}
    ends = []
    for hop in last.values():
        why = _why(hop, judge)
        followed = hop.next_queue_id in named or any(_later(other, hop) for other in last.values())
        if why in YES or not (hop.status == "sent" and followed):
            ends.append((why, hop))
    why, hop = min(ends or [(_why(hops[-1], judge), hops[-1])], key=lambda end: (_rank(end[0]), -end[1].at))
    return Acceptance(
        accepted=Accepted.YES if why in YES else Accepted.NO if why in NO else Accepted.UNKNOWN,
        host=hop.relay_host,
        ip=hop.relay_ip,
        replies=tuple(one.response or one.status for one in hops),
        where=tuple(dict.fromkeys(one.where for one in hops)),
        why=why,
    )


def _why(hop: Handover, judge: Judge) -> str:
    if hop.status == "sent":
        return judge(hop)
    if hop.status == "delivered":
        return "own-mailbox"
    return _REFUSALS.get(hop.status, hop.status)


def _later(other: Handover, hop: Handover) -> bool:
    """Whether another server went on with the message, told by Message-ID: not every reply names a queue."""
    return other.host != hop.host and other.at >= hop.at and other.message_id == hop.message_id != ""


def _rank(why: str) -> int:
    """Yes before unknown before no: `no` only if it is so on every way."""
    return 0 if why in YES else 2 if why in NO else 1
