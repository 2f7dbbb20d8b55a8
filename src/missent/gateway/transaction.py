"""One message on its way through the relay, from MAIL to the last reply.

The next hop's transaction stands open beside the client's, so that its refusals reach the client per recipient and in
its words. After the final dot: judge, keep what is held (durably), hand on the rest; only then does the client hear 250.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from missent.errors import RelayError
from missent.gateway import connectors, trace
from missent.gateway.deciding import Plan
from missent.gateway.link import Link
from missent.gateway.log import Record
from missent.gateway.passing import Shown
from missent.gateway.spool import Spool
from missent.gateway.trace import Passage
from missent.holds.passes import take_out
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, MailOptions, Recipient
from missent.smtp.events import EndOfData, Mail, Rcpt
from missent.smtp.reply import Reply

if TYPE_CHECKING:
    from missent.gateway.relay import Relay

_TOO_MANY = Reply.of("452 4.5.3 Too many recipients, send the rest in another transaction")
_TOO_LARGE = Reply.of("552 5.3.4 Message is larger than this system takes")
_FULL = Reply.of("452 4.3.1 Insufficient system storage, try again later")
_BARE = Reply.of("550 5.6.11 Bare CR or LF in the message: lines end with CR LF (RFC 5321 2.3.8)")
_LOOP = Reply.of("554 5.4.6 Mail loop: this message was here before or has passed too many hosts")
_LOST = Reply.of("451 4.4.2 Connection to the next hop was lost, try again later")
_CHANGED = "4.3.0 Next hop now refuses a recipient it had granted, try again later"


class Transaction:
    """What is known of one message so far."""

    def __init__(self, relay: "Relay", link: Link, mail: Mail, passage: Passage, client: Client) -> None:
        self.id = secrets.token_hex(6)
        self._relay = relay
        self._link = link
        self._passage = passage
        self._client = client
        self._mailbox = mail.mailbox
        self._options = mail_options(mail.parameters)
        self._declared = int(mail.parameters.get("SIZE", "0"))
        self._rcpts: list[Recipient] = []
        self._spool = Spool(relay.settings.max_size)

    async def begin(self) -> Reply:
        """MAIL, as the next hop answers it."""
        if self._declared > self._relay.settings.max_size:
            return _TOO_LARGE
        if self._options.smtputf8 and "SMTPUTF8" not in await self._link.offer():
            return Reply.of("550 5.6.7 Next hop does not offer SMTPUTF8")
        return _ours(await self._link.mail(self._mailbox, self._options, self._declared))

    async def add(self, event: Rcpt) -> Reply:
        """RCPT: refused by policy where the address alone decides, else as the next hop answers it."""
        if len(self._rcpts) >= self._relay.settings.max_recipients:
            return _TOO_MANY
        address = Address.parse(event.mailbox)
        rcpt = Recipient(address, event.parameters.get("NOTIFY", ""), event.parameters.get("ORCPT", ""))
        refused = await self._relay.station.refused(self.id, self._envelope((rcpt,)))
        if refused is not None:
            return refused
        reply = _ours(await self._link.rcpt(rcpt))
        if reply.good:
            self._rcpts.append(rcpt)
        return reply

    def ready(self) -> Reply:
        """The answer to DATA."""
        return _LOST if self._link.lost else Reply.of("354 End data with <CR><LF>.<CR><LF>")

    def take(self, octets: bytes) -> None:
        """A piece of the message."""
        self._spool.write(octets)

    async def finish(self, end: EndOfData) -> Reply:
        """The final dot: the client's last reply, after everything it promises has been done."""
        async with self._relay.station.turns.turn(self._spool.size):
            return await self._finish(end)

    async def _finish(self, end: EndOfData) -> Reply:
        started = time.perf_counter()
        envelope = self._envelope(tuple(self._rcpts))
        raw = await self._spool.read()
        refused = self._unacceptable(end, raw)
        if refused is not None:
            self._relay.station.witness.refused(self.id, envelope, refused)
            return refused
        client = connectors.settled(raw, self._client, self._relay.station.house.connectors)
        if client is None:
            self._relay.station.witness.refused(self.id, envelope, connectors.NO_TENANT)
            return connectors.NO_TENANT
        envelope = replace(envelope, client=client)
        arrival = take_out(raw)
        shown, raw = await self._relay.station.passing.look(arrival, envelope), arrival.raw
        if shown.admitted:
            return await self._let_by(shown, envelope, raw)
        judged = await self._relay.station.judge(raw, envelope)
        plan = self._relay.station.plan(judged, envelope)
        kept = await self._relay.station.keep(plan, judged, envelope, raw, shown.id)
        reply = await self._hand_on(plan, envelope, raw)
        if kept.added and not reply.good and not reply.passes:
            await self._relay.station.withdraw(kept)
        took = time.perf_counter() - started
        self._relay.station.record(Record(self.id, envelope, judged, plan, reply, kept.id, len(raw), took))
        return reply

    def close(self) -> None:
        """Forget the message."""
        self._spool.close()

    def _unacceptable(self, end: EndOfData, raw: bytes) -> Reply | None:
        if end.bare:
            return _BARE
        if self._spool.too_large:
            return _TOO_LARGE
        if self._spool.full:
            return _FULL
        return _LOOP if trace.loops(raw, self._passage.instance) else None

    async def _let_by(self, shown: Shown, envelope: Envelope, raw: bytes) -> Reply:
        """Hand on a copy somebody has decided about; its pass is given back if the next hop does not take it."""
        taken = False
        try:
            reply = _ours(await self._link.data(raw, self._put_on()))
            taken = reply.good
        finally:
            if not taken:
                await self._relay.station.passing.give_back(shown)
        self._relay.station.witness.let_by(self.id, envelope, shown.id, reply)
        return reply

    async def _hand_on(self, plan: Plan, envelope: Envelope, raw: bytes) -> Reply:
        if not plan.deliver:
            held = Reply.of("250 2.0.0 Ok: held for a decision")
            return held if plan.hold else self._relay.station.all_refused(plan, envelope)
        if plan.kept:  # the open transaction names recipients that must not get it
            rcpts = tuple(fate.rcpt for fate in plan.deliver)
            refused = await self._link.again(self._mailbox, self._options, rcpts)
            if refused is not None:
                return _ours(refused) if refused.passes else Reply(451, (_CHANGED,))
        return _ours(await self._link.data(raw, self._put_on()))

    def _put_on(self) -> bytes:
        """The fields that go on top of the message."""
        field = self._relay.station.house.processed
        processed = f"{field[0]}: {field[1]}\r\n".encode("ascii") if field else b""
        return trace.received(self._passage_of_this(), datetime.now(UTC)) + processed

    def _passage_of_this(self) -> Passage:
        p = self._passage
        utf8 = self._options.smtputf8
        return Passage(p.helo, p.ip, p.host, p.instance, self.id, p.extended, p.encrypted, utf8)

    def _envelope(self, rcpts: tuple[Recipient, ...]) -> Envelope:
        mail_from = Address.parse(self._mailbox) if self._mailbox else None
        return Envelope(mail_from, rcpts, self._options, self._client)


def mail_options(parameters: Mapping[str, str]) -> MailOptions:
    """What MAIL's parameters ask for, to be passed on."""
    return MailOptions(
        smtputf8="SMTPUTF8" in parameters,
        body=parameters.get("BODY", ""),
        ret=parameters.get("RET", ""),
        envid=parameters.get("ENVID", ""),
    )


def _ours(reply: Reply) -> Reply:
    """The next hop's reply as ours. Its 421 hangs up its connection, not the client's: there it is a 451."""
    return Reply(451, reply.lines) if reply.code == 421 else reply


def deferred(error: RelayError) -> Reply:
    """What the client is told when the next hop fails us."""
    return Reply(451, tuple(error.text.split("\n")))
