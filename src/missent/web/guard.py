"""What every response carries, and which requests a loopback console answers at all.

A console on loopback is within reach of every page the reviewer's browser has open. Host is checked against names of
loopback alone, so that a stranger's name that resolves here (DNS rebinding) is refused; Origin, where a browser sends
one, must be ours.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = ("GET", "HEAD")


def headers(style_hash: str, referrer: str) -> Mapping[str, str]:
    """Headers that let a page load nothing, run nothing, be framed by nobody and be kept nowhere."""
    policy = f"default-src 'none'; style-src 'sha256-{style_hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": referrer,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


class Headed:
    """Middleware: adds the headers to every response, errors included."""

    def __init__(self, app: ASGIApp, added: Mapping[str, str]) -> None:
        self._app = app
        self._added = added

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._added)
            await send(message)

        await self._app(scope, receive, headed if scope["type"] == "http" else send)


class LoopbackOnly:
    """Middleware: refuses requests that were not meant for us by name, and posts that another site's page made.

    Args:
        port: the port the console listens on, part of what Host and Origin must say.
    """

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and not self._ours(scope):
            refusal = PlainTextResponse("This console answers only to its own address.\n", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _ours(self, scope: Scope) -> bool:
        sent = Headers(scope=scope)
        host = sent.get("host", "").lower()
        if host not in self._hosts or len(sent.getlist("host")) != 1:
            return False
        if scope["method"] in SAFE_METHODS:
            return True
        origin = sent.get("origin")
        return sent.get("sec-fetch-site", "same-origin") == "same-origin" and origin in (None, f"http://{host}")
