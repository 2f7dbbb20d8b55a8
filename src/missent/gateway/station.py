"""What relay and milter share: the verdict, the durable hold, the memory of what went out, who is one of our own."""

import asyncio
import ipaddress
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from missent.gateway import deciding
from missent.gateway.deciding import Plan
from missent.gateway.direction import answer_in
from missent.gateway.log import Record, Witness
from missent.gateway.passing import Passing
from missent.gateway.ports import House, Judge, Judged
from missent.gateway.refusing import refusal
from missent.gateway.remembering import Remembering
from missent.gateway.spool import Turns
from missent.holds.book import HoldBook
from missent.holds.key import apart_key
from missent.message.reading import read
from missent.nouns.action import Action
from missent.nouns.envelope import Envelope
from missent.nouns.sighting import Sighting
from missent.smtp.reply import Reply

_WRITERS = 32
"""Threads that wait for the store: as many holds as one group commit may gather."""


class Kept(NamedTuple):
    """What one transaction had kept: the hold's id, and the numbers of those of its copies that are new."""

    id: str = ""
    added: tuple[int, ...] = ()


NOTHING = Kept()


class Station:
    """The house's side of every listener."""

    def __init__(self, judge: Judge, book: HoldBook, house: House) -> None:
        self.judge = judge
        self.house = house
        self.witness = Witness(house.log_addresses, house.meter)
        self._book = book
        self.turns = Turns()
        self._threads = ThreadPoolExecutor(_WRITERS, "gateway-store")
        self.passing = Passing(house.passes, self._threads)
        self._remembering = Remembering(house.remember, self._threads) if house.remember else None

    def adopt(self, house: House) -> None:
        """Take up a changed house for the messages to come; who remembers stays."""
        self.house = house
        self.witness = Witness(house.log_addresses, house.meter)

    async def refused(self, id_: str, envelope: Envelope) -> Reply | None:
        """The refusal of an envelope's only recipient, where the address alone decides. Raises StoreError."""
        if self.house.observe or deciding.bare_postmaster(envelope.rcpts[0]):
            return None
        judged = await self.judge(None, envelope)
        ruled = next(iter(judged.verdict.recipients), None)
        if ruled is None or ruled.action is not Action.BLOCK:
            return None
        reply = refusal(ruled, envelope.client, self.house.explain, utf8=envelope.options.smtputf8)
        self.witness.refused(id_, envelope, reply, ruled)
        return reply

    def plan(self, judged: Judged, envelope: Envelope) -> Plan:
        """What is done with each copy."""
        asks = deciding.asks_sender(envelope, judged, self.house)
        return deciding.plan(judged.verdict, envelope, observe=self.house.observe, asks=asks)

    async def keep(self, plan: Plan, judged: Judged, envelope: Envelope, raw: bytes, apart: str = "") -> Kept:
        """Make durable what is not handed on, and what its sender is warned of. What was kept, NOTHING if there was none.

        A warning, too, is recorded before anything leaves: a store that fails answers 451, and nothing is lost or doubled.
        `apart` makes it a hold of its own (`Shown.id`). Raises StoreError.
        """
        if not plan.kept and not plan.warned:
            return NOTHING
        hold = deciding.hold(plan, judged, envelope, self.house, secrets.token_hex(16), datetime.now(UTC))
        if apart:
            hold = replace(hold, key=apart_key(hold.key, apart))
        kept = await asyncio.get_running_loop().run_in_executor(self._threads, self._book.keep, hold, raw)
        return Kept(kept.id, tuple(copy.id for copy in kept.copies if copy.changed == hold.created))

    async def withdraw(self, kept: Kept) -> None:
        """The next hop refused the message for good, and its client hears so: what it brought is not to be asked about.

        Copies that stood in the hold before are another transaction's, which may have been answered 250.
        """
        now = datetime.now(UTC)
        await asyncio.get_running_loop().run_in_executor(self._threads, self._book.withdraw, kept.id, kept.added, now)

    def all_refused(self, plan: Plan, envelope: Envelope) -> Reply:
        """The answer to a message of which every copy is blocked."""
        lines: list[str] = []
        for fate in plan.block[:20]:
            lines += refusal(fate.verdict, envelope.client, self.house.explain, utf8=envelope.options.smtputf8).lines
        return Reply(550, tuple(lines))

    def record(self, record: Record) -> None:
        """Write the line of one message; tell history of what was handed on. The client does not wait for it."""
        self.witness.message(record)
        sender, rcpts = record.envelope.mail_from, tuple(fate.rcpt.address for fate in record.plan.deliver)
        message = record.judged.message
        if not record.reply.good or sender is None or not rcpts or message is None:
            return
        verdict = record.judged.verdict
        sighting = Sighting(message.message_id, datetime.now(UTC), sender, rcpts, message.references, message.automatic)
        self._tell(replace(sighting, traits=verdict.traits, score=verdict.score, marks=verdict.marks, marking=verdict.marking))

    def learn_inbound(self, raw: bytes, envelope: Envelope) -> None:
        """Tell history of mail that came in, in a thread, if it may count as an answer at all."""
        if self.house.remember is not None and self.house.authserv_id:
            self._threads.submit(self._learned, raw, envelope)

    async def close(self) -> None:
        """Let what is under way in the store finish."""
        await asyncio.to_thread(self._threads.shutdown)

    def _learned(self, raw: bytes, envelope: Envelope) -> None:
        message = read(raw)
        sighting = answer_in(raw, message, envelope.rcpts, self.house.authserv_id)
        if sighting is not None:
            self._tell(replace(sighting, traits=self.house.traits(raw, message) if self.house.traits else b""))

    def _tell(self, sighting: Sighting) -> None:
        if self._remembering is not None:
            self._remembering.tell(sighting)


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
