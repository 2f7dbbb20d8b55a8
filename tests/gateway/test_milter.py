"""The milter as a mail server sees it, on real sockets, without the mail server."""

import asyncio
import contextlib
import socket
import stat
import tempfile
from pathlib import Path

import pytest

from missent.errors import ConfigError
from missent.gateway.milter import serve_milter
from missent.gateway.ports import House
from missent.milter.answers import CONTINUE, DISCARD, PROGRESS, remove
from missent.settings import MilterSettings
from missent.testing.gateway import Book, Judge
from missent.testing.milter import HEADER, Server

OWN = House(domains=frozenset({"own.example"}), networks=("192.0.2.0/24",))


class World:
    def __init__(self, milter, book, judge, told):
        self.milter, self.book, self.judge, self.told = milter, book, judge, told

    @contextlib.asynccontextmanager
    async def server(self, ip="192.0.2.1"):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.milter.port)
        server = Server(reader, writer)
        try:
            if ip:
                await server.connect(ip)
            yield server
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def learned(self):
        """What history was told, once everything is through."""
        await self.milter.close(grace=1)
        return self.told


@contextlib.asynccontextmanager
async def a_world(authserv_id="", **settings):
    book, judge, told = Book(), Judge(), []
    house = House(OWN.domains, OWN.networks, authserv_id=authserv_id, remember=told.extend)
    milter = await serve_milter(MilterSettings(listen="inet:127.0.0.1:0", **settings), judge, book, house)
    try:
        yield World(milter, book, judge, told)
    finally:
        await milter.close(grace=0.2)


WAYS = {
    "our network, outside recipient": ("192.0.2.1", "", ("<hold@army.ml>",), True),
    "our network, our recipient": ("192.0.2.1", "", ("<hold@own.example>",), True),
    "a stranger to ours": ("203.0.113.9", "", ("<hold@own.example>", "<hold@sub.own.example>", "<postmaster>"), False),
    "a stranger to a stranger": ("203.0.113.9", "", ("<hold@own.example>", "<hold@army.ml>"), True),
    "authenticated from outside": ("203.0.113.9", "alex", ("<hold@own.example>",), True),
    "an address nobody knows": ("unknown", "", ("<hold@army.ml>",), True),
}


@pytest.mark.parametrize("name", WAYS)
def test_direction_is_decided_by_client_and_recipients(run, name):
    ip, auth, rcpts, judged = WAYS[name]

    async def main():
        async with a_world() as w, w.server(ip) as server:
            assert await server.rcpts(*rcpts, auth=auth) == [CONTINUE] * len(rcpts)
            assert await server.message() == ([DISCARD] if judged else [CONTINUE])
            assert bool(w.book.held) is judged
            assert {envelope.client.own for _, envelope in w.judge.seen} <= {ip == "192.0.2.1" or bool(auth)}

    run(main())


def test_who_was_authenticated_is_so_for_one_message_only(run):
    async def main():
        async with a_world() as w, w.server("203.0.113.9") as server:
            await server.rcpts("<hold@own.example>", auth="alex")
            assert await server.message() == [DISCARD]
            await server.rcpts("<hold@own.example>")
            assert await server.message() == [CONTINUE]

    run(main())


def test_a_suggestion_is_for_our_own_people_only(run):
    async def main():
        async with a_world() as w:
            for ip, told in (("192.0.2.1", True), ("203.0.113.9", False)):
                async with w.server(ip) as server:
                    [answer] = await server.rcpts("<block@army.ml>")
                    assert answer[4:].startswith(b"y550-5.7.1 <block@army.ml> is refused")
                    assert (b"right.example" in answer) is told

    run(main())


PASSED = b"Authentication-Results: mx.own.example; dmarc=pass header.from=b.example\r\n"
FAILED = PASSED.replace(b"=pass", b"=fail")
RECEIVED = b"Received: from x by y; Mon, 23 Nov 2026 12:00:00 +0000\r\n"

