"""The milter in a real Postfix: from its client's MAIL to what the next hop gets."""

import asyncio
import contextlib
import re

import pytest

from missent.errors import StoreError
from missent.gateway.milter import serve_milter
from missent.gateway.ports import House
from missent.settings import MilterSettings
from missent.testing.gateway import Book, Judge
from missent.testing.next_hop import KeepingNextHop

MESSAGE = b"Message-ID: <1@a.example>\r\nSubject: x\r\n\tfolded  \r\nTo: ann@b.example\r\n\r\nHello\r\n.dot\r\n"
HOUSE = House(domains=frozenset({"own.example"}), networks=("127.0.0.0/8",))


class World:
    """Postfix with the milter, and what is behind both."""

    def __init__(self, hop, book, judge, milter, server):
        self.hop, self.book, self.judge, self.milter, self.server = hop, book, judge, milter, server

    async def kept(self, count):
        """The messages the next hop got, at least so many, with Postfix's own Received line cut off."""
        async with asyncio.timeout(10):
            while len(self.hop.kept) < count:  # noqa: ASYNC110 - another process decides
                await asyncio.sleep(0.01)
        return [(tuple(sorted(kept.rcpts)), without_received(kept.raw)) for kept in self.hop.kept]

    async def quiet(self):
        """Wait until Postfix has nothing left to do."""
        async with asyncio.timeout(10):
            while self.server.waiting():  # noqa: ASYNC110 - another process decides
                await asyncio.sleep(0.01)


def without_received(raw):
    return re.sub(rb"\AReceived: .*(?:\r\n[ \t].*)*\r\n", b"", raw)


@pytest.fixture
def world(folder, postfix):
    @contextlib.asynccontextmanager
    async def running(house=HOUSE, listen="", **settings):
        async with KeepingNextHop() as hop:
            book, judge = Book(), Judge()
            where = listen or f"unix:{folder}/milter.sock"
            milter = await serve_milter(MilterSettings(listen=where, socket_mode="0666", **settings), judge, book, house)
            where = f"inet:127.0.0.1:{milter.port}" if milter.port else where
            filtered = f"-o smtpd_milters={where}"
            server = await asyncio.to_thread(postfix, hop.port, filtered, f"{filtered} -o mynetworks=0.0.0.0/0")
            try:
                yield World(hop, book, judge, milter, server)
            finally:
                await milter.close(grace=0.2)

    return running


@pytest.fixture
def run():
    return lambda main: asyncio.run(asyncio.wait_for(main, 40))


@pytest.mark.parametrize("listen", ["", "inet:127.0.0.1:0"])
def test_a_clean_message_passes_octet_for_octet(world, client, run, listen):
    async def main():
        async with world(listen=listen) as w, client(w.server.ports[0]) as c:
            raw = MESSAGE.replace(b"Subject:", b"X-Raw:\xff\xe4  \r\nX-Empty:\r\nsubject:") + b"\xff" * 5000 + b"\r\n"
            assert (await c.mail("<ann@b.example>", "<bob@b.example>", message=raw)).startswith("250")
            assert await w.kept(1) == [(("ann@b.example", "bob@b.example"), raw)]
            assert w.judge.seen[-1][0] == raw
            assert w.judge.seen[-1][1].client.own
            assert w.book.held == {}

    run(main())


