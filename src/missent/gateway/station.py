"""What relay and milter share: the verdict, the durable hold, the memory of what went out, who is one of our own."""

import asyncio
import ipaddress
import secrets
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from missent.gateway import deciding
from missent.gateway.deciding import Plan
from missent.gateway.direction import answer_in
from missent.gateway.log import Record, log_fault, log_message, log_refused
from missent.gateway.ports import House, Judge, Judged
from missent.gateway.refusing import refusal
from missent.holds.book import HoldBook
from missent.message.reading import read
from missent.nouns.action import Action
from missent.nouns.envelope import Envelope
from missent.nouns.sighting import Sighting
from missent.smtp.reply import Reply

_WRITERS = 32
"""Threads that wait for the store: as many holds as one group commit may gather."""

_GATHER = 0.2
"""Seconds that sightings gather: twenty in one commit take a tenth of the processor time of twenty commits."""


class Station:
    """The house's side of every listener."""

    def __init__(self, judge: Judge, book: HoldBook, house: House) -> None:
        self.judge = judge
        self.house = house
        self._book = book
        self._untold: list[Sighting] = []
        self._timer: asyncio.TimerHandle | None = None
        self._telling, self._one_teller = threading.Lock(), threading.Lock()
        self._threads = ThreadPoolExecutor(_WRITERS, "gateway-store")

    async def refused(self, id_: str, envelope: Envelope) -> Reply | None:
        """The refusal of an envelope's only recipient, where the address alone decides. Raises StoreError."""
        if self.house.observe or deciding.bare_postmaster(envelope.rcpts[0]):
            return None
        judged = await self.judge(None, envelope)
        ruled = next(iter(judged.verdict.recipients), None)
        if ruled is None or ruled.action is not Action.BLOCK:
            return None
        reply = refusal(ruled, envelope.client, self.house.explain, utf8=envelope.options.smtputf8)
        log_refused(id_, envelope, reply, ruled)
        return reply

    async def keep(self, plan: Plan, judged: Judged, envelope: Envelope, raw: bytes) -> str:
        """Make durable what is not handed on, off the event loop. The hold's id, "" if nothing had to be kept.

        Raises StoreError.
        """
        if not plan.kept:
            return ""
        hold = deciding.hold(plan, judged, envelope, self.house, secrets.token_urlsafe(16), datetime.now(UTC))
        return (await asyncio.get_running_loop().run_in_executor(self._threads, self._book.keep, hold, raw)).id

    def all_refused(self, plan: Plan, envelope: Envelope) -> Reply:
        """The answer to a message of which every copy is blocked."""
        lines: list[str] = []
        for fate in plan.block[:20]:
            lines += refusal(fate.verdict, envelope.client, self.house.explain, utf8=envelope.options.smtputf8).lines
        return Reply(550, tuple(lines))

    def record(self, record: Record) -> None:
        """Write the line of one message; tell history of what was handed on. The client does not wait for it."""
        log_message(record)
        sender, rcpts = record.envelope.mail_from, tuple(fate.rcpt.address for fate in record.plan.deliver)
        message = record.judged.message
        if not record.reply.good or sender is None or not rcpts or message is None:
            return
        at = message.date or datetime.now(UTC)
        self.tell(Sighting(message.message_id, at, sender, rcpts, message.references, message.automatic))

    def tell(self, sighting: Sighting) -> None:
        """Tell history of one message, in a thread, with all that gather in a moment: each telling is a commit."""
        if self.house.remember is not None and self._first_of_some(sighting):
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_GATHER, self._threads.submit, self._tell_all)

    def learn_inbound(self, raw: bytes, envelope: Envelope) -> None:
        """Tell history of mail that came in, in a thread, if it may count as an answer at all."""
        if self.house.remember is not None and self.house.authserv_id:
            self._threads.submit(self._learned, raw, envelope)

    async def close(self) -> None:
        """Let what is under way in the store finish, and tell history the rest."""
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.to_thread(self._tell_all)
        await asyncio.to_thread(self._threads.shutdown)

    def _learned(self, raw: bytes, envelope: Envelope) -> None:
        sighting = answer_in(raw, read(raw), envelope.rcpts, self.house.authserv_id)
        if sighting is not None and self._first_of_some(sighting):
            self._tell_all()

    def _first_of_some(self, sighting: Sighting) -> bool:
        with self._telling:
            self._untold.append(sighting)
            return len(self._untold) == 1

    def _tell_all(self) -> None:
        with self._one_teller:
            with self._telling:
                sightings, self._untold = tuple(self._untold), []
            try:
                if sightings and self.house.remember is not None:
                    self.house.remember(sightings)
            except Exception as error:  # noqa: BLE001 - the edge of some messages: they are delivered, whatever history says
                log_fault(error, "remember")


Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


def networks(texts: Iterable[str]) -> Networks:
    """Networks from their text. Raises ValueError."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def within(ip: str, among: Networks) -> bool:
    """Whether a textual address lies in one of the networks; an IPv4 address mapped to IPv6 counts as IPv4."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return any((mapped or address) in network for network in among)
