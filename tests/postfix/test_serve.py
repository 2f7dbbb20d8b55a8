"""`missent serve` as a process, in every place Postfix has for it: the story of one message that was sent to a wrong person."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from missent.holds.passes import Bearer, made
from missent.nouns.address import Address
from missent.store.keys import load
from missent.testing.next_hop import KeepingNextHop
from missent.testing.ports import free_port

MESSAGE = (
    b"From: Alex Kim <alex@mod.example>\r\nTo: joe@army.mil, jane.doe@army.ml\r\nMessage-ID: <%b@mod.example>\r\n"
    b"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nSubject: Itinerary\r\n\r\nHello\r\n"
)
ALEX = "<alex@mod.example>"

SETTINGS = """
own_domains = ["mod.example"]
observe = false
store = "sqlite:///{folder}/missent.db"
[relay]
listen = "127.0.0.1:{relay}"
next_hop = "127.0.0.1:{next_hop}"
[milter]
listen = "unix:{folder}/milter.sock"
socket_group = "postfix"
[console]
listen = "127.0.0.1:{console}"
[public]
listen = "127.0.0.1:{public}"
"""


class Missent:
    """The process, and its command line."""

    def __init__(self, folder, next_hop, ports):
        self.folder, self.process = folder, None
        self.relay, console, public = ports
        self.config = folder / "missent.toml"
        text = SETTINGS.format(folder=folder, relay=self.relay, next_hop=next_hop, console=console, public=public)
        self.config.write_text(text)

    async def start(self):
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen([*self._missent, "serve", "--config", self.config], stdout=log, stderr=log)  # noqa: ASYNC220 - at once
        async with asyncio.timeout(30):
            while not await self._answers():  # noqa: ASYNC110 - another process decides
                await asyncio.sleep(0.05)

    def end(self, how=signal.SIGKILL):
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, how)
            self.process.wait(20)
            self.process = None

    async def run(self, *command):
        return await asyncio.to_thread(self._run, *command)

    async def held(self):
        """Recipients of held copies by hold."""
        found = json.loads(await self.run("hold", "list", "--format", "json"))
        holds = found["holds"] if isinstance(found, dict) else found
        return {hold["id"]: [copy["rcpt"] for copy in hold["copies"]] for hold in holds}

    async def states(self, hold):
        """States of its copies."""
        return [copy["state"] for copy in json.loads(await self.run("hold", "show", hold, "--format", "json"))["copies"]]

    def let_go(self, message, rcpt):
        """A pass as the worker makes it, with the key of this installation."""
        key = load(self.folder / "missent.key").derive("pass")
        bearer = Bearer(Address.parse("alex@mod.example"), Address.parse(rcpt), message)
        return made(key, "1.1.0", bearer, datetime.now(UTC))

    _missent = (sys.executable, "-m", "missent")

    def _run(self, *command):
        done = subprocess.run([*self._missent, *command, "--config", self.config], capture_output=True, text=True, check=True)
        return done.stdout

    async def _answers(self):
        """Whether both its listeners answer; the relay is opened first."""
        try:
            _, writer = await asyncio.open_unix_connection(self.folder / "milter.sock")
        except OSError:
            return False
        writer.close()
        return True


class World:
    def __init__(self, hop, server, missent):
        self.hop, self.server, self.missent = hop, server, missent

    async def kept(self, count):
        async with asyncio.timeout(20):
            while len(self.hop.kept) < count:  # noqa: ASYNC110 - another process decides
                await asyncio.sleep(0.02)
        return [kept.rcpts for kept in self.hop.kept]

    async def copies(self, count):
        """Mail that is not missent's own question to Alex, which comes when it comes."""
        async with asyncio.timeout(20):
            while len(found := [kept for kept in self.hop.kept if kept.rcpts != (ALEX[1:-1],)]) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return found


FRONTS = ("milter", "smtpd_proxy_filter", "content_filter")


@pytest.fixture
def world(folder, postfix):
    """Postfix with a listener for each front and, last, an unfiltered one. Released copies come back to the `back`th."""

    @contextlib.asynccontextmanager
    async def running(back=3):
        async with KeepingNextHop() as hop:
            ports = [free_port() for _ in range(3)]
            options = (
                f"-o smtpd_milters=unix:{folder}/milter.sock",
                f"-o smtpd_proxy_filter=127.0.0.1:{ports[0]}",
                f"-o content_filter=smtp:[127.0.0.1]:{ports[0]}",
                "-o smtpd_milters=",
            )
            server = await asyncio.to_thread(postfix, hop.port, *options)
            missent = Missent(folder, server.ports[back], ports)
            try:
                await missent.start()
                yield World(hop, server, missent)
            finally:
                missent.end()

    return running