ANSWERS = {
    "our server says so": (PASSED + RECEIVED + HEADER, True),
    "our server says it is not": (FAILED + PASSED + RECEIVED + HEADER, False),
    "nobody says anything": (RECEIVED + HEADER, False),
    "forged: brought along below a Received": (RECEIVED + PASSED + HEADER, False),
    "forged: in another server's name": (PASSED.replace(b"mx.own", b"mx.b") + RECEIVED + HEADER, False),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_inbound_mail_is_an_answer_only_if_our_own_server_says_who_it_is_from(run, name):
    fields, counts = ANSWERS[name]

    async def main():
        async with a_world(authserv_id="mx.own.example") as w:
            async with w.server("203.0.113.9") as server:
                await server.rcpts("<me@own.example>", sender="<ann@b.example>")
                assert await server.message(fields) == [CONTINUE]
            told = [(seen.sender.spec, [rcpt.spec for rcpt in seen.rcpts], seen.replies_to) for seen in await w.learned()]
            assert told == ([("ann@b.example", ["me@own.example"], ("1@own.example",))] if counts else [])

    run(main())


def test_what_was_delivered_is_remembered_what_was_held_is_not(run):
    async def main():
        async with a_world() as w:
            async with w.server() as server:
                await server.rcpts("<ann@b.example>", "<hold@army.ml>")
                assert await server.message() == [remove("hold@army.ml"), CONTINUE]
            assert [[rcpt.spec for rcpt in seen.rcpts] for seen in await w.learned()] == [["ann@b.example"]]

    run(main())


@pytest.mark.parametrize("sender", ["<a\x01b@x>", "<\udcff@x>", "<a@x> y"])
def test_a_sender_or_recipient_with_two_readings_is_refused(run, sender):
    async def main():
        async with a_world() as w, w.server() as server:
            [answer] = await server.rcpts("<ann@b.example>", sender=sender)
            assert answer[4:].startswith(b"y501 5.1.7")
            server.send(b"A")
            assert [a[4:].startswith(b"y501 5.1.3") for a in await server.rcpts("<a>b@army.ml>", "<ann@b.example>")] == [
                True,
                False,
            ]

    run(main())


def test_limits(run):
    async def main():
        async with a_world(max_recipients=1, max_size=300, max_connections=1) as w, w.server() as server:
            answers = await server.rcpts("<ann@b.example>", "<bob@b.example>")
            assert answers[0] == CONTINUE
            assert answers[1][4:].startswith(b"y452 4.5.3")
            [answer] = await server.message(body=b"x" * 1000)
            assert answer[4:].startswith(b"y552 5.3.4")
            await server.rcpts("<ann@b.example>")
            assert await server.message() == [CONTINUE]
            async with w.server(ip="") as other:
                assert await other.hear() == b""

    run(main())


def test_signs_of_life_while_a_verdict_takes_its_time(run):
    async def main():
        async with a_world() as w, w.server() as server:
            w.milter.progress_every = 0.01
            await server.rcpts("<ann@b.example>")
            w.judge.delay = 0.1
            answers = await server.message()
            assert answers[-1] == CONTINUE
            assert len(answers) > 2
            assert set(answers[:-1]) == {PROGRESS}

    run(main())


def test_a_retry_is_the_same_hold(run):
    async def main():
        async with a_world() as w:
            for _ in range(2):
                async with w.server() as server:
                    await server.rcpts("<hold@army.ml>", "<ann@b.example>")
                    await server.message()
            assert len(w.book.find()) == 1
            assert w.book.held == {"hold@army.ml": "held"}

    run(main())


def test_whoever_breaks_the_protocol_is_hung_up_on_and_others_go_on(run):
    async def main():
        async with a_world() as w, w.server() as server, w.server(ip="") as stranger:
            stranger.writer.write(b"GET / HTTP/1.1\r\n\r\n")
            assert await stranger.hear() == b""
            await server.rcpts("<ann@b.example>")
            assert await server.message() == [CONTINUE]

    run(main())


def test_closing_hangs_up_on_the_idle_and_cuts_off_who_takes_too_long(run):
    async def main():
        async with a_world() as w, w.server() as idle, w.server() as busy:
            await busy.rcpts("<ann@b.example>")
            await w.milter.close(grace=0.1)
            assert await idle.hear() == b""
            assert await busy.hear() == b""

    run(main())


@pytest.fixture
def short():
    """A folder whose name is short enough for a UNIX socket."""
    with tempfile.TemporaryDirectory(prefix="missent-") as name:
        yield Path(name)


def test_the_unix_socket_has_its_mode_replaces_a_dead_one_and_is_gone_afterwards(run, short):
    async def main():
        path = short / "m.sock"
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(path))
        settings = MilterSettings(listen=f"unix:{path}", socket_mode="0600")
        milter = await serve_milter(settings, Judge(), Book(), OWN)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with pytest.raises(ConfigError, match="already running"):
            await serve_milter(settings, Judge(), Book(), OWN)
        await milter.close(grace=0.1)
        assert not path.exists()

    run(main())


def test_a_socket_that_is_not_to_be_had_is_one_line(run, short):
    async def main():
        (short / "file").write_text("x")
        for listen, said in {
            f"unix:{short}/file": "it is no socket",
            f"unix:{short}/no/such": r"listen = .*No such file",
            "inet:192.0.2.1:1": r"\[milter\] listen = inet:192",
        }.items():
            with pytest.raises(ConfigError, match=said):
                await serve_milter(MilterSettings(listen=listen), Judge(), Book(), OWN)
        group = MilterSettings(listen=f"unix:{short}/s", socket_group="nobody-has-this")
        with pytest.raises(ConfigError, match="no such group"):
            await serve_milter(group, Judge(), Book(), OWN)

    run(main())
