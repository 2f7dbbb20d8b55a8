"""The sender's pages: `/h/<token>` and nothing else, on the listener strangers can reach.

GET and HEAD open the page and change nothing, because mail scanners press every link; only a POST acts. There is no
cookie and no session: the link is the whole authority, so the page is never cached, framed, indexed or referred from.
"""

from collections.abc import Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from missent.errors import StoreError
from missent.holds.book import HoldBook
from missent.nouns.hold import Hold
from missent.web import forms, guard, pages
from missent.web.answering import Answering, JudgeAgain, Press, Said
from missent.web.links import Broken, Links, Purpose
from missent.web.sender_page import rows, whole

_BROKEN = {
    Broken.INVALID: ("This link does not work", "It may have been cut in two. Please open it again from the notice.", 404),
    Broken.EXPIRED: ("This link has run out", "What it was about was settled some time ago.", 410),
}


def app(
    book: HoldBook,
    links: Links,
    judge_again: JudgeAgain,
    alias: Callable[[str], str],
    time: Callable[[], datetime],
) -> ASGIApp:
    """The application for `public.listen`.

    Args:
        book: the holds.
        links: made with the key the notices' links were made with.
        judge_again: judges a held message again for one address; called in a thread.
        alias: keyed hash of an address key, for the audit chain.
        time: now, UTC.
    """
    answering = Answering(book, judge_again, alias)

    async def sender(request: Request) -> Response:
        opened = links.opened(Purpose.SENDER, request.path_params["token"], time())
        if isinstance(opened, Broken):
            return pages.plain(*_BROKEN[opened])
        hold = await run_in_threadpool(book.get, opened)
        if hold is None or not hold.asks_sender:
            return pages.plain(*_BROKEN[Broken.EXPIRED])
        if request.method != "POST":
            return _shown(hold, {})
        fields = await forms.fields(request)
        if fields is None:
            return pages.plain("That did not work", "The form was not one of ours. Nothing was done.", 400)
        said = await run_in_threadpool(answering.press, hold, Press.of(fields), time())
        after = await run_in_threadpool(book.get, opened)
        return _shown(hold if after is None else after, said)

    application = Starlette(
        routes=[Route("/h/{token}", sender, methods=["GET", "POST"])],
        exception_handlers={404: _nothing, 405: _nothing, StoreError: _away, Exception: _broken},
    )
    application.router.redirect_slashes = False  # it would answer in the words of the Host header
    return guard.Headed(application, guard.headers(pages.style_hash(), "no-referrer"))


def _shown(hold: Hold, said: dict[int, Said]) -> Response:
    return pages.page("sender.html", rows=rows(hold, said), all=whole(hold))


async def _nothing(_: Request, __: Exception) -> Response:
    return pages.plain("There is nothing here", "Please use the link in the notice you got.", 404)


async def _away(_: Request, __: Exception) -> Response:
    return pages.plain("Not just now", "This cannot be done at the moment; nothing was changed. Please try again soon.", 503)


async def _broken(_: Request, __: Exception) -> Response:
    return pages.plain("That went wrong", "It is our fault, not yours. Please try again.", 500)
