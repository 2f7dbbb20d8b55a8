"""What a supervisor and Prometheus see of a node, and what the log says where its readers may not know people."""

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest

from missent.holds.passes import Bearer, made
from missent.nouns.address import Address
from missent.serving.metrics import Metrics

SAMPLE = re.compile(r"^(missent_\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)


@pytest.fixture
def watched(house, free):
    """A node with a health listener, and a client of it."""
    port = free()
    return house(f'log_addresses = "domain"\n[health]\nlisten = "127.0.0.1:{port}"'), f"http://127.0.0.1:{port}"


async def get(base, path):
    async with httpx.AsyncClient(timeout=10) as client:
        return await client.get(base + path)


def figures(text):
    return {(name, labels): float(value) for name, labels, value in SAMPLE.findall(text)}


def test_metrics_count_messages_and_name_nobody(watched):
    async def play():
        opening, base = watched
        async with opening as h:
            await h.send("jane@army.ml", "r@navy.mil")
            await h.send("r@navy.mil")
            assert (await h.send("x@nowhere.invalid"))["x@nowhere.invalid"][0] == 550
            await h.until(lambda: h.inbox("anna@mod.example"))
            answer = await get(base, "/metrics")
            assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
            found = figures(answer.text)
            assert found["missent_messages_total", 'action="hold"'] == 1
            assert found["missent_messages_total", 'action="deliver"'] == 1
            assert found["missent_recipients_total", 'action="hold",rule="lookalike"'] == 1
            assert found["missent_findings_total", 'finding="lookalike-domain",severity="high"'] == 1
            assert found["missent_refused_total", 'code="550"'] == 1
            assert found["missent_message_seconds_count", ""] == 2
            assert found["missent_copies", 'state="held"'] == 1
            assert found["missent_store_up", ""] == 1
            assert found["missent_observing", ""] == 0
            assert 0 <= found["missent_oldest_held_seconds", ""] < 60
            assert "@" not in answer.text
            assert "army" not in answer.text

    asyncio.run(play())


def test_a_node_whose_store_is_gone_lives_but_is_not_ready(watched):
    async def play():
        opening, base = watched
        async with opening as h:
            assert (await get(base, "/healthz")).text == "ok\n"
            assert (await get(base, "/readyz")).json() == {"ready": True, "store": True, "taking": True}
            path = h.site.settings.path.parent / "missent.db"
            with closing(sqlite3.connect(path)) as database:
                database.execute("DROP TABLE posting")
                database.commit()
            answer = await get(base, "/readyz")
            assert (answer.status_code, answer.json()["store"]) == (503, False)
            assert (await get(base, "/healthz")).status_code == 200
            assert figures((await get(base, "/metrics")).text)["missent_store_up", ""] == 0

    asyncio.run(play())


def test_nothing_else_is_served_there(watched):
    async def play():
        opening, base = watched
        async with opening:
            assert [(await get(base, path)).status_code for path in ("/", "/holds", "/h/token", "/metrics/x")] == [404] * 4

    asyncio.run(play())


def test_the_log_keeps_local_parts_to_itself_where_it_is_told_to(watched, capsys):
    async def play():
        opening, _ = watched
        async with opening as h:
            await h.send("jane@army.ml", "r@navy.mil")
            await h.send("x@nowhere.invalid")

    asyncio.run(play())
    told = capsys.readouterr()
    lines = told.out + told.err
    assert "@army.ml" in lines
    assert "@mod.example" in lines
    assert not re.search(r"\b(jane|anna)@|\br@navy|\bx@nowhere", lines)


def test_a_node_counts_from_nought():
    text = Metrics().exposition().decode()
    assert "missent_inbound_messages_total 0.0" in text
    assert json.dumps(figures(text)["missent_message_seconds_count", ""]) == "0.0"


def test_a_released_copy_that_comes_back_is_counted_apart(watched):
    async def play():
        opening, base = watched
        async with opening as h:
            raw = b"From: anna@mod.example\r\nTo: jane@army.ml\r\nMessage-ID: <back@mod.example>\r\n\r\nHello\r\n"
            bearer = Bearer(Address.parse("anna@mod.example"), Address.parse("jane@army.ml"), raw)
            marked = made(h.store.passes.pass_key, "1.2.0", bearer, datetime.now(UTC)) + raw
            await asyncio.to_thread(h._send, "anna@mod.example", ["jane@army.ml"], marked)
            await h.until(lambda: h.inbox("jane@army.ml"))
            found = figures((await get(base, "/metrics")).text)
            assert found["missent_let_by_total", ""] == 1
            assert ("missent_messages_total", 'action="deliver"') not in found

    asyncio.run(play())
