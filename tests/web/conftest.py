import asyncio
from datetime import timedelta

import httpx
import pytest

from missent.nouns.action import Action
from missent.nouns.verdict import RecipientVerdict, Ruling, Verdict
from missent.testing.holding import NOON, RAW, held_copy, hold, lookalike
from missent.testing.holds import MemoryHolds
from missent.web import console, public
from missent.web.links import Links, Purpose

PORT = 10080


def judge(hold, address):
    """`.ml` is held, `reviewed.ml` for a reviewer, `.blocked` is blocked; all else passes."""
    action = {"ml": Action.HOLD, "blocked": Action.BLOCK}.get(address.domain.rpartition(".")[2], Action.DELIVER)
    decide = "reviewer" if address.domain == "reviewed.ml" else "sender"
    findings = (lookalike(address.key),) if action else ()
    return Verdict("sha256:0", (RecipientVerdict(address, Ruling(action, "lookalike", decide=decide), findings),))


class Client:
    """Asks an ASGI application; each request in its own loop. `raises=False` takes its 500 page instead of its fault."""

    def __init__(self, app, base="http://sender.example", *, raises=True):
        self.app = app
        self.base = base
        self.raises = raises

    def request(self, method, url, **how):
        async def ask():
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=self.raises)
            async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
                return await client.request(method, url, **how)

        return asyncio.run(ask())

    def get(self, url, **how):
        return self.request("GET", url, **how)

    def post(self, url, **how):
        return self.request("POST", url, **how)

    def quiet(self):
        return Client(self.app, self.base, raises=False)


class Office:
    """Both applications over one book of holds."""

    def __init__(self):
        self.book = MemoryHolds()
        self.links = Links(b"k" * 32)
        self.now = NOON
        self.public = Client(public.app(self.book, self.links, judge, lambda key: f"alias-of-{key}", lambda: self.now))
        desk = console.Desk(self.book, self.book.outbox, self.links, lambda: self.now)
        self.console = Client(console.app(desk, PORT), f"http://127.0.0.1:{PORT}")

    def keep(self, *copies, **other):
        return self.book.keep(hold(*copies or (held_copy(),), **other), RAW)

    def page(self, held, purpose=Purpose.SENDER, until=NOON + timedelta(days=30)):
        return f"/h/{self.links.token(purpose, held.id, until)}"

    def press(self, held, button, copy=None, **fields):
        """Press a button of the sender's page of a hold, for its first copy if none is named."""
        data = {"copy": str(copy or held.copies[0].id), "button": button, **fields}
        return self.public.post(self.page(held), data=data)

    def states(self, held):
        return [copy.state.value for copy in self.book.get(held.id).copies]


@pytest.fixture
def office():
    return Office()
