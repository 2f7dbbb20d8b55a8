"""One message as the milter sees it: recipients answered one by one, the verdict carried out at its end.

What is held is durable before the mail server hears that a recipient goes: a crash in between is a 451 to the client,
which comes back, and the hold's key makes its second try the same hold.
"""

import time

from missent.errors import PeerError
from missent.gateway import connectors
from missent.gateway.deciding import Plan
from missent.gateway.direction import comes_in
from missent.gateway.log import Record
from missent.gateway.milter_paths import recipient, sender
from missent.gateway.spool import Spool
from missent.gateway.station import Station
from missent.holds.passes import FIELD, Arrival, take_out
from missent.milter import answers
from missent.milter.events import Mail, Rcpt
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, MailOptions, Recipient
from missent.settings import MilterSettings
from missent.smtp.reply import Reply

_LEARNED = 1 << 18
"""Octets kept of an inbound message, for history."""

_TOO_MANY = Reply.of("452 4.5.3 Too many recipients, send the rest in another transaction")
_TOO_LARGE = Reply.of("552 5.3.4 Message is larger than this system takes")
_FULL = Reply.of("452 4.3.1 Insufficient system storage, try again later")
_NO_SENDER = Reply.of("501 5.1.7 Reverse-path cannot be read")
_NO_RCPT = Reply.of("501 5.1.3 Recipient cannot be read")
_OK = Reply.of("250 2.0.0 Ok")


class MilterMessage:
    """What is known of one message so far. Its answers are packets."""

    def __init__(self, station: Station, settings: MilterSettings, mail: Mail, client: Client) -> None:
        self._station = station
        self._settings = settings
        self._client = client
        self._readable = True
        self._mail_from: Address | None = None
        self._options = MailOptions()
        self._rcpts: list[Recipient] = []
        self._spool = Spool(settings.max_size)
        self._inbound: bool | None = None  # known once all recipients are
        self._unsettled = False  # whether the header must say whose mail it is
        try:
            self._mail_from, self._options = sender(mail)
        except PeerError:
            self._readable = False

    async def add(self, event: Rcpt, id_: str) -> bytes:
        """RCPT: refused by policy where the address alone decides, else granted. Raises StoreError."""
        if not self._readable:
            return answers.refuse(_NO_SENDER)
        if len(self._rcpts) >= self._settings.max_recipients:
            return answers.refuse(_TOO_MANY)
        try:
            rcpt = recipient(event)
        except PeerError:
            return answers.refuse(_NO_RCPT)
        alone = self._envelope((rcpt,))
        refused = None if comes_in(alone, self._station.house) else await self._station.refused(id_, alone)
        if refused is not None:
            return answers.refuse(refused)
        self._rcpts.append(rcpt)
        return answers.CONTINUE

    def take(self, octets: bytes) -> None:
        """A piece of the message. Of inbound mail only what history reads is kept."""
        if self._inbound is None:
            house = self._station.house
            self._unsettled = bool(connectors.shown(self._client, house.connectors))
            self._inbound = not self._unsettled and comes_in(self._envelope(tuple(self._rcpts)), house)
        if not self._inbound or self._spool.size < _LEARNED:
            self._spool.write(octets)

    async def finish(self, id_: str) -> bytes:
        """The end of the message: the verdict, after everything it promises has been done. Raises StoreError."""
        async with self._station.turns.turn(self._spool.size):
            return await self._finish(id_)

    async def _finish(self, id_: str) -> bytes:
        started = time.perf_counter()
        if self._unsettled and not await self._settle():
            self._station.witness.refused(id_, self._envelope(tuple(self._rcpts)), connectors.NO_TENANT)
            return answers.refuse(connectors.NO_TENANT)
        envelope = self._envelope(tuple(self._rcpts))
        if self._inbound:
            self._station.witness.inbound(id_, envelope)
            arrival = take_out(await self._spool.read())
            self._station.learn_inbound(arrival.raw, envelope)
            return _without(arrival) + answers.CONTINUE
        refused = (_TOO_LARGE if self._spool.too_large else None) or (_FULL if self._spool.full else None)
        if refused is not None:
            self._station.witness.refused(id_, envelope, refused)
            return answers.refuse(refused)
        arrival = take_out(await self._spool.read())
        shown, raw = await self._station.passing.look(arrival, envelope), arrival.raw
        if shown.admitted:
            self._station.witness.let_by(id_, envelope, shown.id, _OK)
            return _without(arrival) + answers.CONTINUE
        judged = await self._station.judge(raw, envelope)
        plan = self._station.plan(judged, envelope)
        kept = await self._station.keep(plan, judged, envelope, raw, shown.id)
        reply = _OK if plan.deliver or plan.hold else self._station.all_refused(plan, envelope)
        took = time.perf_counter() - started
        self._station.record(Record(id_, envelope, judged, plan, reply, kept.id, len(raw), took))
        return _carried_out(plan, reply, _without(arrival) + self._processed())

    async def _settle(self) -> bool:
        """Whose mail it is, from its header; False if a stranger's tenant wants to send it out through us."""
        house = self._station.house
        client = connectors.settled(await self._spool.read(), self._client, house.connectors)
        if client is not None:
            self._client = client
            return True
        self._inbound = comes_in(self._envelope(tuple(self._rcpts)), house)
        return self._inbound

    def close(self) -> None:
        """Forget the message."""
        self._spool.close()

    def _processed(self) -> bytes:
        field = self._station.house.processed
        return answers.add_field(*field) if field else b""

    def _envelope(self, rcpts: tuple[Recipient, ...]) -> Envelope:
        return Envelope(self._mail_from, rcpts, self._options, self._client)


def _without(arrival: Arrival) -> bytes:
    """The removal of every pass field: whoever gets the message has no use for one. The last goes first, so that a mail
    server that counts anew after each removal removes the same ones.
    """
    return b"".join(answers.remove_field(FIELD, nth) for nth in range(len(arrival.values), 0, -1))


def _carried_out(plan: Plan, reply: Reply, fields: bytes) -> bytes:
    """The plan as packets; `fields` takes passes off and puts on what is wanted. Removing every recipient and discarding come
    to the same; the latter needs no names to match.
    """
    if not reply.good:
        return answers.refuse(reply)
    if not plan.deliver:
        return answers.DISCARD
    gone = dict.fromkeys(fate.rcpt.address.written for fate in plan.kept)
    return b"".join([fields, *map(answers.remove, gone), answers.CONTINUE])
