"""The next hop's client against a real server on a real socket."""

import asyncio
import ssl
from collections.abc import Coroutine

import pytest
import trustme

from missent.delivery.next_hop import NextHop, Target, send
from missent.errors import RelayError
from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions, Recipient
from missent.smtp.events import Hello, StartTls
from missent.testing.next_hop import EXTENSIONS, KeepingNextHop

ANN, BOB = Recipient(Address.parse("ann@b.example"), notify="NEVER"), Recipient(Address.parse("bob@b.example"))
SENDER = Address.parse("Me@a.example")
RAW = b"Subject: x\r\n\r\n.dot\r\n" + b"\xff" * 3000 + b"\r\n"


def run(main: Coroutine[None, None, None]) -> None:
    asyncio.run(asyncio.wait_for(main, 20))


def target(hop: KeepingNextHop, tls: str = "off", ca: str | None = None) -> Target:
    return Target(hop.host, hop.port, tls, ca, "me.example", timeout=0.3, final_timeout=0.3)


def test_a_message_arrives_octet_for_octet_with_its_options() -> None:
    async def main() -> None:
        async with KeepingNextHop() as hop:
            options = MailOptions(smtputf8=True, body="8BITMIME", ret="HDRS", envid="x")
            replies = await send(target(hop), RAW, SENDER, [ANN, BOB], options)
            assert [str(reply) for reply in replies] == ["250 2.0.0 Ok: kept as 1"] * 2
            [kept] = hop.kept
            assert kept.raw == RAW
            assert kept.mail_from == "Me@a.example"
            expected = {"SIZE": str(len(RAW)), "BODY": "8BITMIME", "SMTPUTF8": "", "RET": "HDRS", "ENVID": "x"}
            assert kept.mail.parameters == expected
            assert [rcpt.parameters for rcpt in kept.rcpt_commands] == [{"NOTIFY": "NEVER"}, {}]

    run(main())


@pytest.mark.parametrize("extensions", [(), EXTENSIONS])
def test_each_recipient_has_the_words_the_next_hop_gave_it(extensions: tuple[str, ...]) -> None:
    async def main() -> None:
        async with KeepingNextHop({"RCPT bob@b.example": "550 5.1.1 No\n5.1.1 Bob"}, extensions) as hop:
            replies = await send(target(hop), RAW, None, [ANN, BOB])
            assert [reply.encode() for reply in replies] == [
                b"250 2.0.0 Ok: kept as 1\r\n",
                b"550-5.1.1 No\r\n550 5.1.1 Bob\r\n",
            ]
            assert hop.kept[0].rcpts == ("ann@b.example",)
            assert hop.kept[0].mail_from == ""

    run(main())


@pytest.mark.parametrize(("stage", "kept"), [("MAIL", 0), ("RCPT", 0), ("DATA", 0), ("END", 0)])
def test_a_refusal_at_any_stage_is_everyones(stage: str, kept: int) -> None:
    async def main() -> None:
        async with KeepingNextHop({stage: "452 4.3.1 Full"}) as hop:
            assert [str(r) for r in await send(target(hop), RAW, SENDER, [ANN, BOB])] == ["452 4.3.1 Full"] * 2
            assert len(hop.kept) == kept

    run(main())


@pytest.mark.parametrize("order", ["hang", "drop"])
@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "CHUNK", "END"])
def test_hanging_and_hanging_up_are_a_time_to_wait(stage: str, order: str) -> None:
    async def main() -> None:
        async with KeepingNextHop({stage: order}) as hop:
            with pytest.raises(RelayError) as caught:
                await send(target(hop), RAW, SENDER, [ANN])
            assert caught.value.code == 451
            assert caught.value.passes

    run(main())


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO"])
def test_a_server_that_will_not_talk_is_away(stage: str) -> None:
    async def main() -> None:
        script = {stage: "554 5.3.2 Not today"}
        async with KeepingNextHop(script) as hop:
            with pytest.raises(RelayError, match="Not today"):
                await send(target(hop), RAW, SENDER, [ANN])
        with pytest.raises(RelayError, match="away"):
            await send(target(hop), RAW, SENDER, [ANN])

    run(main())


def test_no_utf8_there_no_utf8_sent() -> None:
    async def main() -> None:
        async with KeepingNextHop(extensions=("SIZE",)) as hop:
            [reply] = await send(target(hop), RAW, SENDER, [Recipient(Address.parse("j\u00f6rg@b.example"))])
            assert str(reply).startswith("550 5.6.7")
            assert hop.kept == []

    run(main())


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def context(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(server)
    return server


def test_tls_required_and_trusted(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> None:
    ca = str(tmp_path_factory.mktemp("ca") / "ca.pem")
    authority.cert_pem.write_to_path(ca)

    async def main() -> None:
        async with KeepingNextHop(tls=context(authority)) as hop:
            connection = await NextHop.open(target(hop, "required", ca))
            assert connection.encrypted
            connection.bid_farewell()
            await send(target(hop, "required", ca), RAW, SENDER, [ANN])
            assert hop.kept[0].encrypted
            assert [type(event) for event in hop.commands[:3]] == [Hello, StartTls, Hello]

    run(main())


def test_tls_required_and_not_trusted_or_not_offered(authority: trustme.CA) -> None:
    async def main() -> None:
        async with KeepingNextHop(tls=context(authority)) as hop:
            with pytest.raises(RelayError, match=r"4\.7\.4"):
                await send(target(hop, "required"), RAW, SENDER, [ANN])
            await send(target(hop, "opportunistic"), RAW, SENDER, [ANN])
            assert hop.kept[0].encrypted
        async with KeepingNextHop() as hop:
            with pytest.raises(RelayError, match=r"4\.7\.4"):
                await send(target(hop, "required"), RAW, SENDER, [ANN])
            await send(target(hop, "opportunistic"), RAW, SENDER, [ANN])
            assert not hop.kept[0].encrypted

    run(main())


def test_another_name_in_the_certificate_is_not_trusted(
    authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ca = str(tmp_path_factory.mktemp("ca") / "ca.pem")
    authority.cert_pem.write_to_path(ca)

    async def main() -> None:
        async with KeepingNextHop(tls=context(authority, "other.example")) as hop:
            with pytest.raises(RelayError, match=r"4\.7\.4"):
                await send(target(hop, "required", ca), RAW, SENDER, [ANN])

    run(main())
