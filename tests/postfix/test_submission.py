"""Submission with accounts: authenticated is outbound and judged, wherever it comes from; a stranger's is not ours."""

import asyncio
import base64
import contextlib

import pytest

from missent.gateway.milter import serve_milter
from missent.gateway.ports import House
from missent.settings import MilterSettings
from missent.testing.gateway import Book, Judge
from missent.testing.next_hop import KeepingNextHop
from missent.testing.postfix import accounts, why_no_accounts

pytestmark = pytest.mark.skipif(bool(why_no_accounts()), reason=why_no_accounts())

HOUSE = House(domains=frozenset({"own.example"}), networks=("192.0.2.0/24",))
MESSAGE = b"From: alex@own.example\r\nMessage-ID: <1@own.example>\r\n\r\nHello\r\n"
OUTSIDE = "203.0.113.9"


@pytest.fixture
def submission(folder, postfix, client, run):
    """`submission(story)`: the story gets a client from outside, the judge, the book and what the next hop got."""

    async def play(story):
        async with KeepingNextHop() as hop:
            book, judge = Book(), Judge()
            socket = f"unix:{folder}/milter.sock"
            milter = await serve_milter(MilterSettings(listen=socket, socket_mode="0666"), judge, book, HOUSE)
            (folder / "postfix0").mkdir(mode=0o755)
            options = accounts(folder / "postfix0", "own.example", {"alex": "let me in"})
            taken = "-o mynetworks=192.0.2.0/24"
            server = await asyncio.to_thread(postfix, hop.port, f"-o smtpd_milters={socket} {options} {taken}")
            try:
                async with client(server.ports[0], OUTSIDE) as c:
                    await story(c, judge, book, hop)
            finally:
                await milter.close(grace=0.2)

    return lambda story: run(play(story))


@pytest.fixture
def run():
    return lambda main: asyncio.run(asyncio.wait_for(main, 40))


async def authenticate(client, password="let me in"):
    return await client.say(b"AUTH PLAIN " + base64.b64encode(f"\0alex@own.example\0{password}".encode()))


async def kept(hop, count):
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(5):
            while len(hop.kept) < count:  # noqa: ASYNC110 - another process decides
                await asyncio.sleep(0.01)
    return [message.rcpts for message in hop.kept]


def test_an_authenticated_user_from_outside_is_judged_and_asked(submission):
    async def story(client, judge, book, hop):
        assert (await authenticate(client)).startswith("235")
        said = await client.mail("<hold@army.ml>", "<ann@b.example>", message=MESSAGE, sender="<alex@own.example>")
        assert said.startswith("250")
        assert await kept(hop, 1) == [("ann@b.example",)]
        assert book.held == {"hold@army.ml": "held"}
        assert judge.seen[-1][1].client.own
        assert judge.seen[-1][1].client.ip == OUTSIDE
        assert book.find()[0].asks_sender

    submission(story)


def test_an_authenticated_user_who_writes_to_a_colleague_is_judged_too(submission):
    async def story(client, _, book, hop):
        await authenticate(client)
        assert (await client.mail("<hold@own.example>", message=MESSAGE, sender="<alex@own.example>")).startswith("250")
        assert book.held == {"hold@own.example": "held"}
        assert await kept(hop, 0) == []

    submission(story)


def test_a_stranger_passes_to_us_unjudged_and_to_others_not_at_all(submission):
    async def story(client, judge, book, hop):
        assert (await authenticate(client, "guessed")).startswith("535")
        assert (await client.say("MAIL FROM:<alex@own.example>")).startswith("250")
        assert (await client.say("RCPT TO:<hold@army.ml>")).startswith("554 5.7.1")
        assert (await client.say("RSET")).startswith("250")
        assert (await client.mail("<hold@own.example>", message=MESSAGE, sender="<alex@own.example>")).startswith("250")
        assert await kept(hop, 1) == [("hold@own.example",)]
        assert book.held == {}
        assert [raw for raw, _ in judge.seen if raw] == []

    submission(story)
