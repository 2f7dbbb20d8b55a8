"""The recipient model in a running node of a made-up company: slips to a namesake are held, and each answer is learned from."""

import asyncio
import gzip
import json
import re
import shutil
import smtplib
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from missent.cli import run
from missent.cli.serve import parts
from missent.cli.site import Site
from missent.nouns.hold import State
from missent.policy.reading import default_policy
from missent.recipients.model.budget import Past
from missent.serving.node import Node
from missent.store import pages
from missent.store.keys import Keys
from missent.store.recipient_model import TREES, prior
from missent.testing.company import ANNA, BEN, JO, OWN, STEVE, STEVEN, as_mbox, letter, year
from missent.testing.next_hop import KeepingNextHop
from missent.testing.ports import free_port

KEYS = Keys("00000001", b"k" * 32)
"""Always the same: the hashes, and so the scores, depend a little on it."""

TEXT = "Steven,\n\nturbine outage compressor pressure nominations {}.\n\nAnna"
LINK = re.compile(rb"http://127\.0\.0\.1:\d+/h/[\w.~%-]+")


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """A site that learned half a year of mail; the packaged trees, with a past in which no right mail scored above -1.5."""
    folder = tmp_path_factory.mktemp("learned")
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(weeks=26)  # a node judges as of now
    (folder / "year.mbox").write_bytes(as_mbox(year(weeks=26, start=start)))
    (folder / "missent.toml").write_text(f'own_domains = ["{OWN}"]\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("missent.store.keys.fresh", lambda: KEYS)
        patch.chdir(folder)
        assert run(["learn", "year.mbox"]) == 0
        model = gzip.compress(json.dumps(replace(prior(), past=Past.of([-1.5] * 1000)).as_dict()).encode())
        with Site("missent.toml") as site:
            site.store().write(lambda connection: pages.put(connection, TREES, model))
    (folder / "policy.toml").write_text(default_policy().text)
    return folder


@pytest.fixture
def generous(learned, tmp_path, monkeypatch):
    """`async with` starts a node of it."""
    shutil.copytree(learned, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    @asynccontextmanager
    async def started():
        ports = [free_port() for _ in range(3)]
        async with KeepingNextHop() as hop:
            (tmp_path / "missent.toml").write_text(
                f'own_domains = ["{OWN}"]\nobserve = false\npolicy = "policy.toml"\n[relay]\nlisten = "127.0.0.1:{ports[0]}"\n'
                f'next_hop = "{hop.address}"\n[console]\nlisten = "127.0.0.1:{ports[1]}"\n[public]\n'
                f'listen = "127.0.0.1:{ports[2]}"\nurl = "http://127.0.0.1:{ports[2]}"\n'
            )
            with Site("missent.toml") as site:
                node = Node(parts(site))
                await node.start()
                try:
                    yield site.store(), hop, ports[0]
                finally:
                    await node.stop()

    return started


def send(port, number, *rcpts):
    fields = {"Date": format_datetime(datetime.now(UTC)), "Message-ID": f"<new.{number}@{OWN}>"}
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as smtp:
        smtp.sendmail(ANNA, rcpts, letter(ANNA, rcpts, "Turbine outage", TEXT.format(number), fields).replace(b"\n", b"\r\n"))


async def until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not await asyncio.to_thread(condition):
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.05)


def to_steve(store):
    """Every copy to Steve that was ever held."""
    return [copy for hold in store.holds.find() for copy in hold.copies if copy.rcpt.key == STEVE]


async def press(hop, copy, button):
    """Follow the link of the newest notice to Anna, and press for one copy."""
    await until(lambda: any(ANNA in kept.rcpts for kept in hop.kept))
    notice = [kept.raw for kept in hop.kept if ANNA in kept.rcpts][-1]
    async with httpx.AsyncClient(timeout=30) as client:
        url = LINK.search(notice.replace(b"=\r\n", b"").replace(b"=3D", b"="))[0].decode()
        page = (await client.get(url)).text
        await client.post(url, data={"copy": str(copy.id), "button": button})
    return page


def sent(store, rcpt):
    """Anna's mails to somebody as the model remembers them."""
    memory = store.model.memory
    return memory.of(memory.people.known(ANNA).number).get(memory.people.known(rcpt).number).sent


def test_what_a_sender_confirms_is_believed_and_learned_at_once(generous):
    async def play():
        async with generous() as (store, hop, port):
            before = sent(store, STEVE)
            await asyncio.to_thread(send, port, 1, STEVE, JO, BEN)
            [copy] = to_steve(store)
            assert (copy.rule, [f.id for f in copy.findings][:1]) == ("not-the-usual", ["namesake"])
            assert copy.suggestion == STEVEN
            page = await press(hop, copy, "confirm")
            assert "You wrote to" in page
            assert "turbine" not in page.lower()
            await until(lambda: any(STEVE in kept.rcpts for kept in hop.kept))
            await until(lambda: sent(store, STEVE) == before + 1)
            await asyncio.to_thread(send, port, 2, STEVE, JO, BEN)
            assert len(to_steve(store)) == 1, "what was confirmed is not asked again"

    asyncio.run(play())


def test_what_a_sender_corrects_counts_for_whom_it_was_meant(generous):
    async def play():
        async with generous() as (store, hop, port):
            wrong, right = sent(store, STEVE), sent(store, STEVEN)
            await asyncio.to_thread(send, port, 1, STEVE, JO, BEN)
            await press(hop, to_steve(store)[0], "suggestion")
            await until(lambda: to_steve(store)[0].state in (State.CORRECTED, State.SENDING, State.SENT))
            await until(lambda: sent(store, STEVEN) == right + 1)
            assert sent(store, STEVE) == wrong
            await asyncio.to_thread(send, port, 2, STEVE, JO, BEN)
            assert len(to_steve(store)) == 2, "a slip made twice is asked about twice"

    asyncio.run(play())


def test_the_right_mail_goes_at_once(generous):
    async def play():
        async with generous() as (store, hop, port):
            await asyncio.to_thread(send, port, 1, STEVEN, JO, BEN)
            await until(lambda: any(STEVEN in kept.rcpts for kept in hop.kept))
            assert to_steve(store) == []

    asyncio.run(play())
