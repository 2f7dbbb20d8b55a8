"""The relay as its client sees it, on real sockets."""

import asyncio
import re
from datetime import UTC, datetime

import pytest

from missent.errors import ConfigError, StoreError
from missent.settings import RelaySettings
from missent.smtp.events import Mail, Reset

MESSAGE = b"Message-ID: <1@a.example>\r\nSubject: x\r\n\r\nHello\r\n"


def test_a_clean_message_passes_with_one_line_more(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            message = b"Subject: x\r\n\r\n.dot\r\n..\r\n" + b"\xff\x00" * 5000 + b"\r\n"
            assert await client.mail("ann@b.example", "bob@b.example", message=message.replace(b"\r\n.", b"\r\n..")) == (
                "250 2.0.0 Ok: kept as 1"
            )
            [kept] = w.hop.kept
            assert kept.rcpts == ("ann@b.example", "bob@b.example")
            trace, raw = kept.raw[: -len(message)], kept.raw[-len(message) :]
            assert raw == message
            pattern = (
                rb"Received: from client\.example \(\[127\.0\.0\.1\]\)\r\n"
                rb"\tby relay\.example \(missent abc123\) with ESMTP id [0-9a-f]{12};\r\n\t.*\r\n"
            )
            assert re.fullmatch(pattern, trace)
            assert w.book.held == {}
            assert w.judge.seen[-1][0] == message
            assert await client.say("QUIT") == "221 2.0.0 Bye"

    run(main())


def test_of_three_one_is_held_and_the_others_get_theirs(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            assert (await client.mail("ann@b.example", "hold@army.ml", "bob@b.example")).startswith("250")
            assert w.hop.kept[0].rcpts == ("ann@b.example", "bob@b.example")
            assert w.book.held == {"hold@army.ml": "held"}
            [hold] = w.book.find()
            assert hold.asks_sender
            assert hold.copies[0].suggestion == "hold@right.example"
            assert w.book.body(hold.id) == MESSAGE

    run(main())


def test_the_next_message_of_the_session_is_its_own(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            await client.mail("ann@b.example", "hold@army.ml")
            await client.mail("hold+2@army.ml")
            await client.mail("bob@b.example")
            await client.mail("hold+3@army.ml", "eve@b.example")
            assert [kept.rcpts for kept in w.hop.kept] == [("ann@b.example",), ("bob@b.example",), ("eve@b.example",)]
            assert set(w.book.held) == {"hold@army.ml", "hold+2@army.ml", "hold+3@army.ml"}

    run(main())


def test_when_all_are_held_the_next_hop_gets_nothing(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            assert await client.mail("hold@army.ml") == "250 2.0.0 Ok: held for a decision"
            assert w.hop.kept == []
            assert w.book.held == {"hold@army.ml": "held"}

    run(main())


def test_a_blocked_address_is_refused_at_rcpt_with_words_and_never_reaches_the_next_hop(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            await client.say("MAIL FROM:<me@own.example>")
            said = await client.say("RCPT TO:<block@army.ml>")
            assert said.startswith("550 5.7.1 <block@army.ml> is refused")
            assert "Did you mean <block@right.example>?" in said
            assert [type(command).__name__ for command in w.hop.commands] == ["Hello", "Mail"]

    run(main())


def test_blocked_after_data(world, run):
    async def main():
        async with world() as w:
            w.judge.only_data = True
            client = await w.talker()
            assert (await client.mail("block@army.ml")).startswith("550 5.7.1")
            assert (w.hop.kept, w.book.held) == ([], {})
            assert (await client.mail("block@army.ml", "ann@b.example")).startswith("250")
            assert w.hop.kept[0].rcpts == ("ann@b.example",)
            assert w.book.held == {"block@army.ml": "returned"}

    run(main())


def test_the_next_hops_refusals_reach_the_client_per_recipient_in_its_words(world, run):
    async def main():
        script = {"RCPT bob@b.example": "550 5.1.1 No Bob\n5.1.1 none at all", "RCPT eve@b.example": "421 4.3.2 Later"}
        async with world(script) as w:
            client = await w.talker()
            await client.say("MAIL FROM:<me@own.example>")
            assert await client.say("RCPT TO:<ann@b.example>") == "250 2.1.5 Ok"
            assert await client.say("RCPT TO:<bob@b.example>") == "550 5.1.1 No Bob 5.1.1 none at all"
            assert await client.say("RCPT TO:<eve@b.example>") == "451 4.3.2 Later"
            assert (await client.say("DATA")).startswith("451 4.4.2")

    run(main())


@pytest.mark.parametrize(
    ("stage", "text"), [("MAIL", "451 4.3.0 Not now"), ("DATA", "452 4.3.1 Full"), ("END", "554 5.6.0 No")]
)
def test_other_refusals_of_the_next_hop(world, run, stage, text):
    async def main():
        async with world({stage: text}) as w:
            client = await w.talker()
            if stage == "MAIL":
                assert await client.say("MAIL FROM:<me@own.example>") == text
            else:
                assert await client.mail("ann@b.example") == text
            w.hop.script = {}
            assert (await client.mail("ann@b.example")).startswith("250")

    run(main())


def test_a_deferral_after_data_is_the_clients_and_the_hold_is_the_same_on_retry(world, run):
    async def main():
        async with world({"END": "451 4.3.0 Later"}) as w:
            client = await w.talker()
            assert await client.mail("hold@army.ml", "ann@b.example") == "451 4.3.0 Later"
            [first] = w.book.find()
            w.hop.script = {}
            assert (await client.mail("hold@army.ml", "ann@b.example")).startswith("250")
            [second] = w.book.find()
            assert second.id == first.id
            assert w.hop.kept[0].rcpts == ("ann@b.example",)

    run(main())


def test_a_refusal_after_data_withdraws_what_was_kept_for_it(world, run):
    """The client's server tells the sender that all of it failed: nobody is to be asked about a copy of it."""

    async def main():
        async with world({"END": "554 5.6.0 No"}, house={"networks": ("127.0.0.0/8",)}) as w:
            client = await w.talker()
            assert await client.mail("hold@army.ml", "ann@b.example") == "554 5.6.0 No"
            [hold] = w.book.find()
            assert (w.book.held, hold.copies[0].decided_by) == ({"hold@army.ml": "returned"}, "")
            assert [posting.parcel for posting in w.book.outbox.lease(datetime.now(UTC), "w")] == [
                "notice"
            ]  # which finds nothing
            w.hop.script = {}
            assert (await client.mail("hold@army.ml", "ann@b.example")).startswith("250")
            assert [hold.copies[0].state for hold in w.book.find()].count("held") == 1

    run(main())


def test_what_an_earlier_transaction_was_promised_is_not_withdrawn(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            assert (await client.mail("hold@army.ml", "ann@b.example")).startswith("250")
            w.hop.script = {"END": "554 5.6.0 No"}
            assert await client.mail("hold@army.ml", "hold+2@army.ml", "bob@b.example") == "554 5.6.0 No"
            assert w.book.held == {"hold@army.ml": "held", "hold+2@army.ml": "returned"}

    run(main())


def test_a_recipient_granted_first_and_refused_when_named_again_defers_the_message(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            await client.say("MAIL FROM:<me@own.example>")
            await client.say("RCPT TO:<hold@army.ml>")
            await client.say("RCPT TO:<ann@b.example>")
            w.hop.script = {"RCPT ann@b.example": "550 5.1.1 Gone"}
            await client.say("DATA")
            client.stream.write(MESSAGE + b".\r\n")
            assert str(await client.hear()).startswith("451 4.3.0")
            assert w.hop.kept == []

    run(main())


BREAKS = [(stage, "drop") for stage in ("MAIL", "RCPT", "DATA", "CHUNK", "END")]
BREAKS += [(stage, "421 4.3.2 Restarting") for stage in ("MAIL", "RCPT", "DATA", "END")]


@pytest.mark.parametrize(("stage", "order"), BREAKS)
def test_a_next_hop_that_hangs_up_defers_and_the_session_goes_on(world, run, stage, order):
    async def main():
        async with world({stage: order}) as w:
            client = await w.talker()
            assert (await client.mail("ann@b.example"))[:3] in ("451", "503")
            w.hop.script = {}
            await client.say("RSET")
            assert (await client.mail("ann@b.example")).startswith("250")
            assert len(w.hop.kept) == 1

    run(main())


def test_a_next_hop_that_is_away_is_421_at_ehlo(world, run, talk):
    async def main():
        async with world() as w:
            await w.hop.__aexit__(None, None, None)
            client = await talk(w.relay.port)
            assert (await client.greet()).startswith("421 4.4.1")
            assert await client.hear() is None

    run(main())


def test_a_connection_the_next_hop_closed_while_waiting_is_replaced_in_silence(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            for task in w.hop._tasks:
                task.cancel()
            await asyncio.sleep(0.05)
            assert (await client.mail("ann@b.example")).startswith("250")
            assert w.hop.sessions == 2

    run(main())


def test_the_store_gone_is_451_and_nothing_is_handed_on(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            w.book.broken = True
            assert (await client.mail("hold@army.ml", "ann@b.example")).startswith("451 4.3.0")
            assert w.hop.kept == []
            w.book.broken = False
            assert (await client.mail("hold@army.ml", "ann@b.example")).startswith("250")

    run(main())


@pytest.mark.parametrize("fault", [StoreError("busy"), ValueError("bug"), TimeoutError(), ConnectionError()])
def test_a_judge_that_fails_is_451_at_rcpt_and_at_data(world, run, fault):
    async def main():
        async with world() as w:
            client = await w.talker()
            await client.say("MAIL FROM:<me@own.example>")
            w.judge.fault = fault
            assert (await client.say("RCPT TO:<ann@b.example>")).startswith("451 4.3.0")
            w.judge.fault = None
            assert (await client.say("RCPT TO:<ann@b.example>")).startswith("250")
            await client.say("DATA")
            w.judge.fault = fault
            client.stream.write(MESSAGE + b".\r\n")
            assert str(await client.hear()).startswith("451 4.3.0")
            assert w.hop.kept == []

    run(main())


def test_observe_delivers_everything(world, run):
    async def main():
        async with world(house={"observe": True}) as w:
            client = await w.talker()
            assert (await client.mail("hold@army.ml", "block@army.ml", "ann@b.example")).startswith("250")
            assert len(w.hop.kept[0].rcpts) == 3
            assert w.book.held == {}

    run(main())


def test_only_what_the_next_hop_offers_is_announced(world, run, talk):
    async def main():
        async with world(hop={"extensions": ("SIZE 2000",)}) as w:
            client = await talk(w.relay.port)
            assert await client.greet() == "250 relay.example PIPELINING SIZE 976"
            assert (await client.say("MAIL FROM:<me@own.example> BODY=8BITMIME")).startswith("555")
        async with world(max_size=5000) as w:
            client = await talk(w.relay.port)
            assert await client.greet() == "250 relay.example PIPELINING SIZE 5000 8BITMIME SMTPUTF8 DSN ENHANCEDSTATUSCODES"
            assert await client.say("HELO old") == "250 relay.example"
            assert (await client.say("MAIL FROM:<me@own.example> BODY=8BITMIME")).startswith("555")

    run(main())


def test_options_pass_unchanged_also_when_recipients_are_named_again(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            await client.say("MAIL FROM:<Me@own.example> SIZE=50 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb")
            await client.say("RCPT TO:<hold@army.ml> NOTIFY=DELAY ORCPT=rfc822;Hold@army.ml")
            await client.say("RCPT TO:<J\u00f6rg@b.example> NOTIFY=SUCCESS,FAILURE ORCPT=utf-8;j\u00f6rg@b.example")
            await client.say("DATA")
            client.stream.write(MESSAGE + b".\r\n")
            assert str(await client.hear()).startswith("250")
            [kept] = w.hop.kept
            expected = {"BODY": "8BITMIME", "SMTPUTF8": "", "RET": "HDRS", "ENVID": "a+2Bb"}
            assert {k: v for k, v in kept.mail.parameters.items() if k != "SIZE"} == expected
            assert kept.mail_from == "Me@own.example"
            assert kept.rcpts == ("J\u00f6rg@b.example",)
            assert kept.rcpt_commands[0].parameters == {"NOTIFY": "SUCCESS,FAILURE", "ORCPT": "utf-8;j\u00f6rg@b.example"}
            assert b"with UTF8SMTP id" in kept.raw
            [hold] = w.book.find()
            assert (hold.options.ret, hold.options.envid, hold.copies[0].notify) == ("HDRS", "a+2Bb", "DELAY")
            assert hold.copies[0].orcpt == "rfc822;Hold@army.ml"

    run(main())


def test_pipelined_commands_are_answered_in_order(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            first = await client.say("MAIL FROM:<>", "RCPT TO:<ann@b.example>", "RCPT TO:<block@army.ml>", "DATA")
            assert first == "250 2.1.0 Ok"
            assert [(await client.hear()).code for _ in range(3)] == [250, 550, 354]
            assert await client.say(MESSAGE + b".", "RSET", "QUIT") == "250 2.0.0 Ok: kept as 1"
            assert [(await client.hear()).code for _ in range(2)] == [250, 221]
            assert await client.hear() is None
            assert w.hop.kept[0].mail_from == ""

    run(main())


def test_limits(world, run):
    async def main():
        async with world(max_size=2_000_000, max_recipients=2, max_connections=2) as w:
            client = await w.talker()
            assert (await client.say("MAIL FROM:<me@own.example> SIZE=2000001")).startswith("552 5.3.4")
            await client.say("MAIL FROM:<me@own.example>")
            assert [await client.say(f"RCPT TO:<{n}@b.example>") for n in "abc"][2].startswith("452 4.5.3")
            await client.say("DATA")
            client.stream.write(b"x" * 998 + b"\r\n")
            for _ in range(2200):
                client.stream.write(b"y" * 998 + b"\r\n")
            assert await client.say(b".") == "552 5.3.4 Message is larger than this system takes"
            assert (await client.mail("ann@b.example", message=b"Z: " + b"z" * 1_900_000 + b"\r\n")).startswith("250")
            assert len(w.hop.kept[0].raw) > 1_900_000
            await w.talker()
            third = await asyncio.open_connection("127.0.0.1", w.relay.port)
            assert (await third[0].read()).startswith(b"421 4.3.2")
            third[1].close()

    run(main())


@pytest.mark.parametrize("junk", [b"a\nb", b"a\n.\nb", b"a\n.\r\nMAIL FROM:<x@y.example>", b"a\r.\r\nb", b"a\r\rb"])
def test_smuggling_is_refused_and_nothing_gets_through(world, run, junk):
    async def main():
        async with world() as w:
            client = await w.talker()
            assert (await client.mail("ann@b.example", message=junk + b"\r\n")).startswith("550 5.6.11")
            assert w.hop.kept == []
            assert (await client.mail("ann@b.example")).startswith("250")
            assert len(w.hop.kept) == 1
            assert await client.say(b"NOOP\nQUIT") == "500 5.5.2 Bare CR or LF: lines end with CR LF here. Closing connection"
            assert await client.hear() is None

    run(main())


def test_loops(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            many = b"Received: from a by b; now\r\n" * 50
            assert (await client.mail("ann@b.example", message=many + MESSAGE)).startswith("554 5.4.6")
            assert (await client.mail("ann@b.example", message=many[:-30] + MESSAGE)).startswith("250")
            own = w.hop.kept[0].raw
            assert (await client.mail("ann@b.example", message=own)).startswith("554 5.4.6")
            quoted = MESSAGE + own
            assert (await client.mail("ann@b.example", message=quoted)).startswith("250")
            assert len(w.hop.kept) == 2

    run(main())


def test_slow_clients(world, run):
    async def main():
        async with world(command_timeout=0.3, data_timeout=0.4) as w:
            client = await w.talker()
            for _ in range(8):  # a byte at a time buys no time
                client.stream.write(b"N")
                await asyncio.sleep(0.05)
            assert str(await client.hear()).startswith("421 4.4.2")
            assert await client.hear() is None
            client = await w.talker()
            await client.say("MAIL FROM:<me@own.example>")
            await client.say("RCPT TO:<ann@b.example>")
            await client.say("DATA")
            for _ in range(10):
                client.stream.write(b"x")
                await asyncio.sleep(0.05)
            assert str(await client.hear()).startswith("421 4.4.2")
            assert w.hop.kept == []

    run(main())


def test_a_client_that_leaves_in_the_middle_delivers_nothing(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            await client.say("MAIL FROM:<me@own.example>")
            await client.say("RCPT TO:<ann@b.example>")
            await client.say("DATA")
            client.stream.write(MESSAGE)
            client.stream.close()
            await asyncio.sleep(0.1)
            assert w.hop.kept == []
            assert (await (await w.talker()).mail("bob@b.example")).startswith("250")
            assert [kept.rcpts for kept in w.hop.kept] == [("bob@b.example",)]

    run(main())


def test_strangers_are_turned_away(world, run, talk):
    async def main():
        async with world(allowed_clients=("192.0.2.0/24",)) as w:
            client = await talk(w.relay.port)
            assert str(await client.hear()).startswith("554 5.7.1")
            assert await client.hear() is None
            assert w.hop.sessions == 0

    run(main())


def test_who_is_asked(world, run):
    async def main():
        cases = [
            ({}, "me@own.example", False, True),
            ({}, "me@sub.own.example", False, True),
            ({}, "me@notown.example", False, False),
            ({}, "me@other.example", False, False),
            ({}, "", False, False),
            ({}, "me@own.example", True, False),
            ({"networks": ("192.0.2.0/24",)}, "me@own.example", False, False),
        ]
        for house, sender, automatic, expected in cases:
            async with world(house=house) as w:
                w.judge.automatic = automatic
                client = await w.talker()
                assert (await client.mail("hold@army.ml", sender=sender)).startswith("250")
                [hold] = w.book.find()
                assert hold.asks_sender is expected, (house, sender, automatic)

    run(main())


def test_helo_cannot_write_into_the_header(world, run, talk):
    async def main():
        async with world() as w:
            for name in ("(evil) by x", "a;b", "[1.2.3.4", "x" * 300, "j\u00f6rg.example"):
                client = await talk(w.relay.port)
                await client.hear()
                await client.say(f"EHLO {name}")
                assert (await client.mail("ann@b.example")).startswith("250")
                assert w.hop.kept[-1].raw.startswith(b"Received: from [127.0.0.1] ([127.0.0.1])\r\n")

    run(main())


def test_closing_lets_the_message_under_way_finish(world, run):
    async def main():
        async with world() as w:
            w.judge.only_data, w.judge.delay = True, 0.3
            busy, idle = await w.talker(), await w.talker()
            w.judge.delay = 0.0
            await busy.say("MAIL FROM:<me@own.example>")
            await busy.say("RCPT TO:<ann@b.example>")
            await busy.say("DATA")
            w.judge.delay = 0.3
            busy.stream.write(MESSAGE + b".\r\n")
            await asyncio.sleep(0.05)
            closing = asyncio.create_task(w.relay.close(grace=5))
            assert str(await idle.hear()).startswith("421 4.3.2")
            assert await idle.hear() is None
            assert str(await busy.hear()).startswith("250")
            assert str(await busy.hear()).startswith("421 4.3.2")
            await closing
            assert len(w.hop.kept) == 1
            with pytest.raises(OSError, match=r".+"):
                await asyncio.open_connection("127.0.0.1", w.relay.port)

    run(main())


def test_closing_hangs_up_when_grace_is_over(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            await client.say("MAIL FROM:<me@own.example>")
            await w.relay.close(grace=0.05)
            assert str(await client.hear()).startswith("421")
            assert await client.hear() is None

    run(main())


def test_history_is_told_what_was_delivered(world, run):
    async def main():
        told = []
        async with world(house={"remember": told.extend}) as w:
            client = await w.talker()
            await client.mail("ann@b.example", "hold@army.ml")
            await client.mail("ann@b.example", sender="")
        [sighting] = told
        assert [address.spec for address in sighting.rcpts] == ["ann@b.example"]
        assert sighting.sender.spec == "me@own.example"

    run(main())


def test_connections_to_the_next_hop_are_used_again(world, run):
    async def main():
        async with world() as w:
            for _ in range(3):
                client = await w.talker()
                assert (await client.mail("ann@b.example")).startswith("250")
                await client.say("QUIT")
                await client.hear()
                await asyncio.sleep(0.02)
            assert w.hop.sessions == 1
            client = await w.talker()
            await client.say("MAIL FROM:<me@own.example>")
            await client.say("QUIT")
            await client.hear()
            await asyncio.sleep(0.02)
            assert (await (await w.talker()).mail("ann@b.example")).startswith("250")
            assert w.hop.sessions == 2  # never one with another client's transaction open

    run(main())


def test_after_a_reset_the_next_hop_starts_anew(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            await client.say("MAIL FROM:<me@own.example>")
            await client.say("RCPT TO:<ann@b.example>")
            assert await client.say("RSET") == "250 2.0.0 Ok"
            assert (await client.mail("bob@b.example")).startswith("250")
            assert w.hop.kept[0].rcpts == ("bob@b.example",)
            assert [type(c) for c in w.hop.commands if isinstance(c, Mail | Reset)] == [Mail, Reset, Mail]

    run(main())


def test_postmaster_without_a_domain_is_always_accepted(world, run):
    async def main():
        async with world() as w:
            client = await w.talker()
            assert (await client.mail("Postmaster")).startswith("250")
            assert w.hop.kept[0].rcpts == ("Postmaster",)

    run(main())


def test_one_line_is_logged_for_each_message_and_it_names_no_content(world, run, capsys):
    async def main():
        async with world() as w:
            client = await w.talker()
            await client.mail("ann@b.example", "hold@army.ml")
            await client.mail("block@army.ml")
            await client.say("RSET")
            await client.mail("ann@b.example", message=b"Subject: bare\n\r\n")

    run(main())
    line, blocked, bare = capsys.readouterr().out.splitlines()
    assert "refused" in blocked
    assert "block@army.ml" in blocked
    assert "5.6.11" in bare
    for word in ("hold@army.ml", "lookalike", "1@a.example", "me@own.example"):
        assert word in line
    for word in ("Subject", "Hello"):
        assert word not in line


def test_a_socket_in_use_is_one_line(world, run):
    async def main():
        async with world() as w:
            with pytest.raises(ConfigError, match=r"\[relay\] listen = 127.0.0.1:\d+: "):
                async with world(listen=f"127.0.0.1:{w.relay.port}"):
                    pass

    run(main())


def test_missing_certificate_files_are_one_line(world, run):
    async def main():
        with pytest.raises(ConfigError, match="No such file"):
            async with world(tls_certificate="/nowhere/a.pem", tls_key="/nowhere/b.pem"):
                pass

    run(main())
    assert RelaySettings().client_ca is None
