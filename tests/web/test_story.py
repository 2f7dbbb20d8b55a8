"""The main job on the real store and a real socket: held, asked, corrected on the page, delivered, on record."""

import asyncio
import re
from datetime import timedelta

from missent.delivery.composing import Composer
from missent.delivery.letterhead import Letterhead
from missent.delivery.next_hop import Target, send
from missent.delivery.worker import Worker
from missent.nouns.address import Address
from missent.store import Keys, open_store
from missent.testing.holding import NOON, RAW, held_copy, hold
from missent.testing.next_hop import KeepingNextHop
from missent.web import console, public
from missent.web.links import Links, sender_links

from .conftest import PORT, Client, judge

KEYS = Keys("k", bytes(32))
URL = "https://mail.mod.example"


def delivered(store, links, at):
    """What a worker hands to a next hop at a moment."""

    async def main():
        async with KeepingNextHop() as hop:

            async def onward(raw, mail_from, rcpts, options):
                return await send(Target("127.0.0.1", hop.port, "off"), raw, mail_from, rcpts, options)

            head = Letterhead(Address.parse("postmaster@mod.example"), "mx.mod.example", URL)
            composer = Composer(store.holds, head, sender_links(links, head))
            worker = Worker(store.outbox, composer, onward, "here", lambda: 0.5)
            while await worker.step(at):
                pass
            return hop.kept

    return asyncio.run(main())


def link_in(kept):
    """The one link of a notice."""
    plain = kept.raw.replace(b"=\r\n", b"").decode()
    (link,) = set(re.findall(rf"{URL}(/h/[\w.-]+)", plain))
    return link


def test_the_main_job(tmp_path):
    with open_store(f"sqlite:///{tmp_path}/missent.db", KEYS) as store:
        links = Links(KEYS.derive("link"))
        store.holds.keep(hold(held_copy(), held_copy("zoe@army.ml")), RAW)
        (notice,) = delivered(store, links, NOON)
        assert notice.mail_from == ""
        assert notice.rcpts == ("alex.kim@mod.example",)

        pages = Client(public.app(store.holds, links, judge, KEYS.alias, lambda: NOON))
        link = link_in(notice)
        assert pages.get(link).status_code == 200
        copies = store.holds.get(hold().id).copies
        for copy, button in zip(copies, ("suggestion", "return"), strict=True):
            assert pages.post(link, data={"copy": str(copy.id), "button": button}).status_code == 200

        sent = delivered(store, links, NOON + timedelta(minutes=1))
        assert {kept.rcpts for kept in sent} == {("jane.doe@army.mil",), ("alex.kim@mod.example",)}
        (corrected,) = [kept for kept in sent if kept.mail_from]
        assert corrected.raw == RAW.replace(b"jane.doe@army.ml", b"jane.doe@army.mil")
        assert "Sent to jane.doe@army.mil" in pages.get(link).text

        desk = console.Desk(store.holds, store.outbox, links, lambda: NOON + timedelta(minutes=2))
        desk_pages = Client(console.app(desk, PORT), f"http://127.0.0.1:{PORT}")
        assert "zoe@army.ml" in desk_pages.get(f"/holds/{hold().id}").text
        assert "returned" in desk_pages.get("/").text
        assert "<b>2</b><span>copies held" in desk_pages.get("/figures").text

        events = list(store.audit.export())
        assert [event["kind"] for event in events].count("hold.viewed") == 1
        assert "army" not in str(events)
        assert "alex" not in str(events)
        assert not store.audit.verify().faults
