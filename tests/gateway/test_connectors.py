"""Mail of a tenant of a service that all tenants share: certificate and tenant header together, never one alone."""

import asyncio
import ssl

import pytest
import trustme

from missent.errors import ConfigError
from missent.gateway.connectors import settled, shown
from missent.gateway.milter import serve_milter
from missent.gateway.ports import House
from missent.milter.answers import CONTINUE
from missent.nouns.envelope import Client
from missent.settings import ConnectorSettings, MilterSettings, read
from missent.testing.gateway import Book, Judge
from missent.testing.milter import Server

SERVICE = ConnectorSettings("Outbound.Service.example", "X-OriginatorOrg", "own.example")
TENANT = b"X-OriginatorOrg: OWN.example\r\n"
MESSAGE = b"Message-ID: <1@a.example>\r\n%bSubject: x\r\n\r\nX-OriginatorOrg: own.example\r\n"
SHOWED = Client("203.0.113.9", "x", certificate=frozenset({"outbound.service.example"}))


@pytest.mark.parametrize(
    ("fields", "ours"),
    [
        (TENANT, True),
        (b"x-originatororg:\r\n own.example\r\n", True),
        (b"", False),
        (b"X-OriginatorOrg: other.example\r\n", False),
        (b"X-OriginatorOrg: own.example.evil.example\r\n", False),
        (b"X-OriginatorOrg: other.example\r\n" + TENANT, False),
        (TENANT + TENANT, False),
        (b"X-OriginatorOrg-Old: own.example\r\n", False),
    ],
)
def test_the_tenants_field_stands_once_with_its_value(fields, ours):
    client = settled(MESSAGE % fields, SHOWED, (SERVICE,))
    assert (client is not None) == ours
    assert client is None or client.own


def test_the_field_alone_says_nothing():
    for client in (Client("203.0.113.9"), Client("203.0.113.9", certificate=frozenset({"service.example"}))):
        assert shown(client, (SERVICE,)) == ()
        assert settled(MESSAGE % TENANT, client, (SERVICE,)) == client


def test_who_is_ours_anyway_needs_no_field():
    client = Client("10.0.0.1", own=True, certificate=SHOWED.certificate)
    assert settled(MESSAGE % b"", client, (SERVICE,)) == client


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def files(authority, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    server = authority.issue_cert("127.0.0.1")
    server.private_key_pem.write_to_path(str(folder / "key.pem"))
    server.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    return {
        "tls_certificate": str(folder / "cert.pem"),
        "tls_key": str(folder / "key.pem"),
        "client_ca": str(folder / "ca.pem"),
        "allowed_clients": ("192.0.2.0/24",),
    }


def test_the_relay_takes_a_tenants_mail_over_the_services_certificate(world, run, talk, authority, files):
    house = {"connectors": (SERVICE,), "networks": ("192.0.2.0/24",), "processed": ("X-Missent-Processed", "r4nd0m")}

    async def encrypted(relay, *names):
        context = ssl.create_default_context(cafile=files["client_ca"])
        if names:
            authority.issue_cert(*names).configure_cert(context)
        client = await talk(relay.port)
        await client.greet()
        assert (await client.say("STARTTLS")).startswith("220")
        await client.start_tls(context)
        await client.say("EHLO client.example")
        return client

    async def main():
        async with world(house=house, **files) as w:
            for names in ((), ("other.example",)):
                client = await encrypted(w.relay, *names)
                assert (await client.say("MAIL FROM:<me@own.example>")).startswith("554 5.7.1")
            client = await encrypted(w.relay, "outbound.service.example")
            said = await client.mail("ann@b.example", message=MESSAGE % b"X-OriginatorOrg: evil.example\r\n")
            assert said == "550 5.7.1 This message does not come from a tenant of this organisation"
            assert (w.hop.kept, w.book.find()) == ([], ())
            assert (await client.mail("ann@b.example", "hold@army.ml", message=MESSAGE % TENANT)).startswith("250")
            assert w.hop.kept[0].raw.split(b"\r\n")[3] == b"X-Missent-Processed: r4nd0m"
            [hold] = w.book.find()
            assert hold.asks_sender

    run(main())


async def through_milter(tmp_path, rcpts, fields, subject="Outbound.Service.example"):
    judge = Judge()
    house = House(domains=frozenset({"own.example"}), networks=("10.0.0.0/8",), connectors=(SERVICE,), processed=("X-P", "1"))
    milter = await serve_milter(MilterSettings(f"unix:{tmp_path}/m.sock"), judge, Book(), house)
    try:
        reader, writer = await asyncio.open_unix_connection(f"{tmp_path}/m.sock")
        server = Server(reader, writer)
        await server.connect("203.0.113.9")
        server.send(b"D", b"M{cert_subject}\0" + subject.encode() + b"\0")
        await server.rcpts(*rcpts)
        said = await server.message(b"Subject: x\r\n" + fields)
        writer.close()
        return said, [envelope.client.own for raw, envelope in judge.seen if raw is not None]
    finally:
        await milter.close(grace=0.2)


@pytest.mark.parametrize(
    ("rcpt", "fields", "subject", "expected"),
    [
        ("<ann@b.example>", b"X-OriginatorOrg: own.example\r\n", SERVICE.certificate, (b"c", [True])),
        ("<ann@b.example>", b"", SERVICE.certificate, (b"y", [])),
        ("<me@own.example>", b"", SERVICE.certificate, (b"c", [])),  # mail from another tenant to us is inbound
        ("<me@own.example>", b"X-OriginatorOrg: own.example\r\n", SERVICE.certificate, (b"c", [True])),
        ("<ann@b.example>", b"X-OriginatorOrg: own.example\r\n", "", (b"c", [False])),
    ],
)
def test_the_milter_tells_tenants_by_the_name_postfix_has_verified(tmp_path, run, rcpt, fields, subject, expected):
    async def main():
        said, own = await through_milter(tmp_path, [rcpt], fields, subject)
        assert (said[-1][4:5], own) == expected
        if own:
            assert said[0] == b"\0\0\0\x0ci\0\0\0\0X-P\0 1\0"
            assert said[-1] == CONTINUE

    run(main())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[connectors]]\ncertificate = "a.example"\nheader = "X-A"\nvalue = ""', "every tenant of the service is ours"),
        ('[[connectors]]\ncertificate = "a.example"\nheader = "X A"\nvalue = "x"', "expected the name of a header field"),
        ('[[connectors]]\ncertificate = "a.example"\nvalue = "x"', "key `header` is missing"),
        ('processed_header = "X-A: b\\r\\nEvil: c"', "in one line"),
        ('processed_header = "no colon"', "expected `X-Name: value`"),
    ],
)
def test_half_a_connector_is_an_error_that_says_what_lacks(tmp_path, text, says):
    file = tmp_path / "missent.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=says):
        read(file)