@pytest.fixture
def run():
    return lambda main: asyncio.run(asyncio.wait_for(main, 100))


def test_the_story_through_every_front(world, client, run):
    async def main():
        async with world() as w:
            for number, front in enumerate(FRONTS):
                message = MESSAGE % front.encode()
                async with client(w.server.ports[number]) as c:
                    said = await c.mail("<joe@army.mil>", "<jane.doe@army.ml>", message=message, sender=ALEX)
                    assert said.startswith("250"), front
                went = (await w.copies(2 * number + 1))[-1]
                assert went.rcpts == ("joe@army.mil",), front
                assert went.raw.endswith(message), front
                async with asyncio.timeout(10):
                    while not (held := await w.missent.held()):  # noqa: ASYNC110 - another process decides
                        await asyncio.sleep(0.05)
                assert list(held.values()) == [["jane.doe@army.ml"]], front
                await w.missent.run("hold", "release", *held)
                assert (await w.copies(2 * number + 2))[-1].rcpts == ("jane.doe@army.ml",), front
                assert await w.missent.held() == {}

    run(main())


def test_a_released_copy_comes_back_through_the_milter_itself_and_passes_once(world, client, run):
    """No listener without the milter is needed: the copy, the question and the report all bear a pass."""

    async def main():
        async with world(back=0) as w:
            message = MESSAGE % b"pass"
            parameters = " NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;j.doe@army.ml"
            async with client(w.server.ports[0]) as c:
                await c.say(f"MAIL FROM:{ALEX} RET=HDRS ENVID=QQ314 BODY=8BITMIME")
                await c.say(f"RCPT TO:<jane.doe@army.ml>{parameters}")
                await c.say("DATA")
                c.stream.write(message + "Grüße\r\n.\r\n".encode())
                assert str(await c.hear()).startswith("250")
            [hold] = await w.missent.held()
            assert await w.kept(1) == [("alex@mod.example",)]
            await w.missent.run("hold", "release", hold)
            assert (await w.kept(2))[1] == ("jane.doe@army.ml",)
            copy = w.hop.kept[1]
            assert copy.raw.endswith(message + "Grüße\r\n".encode())
            assert copy.raw.count(b"Received: ") == 1
            assert dict(copy.mail.parameters) | {"SIZE": ""} == {
                "RET": "HDRS",
                "ENVID": "QQ314",
                "BODY": "8BITMIME",
                "SIZE": "",
            }
            assert dict(copy.rcpt_commands[0].parameters) == {"NOTIFY": "SUCCESS,FAILURE", "ORCPT": "rfc822;j.doe@army.ml"}
            assert not any(b"missent-pass" in kept.raw.lower() for kept in w.hop.kept)
            assert await w.missent.held() == {}
            assert (await w.missent.states(hold)) == ["sent"]

    run(main())


def test_a_released_copy_in_unicode_goes_out_as_it_came(world, client, run):
    async def main():
        async with world(back=0) as w:
            message = (MESSAGE % b"utf8").replace(b"jane.doe@", "jäne@".encode())
            async with client(w.server.ports[0]) as c:
                assert (await c.say(f"MAIL FROM:{ALEX} SMTPUTF8 BODY=8BITMIME")).startswith("250")
                assert (await c.say("RCPT TO:<jäne@army.ml>")).startswith("250")
                await c.say("DATA")
                c.stream.write(message + b".\r\n")
                assert str(await c.hear()).startswith("250")
            [hold] = await w.missent.held()
            await w.missent.run("hold", "release", hold)
            kept = await w.kept(2)
            assert kept[-1] == ("jäne@army.ml",)
            assert w.hop.kept[-1].raw.endswith(message)
            assert {"SMTPUTF8", "BODY"} <= set(w.hop.kept[-1].mail.parameters)

    run(main())


