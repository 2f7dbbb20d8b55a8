"""The API for compose windows: a draft is judged while somebody writes it, and nothing of it is kept.

`POST /v1/judge` takes a JSON object (`missent.web.drafts.Draft`) and a token, and answers `missent.compose/1`. No hold is made,
no history is told, nothing is written to log or store; a counter by action is turned. `GET /v1/openapi.json` describes it.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from missent.errors import ConfigError, StoreError
from missent.nouns.action import Action
from missent.nouns.verdict import Verdict
from missent.web.drafts import Draft, read_draft
from missent.web.guard import Headed
from missent.web.openapi import described
from missent.web.rates import Rates
from missent.web.tokens import Token, Tokens
from missent.web.typed_address import typed
from missent.words.draft import as_dict

log = structlog.get_logger("missent")

PATIENCE = 10.0
"""Seconds a draft may take to arrive."""


@dataclass(frozen=True, slots=True)
class Window:
    """What the application needs.

    Attributes:
        judge: judges a draft; called in a thread. Raises StoreError.
        tokens: who may ask, and about whom.
        rates: how often.
        allowed: whether a client's IP address may ask at all.
        observing: whether everything is delivered whatever the verdict.
        counted: told the action of each answer.
        largest: octets of a draft.
        origins: web origins whose pages may ask (an Office add-in's); others' browsers do not hand out the answer.
    """

    judge: Callable[[Draft], Verdict]
    tokens: Tokens
    rates: Rates
    allowed: Callable[[str], bool]
    observing: Callable[[], bool]
    counted: Callable[[Action], None]
    largest: int
    origins: tuple[str, ...] = ()


class Refused(Exception):
    """An answer other than a verdict: status, what to do about it, more header fields."""

    def __init__(self, status: int, why: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.headers = headers


def app(window: Window) -> ASGIApp:
    """The application for `compose.listen`."""

    async def judge(request: Request) -> Response:
        try:
            return JSONResponse(await _answer(window, request))
        except Refused as refused:
            return _no(refused.status, str(refused), refused.headers)
        except StoreError:
            return _no(503, "The store is away: send the mail, it is judged on its way.", {"Retry-After": "5"})
        except ConfigError as error:
            log.error("compose tokens", reason=str(error))  # noqa: TRY400 - one line for the operator
            return _no(503, "Nobody can be let in at the moment; the log says why.")
        except Exception as error:  # noqa: BLE001 - the edge of a request; what a draft says must not reach the log
            log.error("draft not judged", error=type(error).__name__)  # noqa: TRY400
            return _no(500, "It is our fault, not the draft's: send the mail, it is judged on its way.")

    async def openapi(_: Request) -> Response:
        return JSONResponse(described())

    application = Starlette(
        routes=[Route("/v1/judge", judge, methods=["POST"]), Route("/v1/openapi.json", openapi)],
        exception_handlers={404: _nothing, 405: _nothing},
    )
    application.router.redirect_slashes = False
    shared: ASGIApp = application
    if window.origins:
        shared = CORSMiddleware(
            application, allow_origins=window.origins, allow_methods=["POST"], allow_headers=["authorization", "content-type"]
        )
    return Headed(shared, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})


async def _answer(window: Window, request: Request) -> dict[str, Any]:
    token = _let_in(window, request)
    octets = await _body(request, window.largest)
    try:
        draft = read_draft(octets)
    except ValueError as error:
        raise Refused(400, str(error)) from None
    sender = typed(draft.sender)
    if sender is None or "<" in draft.sender:
        raise Refused(400, "draft: key `sender` is expected to be one address, without a name")
    if not token.speaks_for(sender.key):
        raise Refused(403, "This token does not speak for that sender.")
    verdict = await run_in_threadpool(window.judge, draft)
    window.counted(verdict.action)
    return as_dict(verdict, observing=window.observing())


def _let_in(window: Window, request: Request) -> Token:
    if not window.allowed(request.client.host if request.client else ""):
        raise Refused(403, "Drafts are not judged for this network: see `[compose] allowed_clients`.")
    token = window.tokens.of(request.headers.get("authorization", ""))
    if token is None:
        raise Refused(401, "A token is needed: `Authorization: Bearer …`.", {"WWW-Authenticate": 'Bearer realm="missent"'})
    wait = window.rates.take(token.digest)
    if wait:
        raise Refused(429, "Too many questions in a minute.", {"Retry-After": str(int(wait) + 1)})
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, "expected Content-Type: application/json")
    return token


async def _body(request: Request, largest: int) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.stream():
                body += piece
                if len(body) > largest:
                    raise Refused(413, f"A draft of more than {largest:,} octets is not judged here.")
    except (TimeoutError, ClientDisconnect):
        raise Refused(408, "The draft took too long to arrive.") from None
    return bytes(body)


def _no(status: int, why: str, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps({"schema": "missent.refusal/1", "error": why}).encode()
    return Response(body, status, headers, "application/json")


async def _nothing(_: Request, __: Exception) -> Response:
    return _no(404, "There is nothing here: POST /v1/judge, GET /v1/openapi.json.")
