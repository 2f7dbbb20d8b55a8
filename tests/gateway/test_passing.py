"""A copy that missent has let go comes by once; a forged, used, transplanted or outdated pass is taken off and no help."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import pytest

from missent.gateway.milter import serve_milter
from missent.gateway.ports import House
from missent.holds.passes import GOOD_FOR, Bearer, made
from missent.milter.answers import CONTINUE, DISCARD, remove, remove_field
from missent.nouns.address import Address
from missent.settings import MilterSettings
from missent.testing.gateway import Book, Judge
from missent.testing.passes import MemoryPasses

from .conftest import MESSAGE
from .test_milter import Server

ME, HELD = Address.parse("me@own.example"), "hold@army.ml"


def let_go(key=b"k" * 32, rcpt=HELD, sender=ME, raw=MESSAGE, at=None, id_="1.2.0"):
    """What the worker would send."""
    return made(key, id_, Bearer(sender, Address.parse(rcpt), raw), at or datetime.now(UTC)) + raw


class Front:
    """One of the two ways in, spoken to in the same words.

    Attributes:
        delivered: (recipients, message) of all that went on, without our own Received line.
    """

    def __init__(self, book, judge, passes, send):
        self.book, self.judge, self.passes, self.send, self.delivered = book, judge, passes, send, []

    ip = "192.0.2.1"

    async def mail(self, raw, *rcpts, sender="me@own.example"):
        """Send one; whether it was taken."""
        return await self.send(self, raw, rcpts or (HELD,), sender)


@contextlib.asynccontextmanager
async def relay(world):
    passes = MemoryPasses()
    async with world(house={"passes": passes, "networks": ("127.0.0.0/8",)}) as w:

        async def send(front, raw, rcpts, sender):
            talker = await w.talker()
            said = await talker.mail(*rcpts, sender=sender, message=raw)
            front.delivered = [(kept.rcpts, kept.raw.split(b"\r\n", 3)[3]) for kept in w.hop.kept]
            return said.startswith("250")

        front = Front(w.book, w.judge, passes, send)
        front.hop = w.hop
        yield front


@contextlib.asynccontextmanager
async def milter(_):
    book, judge, passes = Book(), Judge(), MemoryPasses()
    house = House(frozenset({"own.example"}), ("192.0.2.0/24",), passes=passes)
    listening = await serve_milter(MilterSettings(listen="inet:127.0.0.1:0"), judge, book, house)

    async def send(front, raw, rcpts, sender):
        reader, writer = await asyncio.open_connection("127.0.0.1", listening.port)
        server = Server(reader, writer)
        await server.connect(front.ip)
        await server.rcpts(*(f"<{rcpt}>" for rcpt in rcpts), sender=f"<{sender}>")
        header, _, body = raw.partition(b"\r\n\r\n")
        said = await server.message(header + b"\r\n", body)
        writer.close()
        gone = {rcpt for rcpt in rcpts if remove(rcpt) in said}
        if said[-1] == CONTINUE and set(rcpts) - gone:
            count = raw.count(b"Missent-Pass:")
            assert [p for p in said if p[4:5] == b"m"] == [remove_field("Missent-Pass", n) for n in range(count, 0, -1)]
            stripped = b"".join(line + b"\r\n" for line in raw.split(b"\r\n")[:-1] if not line.startswith(b"Missent-Pass"))
            front.delivered.append((tuple(r for r in rcpts if r not in gone), stripped))
        return said[-1] in (CONTINUE, DISCARD)

    try:
        yield Front(book, judge, passes, send)
    finally:
        await listening.close(grace=0.2)


@pytest.fixture(params=[relay, milter], ids=["relay", "milter"])
def front(request, world):
    return lambda: request.param(world)


def test_it_passes_once_unjudged_and_without_its_pass(front, run):
    async def main():
        async with front() as f:
            assert await f.mail(let_go())
            assert f.delivered == [((HELD,), MESSAGE)]
            assert f.judge.seen == [s for s in f.judge.seen if s[0] is None]  # at RCPT only the address is known
            assert f.book.held == {}
            assert f.passes.used == {"1.2.0"}

    run(main())


def test_used_a_second_time_it_is_taken_off_and_the_message_judged_and_kept_apart(front, run):
    """Apart: joined with the hold it was let go from, it would count as decided there, and be nowhere."""

    async def main():
        async with front() as f:
            await f.mail(MESSAGE)
            [first] = f.book.find()
            assert await f.mail(let_go())
            for _ in range(3):
                assert await f.mail(let_go())
            assert f.delivered == [((HELD,), MESSAGE)]
            second = {hold.id: hold for hold in f.book.find() if hold.id != first.id}
            assert [[c.state for c in hold.copies] for hold in second.values()] == [["held"]]
            assert f.book.body(*second) == MESSAGE

    run(main())


ATTACKS = {
    "forged with another key": let_go(key=b"x" * 32),
    "no pass but its name": b"Missent-Pass: 1 let me by\r\n" + MESSAGE,
    "out of date": let_go(at=datetime.now(UTC) - GOOD_FOR - timedelta(seconds=1)),
    "for another recipient": let_go(rcpt="hold@other.example"),
    "from another sender": let_go(sender=Address.parse("you@own.example")),
    "on another message": let_go() + b"one more line\r\n",
    "on another subject": let_go().replace(b"Subject: x", b"Subject: y"),
    "below a field that was put above": b"Subject: y\r\n" + let_go(),
    "twice": b"Missent-Pass: 1 x\r\n" + let_go(),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_does_not_fit_is_taken_off_and_judged(front, run, attack):
    async def main():
        async with front() as f:
            raw = ATTACKS[attack]
            assert await f.mail(raw)
            assert f.delivered == []
            assert f.book.held == {HELD: "held"}
            [hold] = f.book.find()
            assert b"Missent-Pass" not in f.book.body(hold.id)
            assert f.passes.used == set()
            assert await f.mail(let_go(id_="9.9.9"))  # the right bearer is not hindered
            assert len(f.delivered) == 1

    run(main())


def test_a_second_recipient_makes_it_worthless(front, run):
    async def main():
        async with front() as f:
            assert await f.mail(let_go(), HELD, "hold+2@army.ml")
            assert f.delivered == []
            assert set(f.book.held) == {HELD, "hold+2@army.ml"}

    run(main())


def test_a_letter_from_the_null_sender_passes(front, run):
    async def main():
        async with front() as f:
            assert await f.mail(let_go(sender=None), sender="")
            assert f.delivered == [((HELD,), MESSAGE)]

    run(main())


def test_of_many_bearers_at_once_one_passes(front, run):
    async def main():
        async with front() as f:
            assert all(await asyncio.gather(*(f.mail(let_go()) for _ in range(8))))
            assert f.delivered == [((HELD,), MESSAGE)]

    run(main())


def test_the_book_gone_is_451_and_the_pass_is_still_good(front, run):
    async def main():
        async with front() as f:
            f.passes.spend_pass = broken
            assert not await f.mail(let_go())
            del f.passes.spend_pass
            assert await f.mail(let_go())
            assert len(f.delivered) == 1

    run(main())


def broken(*_):
    from missent.errors import StoreError

    raise StoreError("disk full")


@pytest.mark.parametrize("stage", ["END", "DATA"])
@pytest.mark.parametrize("word", ["451 4.3.0 Later", "550 5.0.0 Never", "drop"])
def test_what_the_next_hop_does_not_take_has_its_pass_back(world, run, stage, word):
    async def main():
        async with relay(world) as f:
            f.hop.script = {stage: word}
            assert not await f.mail(let_go())
            assert f.passes.used == set()
            f.hop.script = {}
            assert await f.mail(let_go())
            assert f.delivered == [((HELD,), MESSAGE)]

    run(main())


def test_a_stranger_who_brings_mail_in_has_it_taken_off(run, world):
    async def main():
        async with milter(world) as f:
            f.ip = "203.0.113.9"
            assert await f.mail(b"Missent-Pass: 1 x\r\n" + MESSAGE, "ann@own.example", sender="eve@evil.example")
            assert f.delivered == [(("ann@own.example",), MESSAGE)]

    run(main())