def test_of_three_one_is_held_and_the_others_get_theirs(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as c:
            assert (await c.mail("<ann@b.example>", "<hold@army.ml>", "<bob@b.example>", message=MESSAGE)).startswith("250")
            assert await w.kept(1) == [(("ann@b.example", "bob@b.example"), MESSAGE)]
            assert w.book.held == {"hold@army.ml": "held"}
            [hold] = w.book.find()
            assert w.book.body(hold.id) == MESSAGE
            assert hold.asks_sender

    run(main())


def test_each_message_of_a_connection_is_its_own_also_after_rset(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as c:
            await c.mail("<ann@b.example>", "<hold@army.ml>", message=MESSAGE)
            await c.say("MAIL FROM:<me@own.example>")
            await c.say("RCPT TO:<hold+reset@army.ml>")
            assert (await c.say("RSET")).startswith("250")
            await c.mail("<hold+2@army.ml>", message=MESSAGE)
            await c.mail("<bob@b.example>", message=MESSAGE)
            await c.mail("<hold+3@army.ml>", "<eve@b.example>", message=MESSAGE)
            kept = await w.kept(3)
            await w.quiet()
            assert sorted(rcpts for rcpts, _ in kept) == [("ann@b.example",), ("bob@b.example",), ("eve@b.example",)]
            assert set(w.book.held) == {"hold@army.ml", "hold+2@army.ml", "hold+3@army.ml"}

    run(main())


FORMS = {
    "a duplicate": ("<hold@army.ml>", "<hold@army.ml>"),
    "other letters": ("<hold@army.ml>", "<HOLD@Army.ML>"),
    "quoted": ('<"hold"@army.ml>',),
    "a quoted space": ('<"hold+ x"@army.ml>',),
    "a source route": ("<@relay.example:hold@army.ml>",),
    "no brackets": ("hold@army.ml",),
    "a dot too many": ("<hold+a..b@army.ml>",),
    "a literal": ("<hold@[192.0.2.1]>",),
    "no domain": ("<hold>",),
    "a final dot": ("<hold@army.ml.>",),
    "a percent": ("<hold+%d%s@army.ml>",),
}


def test_however_a_recipient_is_written_what_is_held_is_not_delivered(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as c:
            for number, (name, paths) in enumerate(FORMS.items()):
                message = MESSAGE.replace(b"<1@", b"<%d@" % number) + name.encode() + b"\r\n"
                before = len(w.hop.kept)
                said = await c.mail(*paths, "<ann@b.example>", message=message)
                assert said.startswith("250"), name
                kept = await w.kept(before + 1)
                assert [rcpts for rcpts, _ in kept[before:]] == [("ann@b.example",)], name
                [hold] = [hold for hold in w.book.find() if w.book.body(hold.id) == message]
                assert hold.copies, name
            await w.quiet()
            assert len(w.hop.kept) == len(FORMS)

    run(main())


def test_when_all_are_held_nobody_gets_anything_and_the_client_hears_250(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as c:
            assert (await c.mail("<hold@army.ml>", message=MESSAGE)).startswith("250")
            assert (await c.mail("<hold@b.example>", "<hold+2@b.example>", message=MESSAGE + b"2\r\n")).startswith("250")
            await w.quiet()
            assert w.hop.kept == []
            assert w.book.held == {"hold@army.ml": "held", "hold@b.example": "held", "hold+2@b.example": "held"}

    run(main())


def test_a_blocked_address_is_refused_at_rcpt_with_words_and_the_others_go_on(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as c:
            await c.say("MAIL FROM:<me@own.example>")
            said = await c.say("RCPT TO:<block+%s@army.ml>")
            assert said.startswith("550 5.7.1 <block+%s@army.ml> is refused by this organisation's policy (rule lookalike)")
            assert "Did you mean <block+%s@right.example>?" in said
            assert (await c.say("RCPT TO:<ann@b.example>")).startswith("250")
            assert (await c.say("DATA")).startswith("354")
            assert (await c.say(MESSAGE + b".")).startswith("250")
            assert (await w.kept(1))[0][0] == ("ann@b.example",)

    run(main())


def test_blocked_once_the_message_is_known(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as c:
            w.judge.only_data = True
            said = await c.mail("<block@army.ml>", message=MESSAGE)
            assert said.startswith("550 5.7.1 <block@army.ml> is refused")
            assert w.book.held == {}
            assert (await c.mail("<block@army.ml>", "<ann@b.example>", message=MESSAGE)).startswith("250")
            assert (await w.kept(1))[0][0] == ("ann@b.example",)
            assert w.book.held == {"block@army.ml": "returned"}

    run(main())


def test_smtputf8_and_dsn_options_are_kept_with_the_copy(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as c:
            sender = "<jürgen@own.example> SMTPUTF8 BODY=8BITMIME RET=HDRS ENVID=q1"
            rcpts = ("<hold+ä@army.ml> NOTIFY=FAILURE ORCPT=rfc822;x@army.ml", "<åsa@b.example>")
            assert (await c.mail(*rcpts, sender=sender, message=MESSAGE)).startswith("250")
            assert (await w.kept(1))[0][0] == ("åsa@b.example",)
            [hold] = w.book.find()
            assert (hold.options.smtputf8, hold.options.body, hold.options.ret, hold.options.envid) == (
                True,
                "8BITMIME",
                "HDRS",
                "q1",
            )
            [copy] = hold.copies
            assert (copy.rcpt.spec, copy.notify, copy.orcpt) == ("hold+ä@army.ml", "FAILURE", "rfc822;x@army.ml")

    run(main())


def test_the_store_gone_a_fault_a_full_disk_are_tempfail_and_nothing_is_delivered(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as c:
            w.book.broken = True
            assert (await c.mail("<ann@b.example>", "<hold@army.ml>", message=MESSAGE)).startswith("451 4.3.0")
            w.book.broken = False
            for fault in (StoreError("away"), ZeroDivisionError()):
                w.judge.fault = fault
                assert (await c.say("MAIL FROM:<me@own.example>")).startswith("250")
                assert (await c.say("RCPT TO:<ann@b.example>")).startswith("451 4.3.0")
                await c.say("RSET")
            w.judge.fault = None
            assert (await c.mail("<ann@b.example>", message=MESSAGE)).startswith("250")
            assert len(await w.kept(1)) == 1

    run(main())


def test_a_client_lost_in_mid_data_leaves_nothing(world, client, run):
    async def main():
        async with world() as w:
            async with client(w.server.ports[0]) as c:
                await c.say("MAIL FROM:<me@own.example>")
                await c.say("RCPT TO:<hold@army.ml>")
                await c.say("DATA")
                c.stream.write(b"Subject: x\r\n\r\n" + b"x" * 70_000)
            async with client(w.server.ports[0]) as c:
                assert (await c.mail("<ann@b.example>", message=MESSAGE)).startswith("250")
            await w.kept(1)
            assert w.book.held == {}

    run(main())


def test_a_long_verdict_is_waited_for_and_delays_nobody_else(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as slow, client(w.server.ports[0]) as quick:
            w.milter.progress_every = 0.05
            await slow.say("MAIL FROM:<me@own.example>")
            await slow.say("RCPT TO:<hold@army.ml>")
            await slow.say("DATA")
            w.judge.delay = 1.0
            waiting = asyncio.create_task(slow.say(MESSAGE + b"."))
            await asyncio.sleep(0.2)
            w.judge.delay = 0.0
            assert (await quick.mail("<ann@b.example>", message=MESSAGE)).startswith("250")
            assert not waiting.done()
            assert (await waiting).startswith("250")
            assert w.book.held == {"hold@army.ml": "held"}

    run(main())


def test_a_large_message_is_held_whole(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as c:
            message = MESSAGE + (b"x" * 998 + b"\r\n") * 5_000
            assert (await c.mail("<hold@army.ml>", "<ann@b.example>", message=message)).startswith("250")
            [hold] = w.book.find()
            assert w.book.body(hold.id) == message
            assert (await w.kept(1))[0] == (("ann@b.example",), message)

    run(main())


def test_inbound_mail_passes_and_a_strangers_mail_to_a_stranger_is_judged(world, client, run):
    async def main():
        async with world() as w:
            async with client(w.server.ports[1], ip="203.0.113.9") as stranger:
                sender = "<ann@b.example>"
                assert (await stranger.mail("<hold@own.example>", sender=sender, message=MESSAGE)).startswith("250")
                assert await w.kept(1) == [(("hold@own.example",), MESSAGE)]
                assert w.judge.seen == []
                assert (await stranger.mail("<hold@army.ml>", sender=sender, message=MESSAGE)).startswith("250")
                assert w.book.held == {"hold@army.ml": "held"}
                [hold] = w.book.find()
                assert not hold.asks_sender
            async with client(w.server.ports[1]) as own:
                await own.mail("<hold@own.example>", message=MESSAGE)
                assert w.book.held["hold@own.example"] == "held"

    run(main())


def test_observing_delivers_everything(world, client, run):
    async def main():
        house = House(domains=HOUSE.domains, networks=HOUSE.networks, observe=True)
        async with world(house=house) as w, client(w.server.ports[0]) as c:
            assert (await c.mail("<hold@army.ml>", "<block@army.ml>", message=MESSAGE)).startswith("250")
            assert (await w.kept(1))[0][0] == ("block@army.ml", "hold@army.ml")
            assert w.book.held == {}

    run(main())


def test_closing_finishes_what_is_under_way_and_then_mail_is_deferred(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as c:
            await c.say("MAIL FROM:<me@own.example>")
            await c.say("RCPT TO:<hold@army.ml>")
            await c.say("DATA")
            closing = asyncio.create_task(w.milter.close())
            await asyncio.sleep(0.1)
            assert (await c.say(MESSAGE + b".")).startswith("250")
            await asyncio.wait_for(closing, 5)
            assert w.book.held == {"hold@army.ml": "held"}
            async with client(w.server.ports[0]) as later:
                assert (await later.say("MAIL FROM:<me@own.example>")).startswith("451")

    run(main())
