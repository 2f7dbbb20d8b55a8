"""STARTTLS on the client's side of the relay, and client certificates."""

import asyncio
import hashlib
import ssl

import pytest
import trustme


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def files(authority, tmp_path_factory):
    """The relay's certificate and key, the authority's and a client's, as settings want them."""
    folder = tmp_path_factory.mktemp("tls")
    server, client = authority.issue_cert("127.0.0.1"), authority.issue_cert("client.example")
    server.private_key_pem.write_to_path(str(folder / "key.pem"))
    server.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    der = ssl.PEM_cert_to_DER_cert(client.cert_chain_pems[0].bytes().decode())
    settings = {"tls_certificate": str(folder / "cert.pem"), "tls_key": str(folder / "key.pem")}
    return {"server": settings, "ca": str(folder / "ca.pem"), "client": client, "print": hashlib.sha256(der).hexdigest()}


def trusting(files, *, certificate=None):
    context = ssl.create_default_context(cafile=files["ca"])
    if certificate is not None:
        certificate.configure_cert(context)
    return context


async def encrypted(client, context):
    assert "STARTTLS" in await client.greet()
    assert (await client.say("STARTTLS")).startswith("220")
    await client.start_tls(context)
    return await client.say("EHLO client.example")


def test_encrypted_both_ways(world, run, talk, authority, files):
    async def main():
        hop = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1").configure_cert(hop)
        async with world(hop={"tls": hop}, next_hop_tls="required", next_hop_ca=files["ca"], **files["server"]) as w:
            client = await talk(w.relay.port)
            assert "STARTTLS" not in await encrypted(client, trusting(files))
            assert (await client.mail("ann@b.example")).startswith("250")
            assert w.hop.kept[0].encrypted
            assert b"with ESMTPS id" in w.hop.kept[0].raw

    run(main())


def test_a_next_hop_without_trusted_tls_is_421(world, run, talk):
    async def main():
        async with world(next_hop_tls="required") as w:
            assert (await (await talk(w.relay.port)).greet()).startswith("421 4.7.4")

    run(main())


def test_what_is_pipelined_behind_starttls_is_never_heard(world, run, talk, files):
    async def main():
        async with world(**files["server"]) as w:
            client = await talk(w.relay.port)
            await client.greet()
            evil = ("EHLO evil.example", "MAIL FROM:<evil@e.example>", "RCPT TO:<ann@b.example>")
            assert (await client.say("STARTTLS", *evil)).startswith("220")
            await client.start_tls(trusting(files))
            assert await client.say("DATA") == "503 5.5.1 Bad sequence of commands"
            assert await client.say("RCPT TO:<bob@b.example>") == "503 5.5.1 Bad sequence of commands"
            await client.say("EHLO client.example")
            assert (await client.mail("ann@b.example")).startswith("250")
            assert w.hop.kept[0].mail_from == "me@own.example"

    run(main())


def test_a_stranger_is_let_in_by_certificate_only(world, run, talk, authority, files):
    async def main():
        settings = {
            "allowed_clients": ("192.0.2.0/24",),
            "allowed_certificates": (files["print"].upper(),),
            "client_ca": files["ca"],
        }
        async with world(**settings, **files["server"]) as w:
            client = await talk(w.relay.port)
            await client.greet()
            assert (await client.say("MAIL FROM:<me@own.example>")).startswith("530 5.7.0")
            for certificate in (None, authority.issue_cert("other.example")):
                client = await talk(w.relay.port)
                await encrypted(client, trusting(files, certificate=certificate))
                assert (await client.say("MAIL FROM:<me@own.example>")).startswith("554 5.7.1")
            assert w.hop.sessions == 0
            client = await talk(w.relay.port)
            await encrypted(client, trusting(files, certificate=files["client"]))
            assert (await client.mail("ann@b.example", "hold@army.ml")).startswith("250")
            [hold] = w.book.find()
            assert hold.asks_sender

    run(main())


def test_a_failed_handshake_ends_that_session_only(world, run, talk, files):
    async def main():
        async with world(**files["server"]) as w:
            client = await talk(w.relay.port)
            await client.greet()
            await client.say("STARTTLS")
            client.stream.write(b"NOOP\r\n" * 10)
            await until_closed(client)
            assert (await (await w.talker()).mail("ann@b.example")).startswith("250")

    run(main())


async def until_closed(client):
    """Whatever a TLS alert looks like, the connection ends."""
    async with asyncio.timeout(5):
        while await client.stream.read():
            pass