def test_a_pass_used_again_or_by_another_holds_the_message_once_more(world, client, run):
    async def main():
        async with world(back=0) as w:
            message = MESSAGE % b"replay"
            raw = w.missent.let_go(message, "jane.doe@army.ml") + message
            for number, mail in enumerate((raw, raw, raw, raw.replace(b"Itinerary", b"Itinerary 2")), 1):
                async with client(w.server.ports[0]) as c:
                    assert (await c.mail("<jane.doe@army.ml>", message=mail, sender=ALEX)).startswith("250"), number
            await asyncio.sleep(1.0)
            assert [kept.rcpts for kept in w.hop.kept].count(("jane.doe@army.ml",)) == 1
            assert not any(b"missent-pass" in kept.raw.lower() for kept in w.hop.kept)
            held = await w.missent.held()
            assert list(held.values()) == [["jane.doe@army.ml"]] * len(held)
            assert len(held) == 1  # one body, so one hold, apart from what was let go

    run(main())


def test_an_address_that_cannot_exist_is_refused_with_words_while_it_is_typed(world, client, run):
    async def main():
        async with world() as w:
            for number in (0, 1):
                async with client(w.server.ports[number]) as c:
                    await c.say(f"MAIL FROM:{ALEX}")
                    said = await c.say("RCPT TO:<ann@partner.example>")
                    assert said.startswith("550 5.7.1 <ann@partner.example> is refused"), FRONTS[number]
                    assert "no domain ends in `.example`" in said

    run(main())


def test_killed_it_defers_and_started_again_it_goes_on(world, client, run):
    async def main():
        async with world() as w, client(w.server.ports[0]) as c:
            message = MESSAGE % b"killed"
            await c.say(f"MAIL FROM:{ALEX}")
            await c.say("RCPT TO:<jane.doe@army.ml>")
            w.missent.end(signal.SIGKILL)
            assert (await c.say("DATA")).startswith(("354", "451"))
            async with client(w.server.ports[0]) as other:
                assert (await other.say(f"MAIL FROM:{ALEX}")).startswith("451")
            await w.missent.start()
            async with client(w.server.ports[0]) as other:
                said = await other.mail("<jane.doe@army.ml>", "<joe@army.mil>", message=message, sender=ALEX)
                assert said.startswith("250")
            assert (await w.kept(1))[0] == ("joe@army.mil",)
            assert list((await w.missent.held()).values()) == [["jane.doe@army.ml"]]
            w.missent.end(signal.SIGTERM)

    run(main())


def test_as_relayhost(folder, postfix, client, run):
    async def main():
        async with KeepingNextHop() as hop:
            ports = [free_port() for _ in range(3)]
            missent = Missent(folder, hop.port, ports)
            server = await asyncio.to_thread(postfix, ports[0], "")
            try:
                await missent.start()
                w = World(hop, server, missent)
                async with client(server.ports[0]) as c:
                    rcpts = ("<joe@army.mil>", "<jane.doe@army.ml>")
                    assert (await c.mail(*rcpts, message=MESSAGE % b"relayhost", sender=ALEX)).startswith("250")
                assert await w.kept(1) == [("joe@army.mil",)]
                assert list((await missent.held()).values()) == [["jane.doe@army.ml"]]
            finally:
                missent.end()

    run(main())


TO = ("--to", "missent-canary@army.ml", "--from", "postmaster@mod.example", "--format", "json", "--wait", "10")


def examined(world, port, *options):
    command = [sys.executable, "-m", "missent", "doctor", "--config", world.missent.config, "--through", f"127.0.0.1:{port}"]
    done = subprocess.run([*command, *TO, *options], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout, done.stderr
    return done.returncode, {part["part"]: part for part in json.loads(done.stdout)["parts"]}


@pytest.mark.parametrize(("front", "options"), [(0, ()), (1, ()), (2, ("--after-queue",))])
def test_the_canary_is_held_behind_every_front(world, run, front, options):
    async def main():
        async with world() as w:
            code, parts = await asyncio.to_thread(examined, w, w.server.ports[front], *options)
            assert code == 0, parts
            assert parts["canary"]["said"] == "missent-canary@army.ml: held, and taken back"
            assert await w.missent.held() == {}

    run(main())


def test_a_listener_without_missent_is_found_out_and_nothing_flies(world, run):
    async def main():
        async with world() as w:
            code, parts = await asyncio.to_thread(examined, w, w.server.ports[3])
            assert (code, parts["probe"]["state"]) == (1, "amiss")
            assert "canary" not in parts

    run(main())
