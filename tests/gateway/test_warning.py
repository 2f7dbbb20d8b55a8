"""A warning from the client's final dot to the letter in the sender's mailbox: relay, holds, worker, real sockets."""

from datetime import UTC, datetime, timedelta

import pytest

from missent.delivery.composing import Composer
from missent.delivery.letterhead import Letterhead
from missent.delivery.next_hop import Target, send
from missent.delivery.worker import Worker
from missent.nouns.address import Address

HEAD = Letterhead(Address.parse("postmaster@own.example"), "relay.example", "https://ask.own.example")


async def letters(world):
    """What the worker sends within three hours, as (recipients, octets), besides what the relay handed on."""

    async def onward(raw, mail_from, rcpts, options):
        return await send(Target("127.0.0.1", world.hop.port, "off"), raw, mail_from, rcpts, options)

    before = len(world.hop.kept)
    worker = Worker(world.book.outbox, Composer(world.book, HEAD, lambda _: HEAD.link("t")), onward, "w", lambda: 0.5)
    while await worker.step(datetime.now(UTC) + timedelta(hours=3)):
        pass
    return [(kept.mail_from, kept.rcpts, kept.raw) for kept in world.hop.kept[before:]]


def test_a_message_warned_of_goes_to_all_and_its_sender_gets_one_letter(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            reply = await client.mail("warn@army.ml", "ann@b.example", "warn+2@army.ml")
            assert reply == "250 2.0.0 Ok: kept as 1"
            assert [kept.rcpts for kept in w.hop.kept] == [("warn@army.ml", "ann@b.example", "warn+2@army.ml")]
            assert w.book.held == {"warn@army.ml": "warned", "warn+2@army.ml": "warned"}
            [(mail_from, rcpts, raw)] = await letters(w)
            assert (mail_from, rcpts) == ("", ("me@own.example",))
            assert b"are these 2 addresses right?" in raw
            assert b"ann@b.example" not in raw
            assert b"Hello" not in raw

    run(main())


def test_what_is_held_of_the_same_message_is_asked_about_in_the_same_letter(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            assert (await client.mail("warn@army.ml", "hold@army.ml")).startswith("250")
            assert [kept.rcpts for kept in w.hop.kept] == [("warn@army.ml",)]
            [(_, _, raw)] = await letters(w)
            assert b"waits for this recipient" in raw
            assert b"It has gone there already" in raw

    run(main())


def test_a_retry_after_a_deferral_is_one_delivery_and_one_letter(world, run):
    async def main():
        async with world({"END": "451 4.3.0 Busy"}) as w:
            client = await w.talker()
            assert await client.mail("warn@army.ml") == "451 4.3.0 Busy"
            w.hop.script = {}
            assert (await client.mail("warn@army.ml")).startswith("250")
            assert [kept.rcpts for kept in w.hop.kept] == [("warn@army.ml",)]
            assert len(w.book.find()) == 1
            assert len(await letters(w)) == 1

    run(main())


def test_a_store_that_fails_defers_before_anything_is_handed_on(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            w.book.broken = True
            assert (await client.mail("warn@army.ml", "ann@b.example")).startswith("451 4.3.0")
            assert w.hop.kept == []
            w.book.broken = False
            assert (await client.mail("warn@army.ml", "ann@b.example")).startswith("250")
            assert len(w.hop.kept) == 1
            assert len(await letters(w)) == 1

    run(main())


@pytest.mark.parametrize(
    ("house", "sender", "automatic"),
    [
        ({"observe": True}, "me@own.example", False),
        ({}, "me@other.example", False),
        ({}, "", False),
        ({}, "me@own.example", True),
    ],
)
def test_nobody_is_warned_while_observing_or_who_may_not_be_written_to(world, run, house, sender, automatic):
    async def main():
        async with world(house=house) as w:
            w.judge.automatic = automatic
            client = await w.talker()
            assert (await client.mail("warn@army.ml", sender=sender)).startswith("250")
            assert len(w.hop.kept) == 1
            assert w.book.held == {}
            assert await letters(w) == []

    run(main())
