"""A node's milter under load: many connections, large messages, many recipients, mail servers that stop in the midst."""

import asyncio
import contextlib
import resource

import pytest

from missent.gateway import spool
from missent.milter.answers import CONTINUE, remove
from missent.testing.milter import Server

HEAD = b"From: anna@mod.example\r\nTo: r@navy.mil\r\nSubject: x\r\nMessage-ID: <%d@mod.example>\r\n"
SENDER = "<anna@mod.example>"


@pytest.fixture
def milter(house, free):
    """`async with milter(extra) as (house, connect)`; `connect()` is another connection of a mail server."""

    @contextlib.asynccontextmanager
    async def made(extra=""):
        port = free()
        async with house(f'[milter]\nlisten = "inet:127.0.0.1:{port}"\n{extra}') as h, contextlib.AsyncExitStack() as stack:

            async def connect(*, greeted=True):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                stack.callback(writer.close)
                server = Server(reader, writer)
                if greeted:
                    await server.connect("127.0.0.1")
                return server

            yield h, connect

    return made


async def mail(server, number, *rcpts, body=b"Hello\r\n"):
    """Answers to the recipients, and to the end."""
    granted = await server.rcpts(*(f"<{rcpt}>" for rcpt in rcpts), sender=SENDER)
    for line in (HEAD % number).split(b"\r\n")[:-1]:
        name, _, value = line.partition(b":")
        server.send(b"L", name + b"\0" + value + b"\0")
    server.send(b"N")
    for start in range(0, len(body), 65_535):
        server.send(b"B", body[start : start + 65_535])
        await server.writer.drain()
    return granted, await server.end()


def test_two_hundred_connections_at_once_and_the_next_is_hung_up_on(milter):
    """Hung up on, a mail server defers its client's mail."""

    async def play():
        async with milter("max_connections = 200") as (h, connect):
            servers = [await connect() for _ in range(200)]
            late = await connect(greeted=False)
            assert await late.hear() == b""
            ends = await asyncio.gather(*(mail(one, n, "r@navy.mil", "jane@army.ml") for n, one in enumerate(servers)))
            assert {end[-1] for _, end in ends} == {CONTINUE}
            assert all(remove("jane@army.ml") in end for _, end in ends)
            assert sum(len(hold.copies) for hold in h.store.holds.find(limit=500)) == 200

    asyncio.run(play())


def test_a_thousand_recipients_and_one_too_many(milter):
    async def play():
        async with milter() as (_, connect):
            server = await connect()
            granted, end = await mail(server, 1, "jane@army.ml", *(f"p{n}@navy.mil" for n in range(1000)))
            assert granted[:1000] == [CONTINUE] * 1000
            assert granted[1000][4:8] == b"y452"
            assert end[-2:] == [remove("jane@army.ml"), CONTINUE]

    asyncio.run(play())


def test_fifty_megabytes_are_held_whole_and_one_octet_too_many_is_refused(milter, monkeypatch):
    monkeypatch.setattr(spool, "LARGE_AT_ONCE", 1)
    film = b"A" * 76 + b"\r\n"
    body = film * (49_000_000 // len(film))

    async def play():
        async with milter("max_size = 50000000") as (h, connect):
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            one, other = await connect(), await connect()
            sent = await asyncio.gather(*(mail(server, n, "jane@army.ml", body=body) for n, server in enumerate((one, other))))
            assert [end[-1][4:5] for _, end in sent] == [b"d"] * 2
            kept = [h.store.holds.body(hold.id) for hold in h.store.holds.find()]
            assert [octets.endswith(body) for octets in kept] == [True] * 2
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            assert grown < (2 + 10) * len(body) / 1024, "two are here, and one is judged and kept at a time"
            _, end = await mail(await connect(), 3, "r@navy.mil", body=body + film * 20_000)
            assert end[-1][4:8] == b"y552"

    asyncio.run(play())


def test_mail_servers_that_stop_in_the_midst_hold_nobody_up(milter):
    """Half a packet, half a message, a connection without a word: a client of theirs may be slow for hours."""

    async def play():
        async with milter() as (h, connect):
            for _ in range(20):
                await connect(greeted=False)
                half = await connect()
                half.writer.write(b"\x00\x00\x00\x20M<an")
                midst = await connect()
                await midst.rcpts("<r@navy.mil>", sender=SENDER)
                midst.send(b"B", b"Hel")
            for number in range(10):
                async with asyncio.timeout(20):
                    _, end = await mail(await connect(), number, "jane@army.ml")
                assert end[-1][4:5] == b"d"
            assert len(h.store.holds.find()) == 10

    asyncio.run(play())
