"""Copies that must go by TLS: over loopback, by verified TLS, or not yet."""

import asyncio
from types import MappingProxyType

import pytest

from missent.delivery import channel
from missent.delivery.channel import ByChannel, on_loopback
from missent.delivery.next_hop import Target
from missent.errors import RelayError
from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions, Recipient
from missent.recipients.channels import asked, domains, unassured
from missent.recipients.register import Clearance, Register
from missent.testing.next_hop import KeepingNextHop

REGISTER = Register(
    clearances=MappingProxyType(
        {
            c.target: c
            for c in (
                Clearance("acme.example", channel="tls"),
                Clearance("jane@navy.example", channel="tls-assured"),
                Clearance("plain.example", countries=("GB",)),
            )
        }
    )
)


def sent(to):
    """What the next hop got for this recipient, and its reply."""

    async def play():
        async with KeepingNextHop() as hop:
            by = ByChannel(Target("127.0.0.1", hop.port), lambda: REGISTER)
            replies = await by(b"Subject: x\r\n\r\nx\r\n", None, (Recipient(Address.parse(to)),), MailOptions())
            return [str(r) for r in replies], len(hop.kept)

    return asyncio.run(play())


@pytest.mark.parametrize("to", ["bob@acme.example", "bob@field.acme.example", "jane@navy.example", "bob@plain.example"])
def test_over_loopback_nothing_leaves_the_machine(to):
    (reply,), kept = sent(to)
    assert reply.startswith("250")
    assert kept == 1


@pytest.mark.parametrize(
    ("to", "waits"),
    [
        ("bob@acme.example", True),
        ("jane@navy.example", True),
        ("ann@navy.example", False),
        ("bob@plain.example", False),
    ],
)
def test_to_a_next_hop_elsewhere_without_tls_the_copy_waits(to, waits, monkeypatch):
    monkeypatch.setattr(channel, "on_loopback", lambda host: False)
    if not waits:
        assert sent(to)[1] == 1
        return
    with pytest.raises(RelayError) as stop:
        sent(to)
    assert stop.value.code == 451


@pytest.mark.parametrize(
    ("host", "inside"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("localhost", True), ("mx.example", False), ("10.0.0.1", False)],
)
def test_loopback(host, inside):
    assert on_loopback(host) is inside


def test_what_the_register_asks():
    assert domains(REGISTER) == ("acme.example", "navy.example")
    assert unassured(REGISTER) == ("acme.example",)
    assert asked(REGISTER, [Address.parse("ann@navy.example"), Address.parse("bob@acme.example")])
    assert not asked(REGISTER, [Address.parse("ann@navy.example")])
