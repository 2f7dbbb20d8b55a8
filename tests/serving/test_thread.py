"""Decisions have consequences: a correction is remembered for its thread, a confirmation for its sender."""

import asyncio
import re
import smtplib

import pytest

from missent.demo.post import press
from missent.demo.story import _text
from missent.nouns.hold import State

REPLY = (
    "From: {sender}\r\nTo: anna@mod.example, {wrong}\r\nSubject: Re: x\r\nMessage-ID: <reply@mod.example>\r\n"
    "In-Reply-To: <{first}@mod.example>\r\n\r\nme too\r\n"
)


async def answered(house, button):
    """Wait for Anna's notice and press a button on the page its link opens."""
    await house.until(lambda: house.inbox("anna@mod.example"))
    link = re.search(r"http\S+/h/\S+", _text(house.inbox("anna@mod.example")[-1]))[0]
    assert await asyncio.to_thread(press, link, button)


def reply(port, sender, wrong, first):
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        text = REPLY.format(sender=sender, wrong=wrong, first=first)
        smtp.sendmail(sender, ["anna@mod.example", wrong], text)


def test_a_reply_that_carries_a_corrected_address_on_is_held_with_the_same_suggestion(house):
    async def play():
        async with house() as h:
            await h.send("jane@army.ml", "tom@mod.example", id_="first")
            await answered(h, "suggestion")
            await h.until(lambda: h.inbox("jane@army.mil"))
            await asyncio.to_thread(reply, h.ports["relay"], "tom@mod.example", "jane@army.ml", "first")
            newest = h.store.holds.find()[0]
            assert newest.mail_from.spec == "tom@mod.example"
            findings = {f.id: f.suggestion for f in newest.copies[0].findings}
            assert findings["corrected-in-thread"] == "jane@army.mil"

    asyncio.run(play())


@pytest.mark.parametrize("button", ["confirm", "return"])
def test_a_decision_does_what_it_says(house, button):
    async def play():
        async with house() as h:
            await h.send("jane@army.ml", id_="first")
            before = h.hop.kept.copy()
            await answered(h, button)
            await h.until(lambda: len(h.hop.kept) > max(len(before), 1))
            (copy,) = h.store.holds.find()[0].copies
            if button == "confirm":
                await h.until(lambda: h.store.holds.find()[0].copies[0].state is State.SENT)
                (raw,) = h.inbox("jane@army.ml")
                assert raw.endswith(b"\r\n\r\ncanary-body\r\n")
                await h.send("jane@army.ml", id_="second")
                assert len(h.inbox("jane@army.ml")) == 2
            else:
                assert copy.state is State.RETURNED
                assert h.inbox("jane@army.ml") == []
                assert b"message/delivery-status" in h.inbox("anna@mod.example")[-1]

    asyncio.run(play())
