"""A tenant of a shared mail service behind a real Postfix: its certificate verified by Postfix, its field read by missent."""

import asyncio
import os
import shutil
import smtplib
import ssl

import pytest
import trustme

from missent.gateway.milter import serve_milter
from missent.gateway.ports import House
from missent.settings import ConnectorSettings, MilterSettings
from missent.testing.gateway import Book, Judge
from missent.testing.next_hop import KeepingNextHop

CONNECTOR = ConnectorSettings("outbound.service.example", "X-OriginatorOrg", "own.example")
HOUSE = House(
    domains=frozenset({"own.example"}),
    networks=("192.0.2.0/24",),
    connectors=(CONNECTOR,),
    processed=("X-Missent-Processed", "r4nd0m"),
)
TLS = (
    "-o smtpd_tls_security_level=encrypt -o smtpd_tls_ask_ccert=yes -o smtpd_tls_cert_file={d}/cert.pem "
    "-o smtpd_tls_key_file={d}/key.pem -o smtpd_tls_CAfile={d}/ca.pem -o smtpd_milters=unix:{d}/milter.sock "
    "-o smtpd_relay_restrictions=permit_tls_all_clientcerts,reject"
)
MESSAGE = b"From: me@own.example\r\nMessage-ID: <1@own.example>\r\n%bSubject: x\r\n\r\nHello\r\n"


@pytest.fixture
def authority(folder):
    """An authority, and Postfix's certificate by it."""
    made = trustme.CA()
    server = made.issue_cert("127.0.0.1")
    server.private_key_pem.write_to_path(str(folder / "key.pem"))
    server.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    made.cert_pem.write_to_path(str(folder / "ca.pem"))
    for name in ("key.pem", "cert.pem", "ca.pem"):
        shutil.chown(folder / name, "postfix")
        (folder / name).chmod(0o644)
    return made


def send(port, context, rcpts, message):
    """What one client hears at the end, over TLS."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as smtp:
        smtp.starttls(context=context)
        smtp.ehlo()
        smtp.mail("me@own.example")
        heard = [smtp.rcpt(rcpt) for rcpt in rcpts]
        return heard[-1] if heard[-1][0] >= 400 else smtp.data(message)


def test_the_certificates_name_and_the_tenants_field_make_it_ours(folder, postfix, authority):
    def context(*names):
        made = ssl.create_default_context(cafile=folder / "ca.pem")
        # the name stands in the subject, too: that is what Postfix hands to a milter
        authority.issue_cert(*names, common_name=names[0]).configure_cert(made)
        return made

    async def main():
        async with KeepingNextHop() as hop:
            judge, book = Judge(), Book()
            listen = MilterSettings(listen=f"unix:{folder}/milter.sock", socket_mode="0666")
            milter = await serve_milter(listen, judge, book, HOUSE)
            try:
                server = await asyncio.to_thread(postfix, hop.port, TLS.format(d=folder))
                service, other = context("outbound.service.example"), context("other.example")
                outside, field = ("ann@b.example", "hold@army.ml"), b"X-OriginatorOrg: own.example\r\n"

                async def said(*given):
                    return await asyncio.to_thread(send, server.ports[0], *given)

                assert (await said(service, outside, MESSAGE % field))[0] == 250
                [hold] = book.find()
                assert hold.asks_sender
                code, text = await said(service, outside, MESSAGE % b"")
                assert (code, text) == (550, b"5.7.1 This message does not come from a tenant of this organisation")
                assert (await said(other, outside, MESSAGE % field))[0] == 250  # another's certificate: judged as a stranger
                owned = [envelope.client.own for raw, envelope in judge.seen if raw is not None]
                assert owned == [True, False]
                while len(hop.kept) < 2:  # noqa: ASYNC110 - another process decides
                    await asyncio.sleep(0.02)
                assert b"X-Missent-Processed: r4nd0m\r\n" in hop.kept[0].raw
                assert [kept.rcpts for kept in hop.kept] == [("ann@b.example",)] * 2
            finally:
                await milter.close(grace=0.2)

    assert os.geteuid() == 0
    asyncio.run(asyncio.wait_for(main(), 60))
