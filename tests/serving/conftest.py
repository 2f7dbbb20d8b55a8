"""A whole node over a real store and a real next hop, in this process, on free ports."""

import asyncio
import smtplib
import time
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from missent.cli.serve import parts
from missent.cli.site import Site
from missent.serving.node import Node
from missent.testing.next_hop import KeepingNextHop
from missent.testing.ports import free_port

MAIL = "From: anna@mod.example\r\nTo: {to}\r\nSubject: canary-subject\r\nMessage-ID: <{id}@mod.example>\r\n\r\ncanary-body\r\n"


@pytest.fixture
def free():
    return free_port


class House:
    """One running node and the people around it."""

    def __init__(self, site, node, hop, ports):
        self.site, self.node, self.hop, self.ports = site, node, hop, ports
        self.sent = 0

    @property
    def store(self):
        return self.site.store()

    async def send(self, *rcpts, sender="anna@mod.example", id_=None, more=""):
        """Send one message as a mail program does; the refusals by recipient, {} if all were taken."""
        self.sent += 1
        text = MAIL.format(to=", ".join(rcpts), id=id_ or f"m{self.sent}") + more
        return await asyncio.to_thread(self._send, sender, rcpts, text)

    def _send(self, sender, rcpts, text):
        with smtplib.SMTP("127.0.0.1", self.ports["relay"], timeout=20) as smtp:
            try:
                return smtp.sendmail(sender, rcpts, text)
            except smtplib.SMTPRecipientsRefused as error:
                return error.recipients
            except smtplib.SMTPResponseException as error:
                return dict.fromkeys(rcpts, (error.smtp_code, error.smtp_error))

    def inbox(self, rcpt):
        return [kept.raw for kept in self.hop.kept if rcpt in kept.rcpts]

    async def until(self, condition, seconds=10.0):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            await asyncio.sleep(0.02)


@pytest.fixture
def house(tmp_path):
    """`async with house(extra_settings) as h`."""

    @asynccontextmanager
    async def made(extra="", relay="", clock=None):
        ports = {name: free_port() for name in ("relay", "console", "public")}
        async with KeepingNextHop() as hop:
            config = tmp_path / "missent.toml"
            config.write_text(
                f'own_domains = ["mod.example"]\nobserve = false\n{extra}\n'
                f'[relay]\nlisten = "127.0.0.1:{ports["relay"]}"\nnext_hop = "{hop.address}"\n{relay}\n'
                f'[console]\nlisten = "127.0.0.1:{ports["console"]}"\n'
                f'[public]\nlisten = "127.0.0.1:{ports["public"]}"\nurl = "http://127.0.0.1:{ports["public"]}"\n'
            )
            with Site(str(config)) as site:
                node = Node(replace(parts(site), now=clock) if clock else parts(site))
                await node.start()
                try:
                    yield House(site, node, hop, ports)
                finally:
                    await node.stop()

    return made
