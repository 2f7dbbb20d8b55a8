"""The console on loopback: what is held and why, release or return, a day's figures.

It shows no content; that somebody looked at a hold is itself an event in the chain of evidence, written before the
page is. It has no accounts yet: whoever can reach loopback on this machine is the reviewer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from missent.delivery.outbox import Outbox
from missent.errors import HoldError, StoreError
from missent.holds.book import Decision, HoldBook
from missent.nouns.hold import Hold, State, Step
from missent.web import forms, guard, pages
from missent.web.figures import bounds, figures
from missent.web.links import Links, Purpose
from missent.web.queue import AGES, LEAVING, Filter, by_copy, leaving, lines
from missent.web.states import for_reviewer, tone
from missent.words import advise, explain, plain_facts, reckoning

LISTED = 200
COUNTED = 5000
"""Most holds in one list, and behind one day's figures; a page says so when there are more."""

_FORM_LIVES = timedelta(hours=8)
_STEPS = {"release": Step.RELEASE, "return": Step.RETURN}


@dataclass(slots=True)
class Desk:
    """What the pages need.

    Attributes:
        links: signs the forms, so that only a page of ours can have made one.
        time: now, UTC.
    """

    book: HoldBook
    outbox: Outbox
    links: Links
    time: Callable[[], datetime]

    def listed(self, request: Request) -> Response:
        """The queue."""
        wanted = Filter.of(request.query_params)
        due = wanted.age == "due"  # these are the oldest: the newest few hundred would not show them
        state = State.HELD if due else wanted.state
        found = self.book.find(state, COUNTED if due else LISTED, *wanted.created(self.time()))
        holds = [hold for hold in found if wanted.wants(hold, self.time())][:LISTED]
        progress = self.outbox.about([hold.id for hold in holds])
        return pages.page(
            "queue.html",
            here="queue",
            lines=lines(holds, progress, wanted),
            wanted=wanted,
            states=[("", "any state"), *((state.value, state.value) for state in State)],
            ages=AGES,
            deliveries=LEAVING,
            more=len(holds) == LISTED,
            listed=LISTED,
            stands=for_reviewer,
            tone=tone,
            leaving=leaving,
        )

    def viewed(self, hold_id: str) -> Response:
        """One hold; that it was looked at is written down first."""
        hold = self.book.get(hold_id)
        if hold is None:
            return _no_hold()
        self.book.view(hold.id, "console", self.time())
        return self._hold(hold, {})

    def decided(self, hold_id: str, fields: dict[str, str] | None) -> Response:
        """Release or return one copy."""
        hold = self.book.get(hold_id)
        if hold is None:
            return _no_hold()
        if fields is None or self.links.opened(Purpose.CONSOLE, fields.get("form", ""), self.time()) != hold_id:
            return pages.plain("Nothing was done", "This form was too old or not one of ours. Open the hold again.", 403)
        said = self._decide(hold, fields)
        return self._hold(self.book.get(hold_id) or hold, said)

    def counted(self, request: Request) -> Response:
        """A day's figures."""
        today = self.time().date()
        day = _day(request.query_params.get("day", ""), today)
        holds = self.book.find(None, COUNTED, *bounds(day))
        one = timedelta(days=1)
        return pages.page(
            "figures.html",
            here="figures",
            figures=figures(holds, day),
            before=day - one if day > date.min else day,
            after=day + one if day < today else None,
            more=len(holds) == COUNTED,
            counted=COUNTED,
        )

    def _decide(self, hold: Hold, fields: dict[str, str]) -> dict[int, tuple[str, str]]:
        """What to say, as (tone, text) by copy id."""
        copy = next((copy for copy in hold.copies if str(copy.id) == fields.get("copy")), None)
        step = _STEPS.get(fields.get("button", ""))
        if copy is None or step is None:
            return {}
        reason = fields.get("reason", "").strip()[:1000]
        if step is Step.RETURN and not reason:
            return {copy.id: ("bad", "Nothing was done: a return needs a reason, which the sender is told.")}
        try:
            after = self.book.decide(Decision(hold.id, copy.id, step, "console", self.time(), reason=reason))
        except HoldError:
            return {copy.id: ("wait", "Nothing was done: it had been decided before. This is how it stands now.")}
        return {copy.id: (tone(after), "Let go." if step is Step.RELEASE else "Returned to its sender.")}

    def _hold(self, hold: Hold, said: dict[int, tuple[str, str]]) -> Response:
        form = self.links.token(Purpose.CONSOLE, hold.id, self.time() + _FORM_LIVES)
        progress = self.outbox.about([hold.id])
        return pages.page(
            "hold.html",
            here="",
            hold=hold,
            said=said,
            form=form,
            carried=by_copy(progress),
            letters=[row for row in progress if row.parcel.value != "copy"],
            leaving=leaving,
            stands=for_reviewer,
            tone=tone,
            explain=explain,
            advise=advise,
            reckoning=reckoning,
            plain_facts=plain_facts,
        )


def app(desk: Desk, port: int) -> ASGIApp:
    """The application for `console.listen`, whose port it must know to recognise requests meant for it."""

    def listed(request: Request) -> Response:
        return desk.listed(request)

    def counted(request: Request) -> Response:
        return desk.counted(request)

    async def hold(request: Request) -> Response:
        hold_id = request.path_params["hold_id"]
        if request.method != "POST":
            return await run_in_threadpool(desk.viewed, hold_id)
        return await run_in_threadpool(desk.decided, hold_id, await forms.fields(request))

    application = Starlette(
        routes=[
            Route("/", listed),
            Route("/figures", counted),
            Route("/holds/{hold_id}", hold, methods=["GET", "POST"]),
        ],
        exception_handlers={404: _nothing, 405: _nothing, StoreError: _away, Exception: _broken},
    )
    application.router.redirect_slashes = False
    return guard.Headed(guard.LoopbackOnly(application, port), guard.headers(pages.style_hash(), "same-origin"))


def _day(text: str, today: date) -> date:
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today


def _no_hold() -> Response:
    return pages.plain("No such hold", "It may have been removed, or the address is not whole.", 404)


async def _nothing(_: Request, __: Exception) -> Response:
    return pages.plain("There is nothing here", "The queue is at /, the figures at /figures.", 404)


async def _away(_: Request, __: Exception) -> Response:
    return pages.plain("The store does not answer", "Nothing was changed. Please try again.", 503)


async def _broken(_: Request, __: Exception) -> Response:
    return pages.plain("That went wrong", "This is a fault in missent; its log says more.", 500)
