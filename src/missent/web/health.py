"""Health and metrics, for supervisors and Prometheus: `/healthz`, `/readyz`, `/metrics`. Nothing about anybody's mail.

`/healthz` says that the process answers; `/readyz` that it could judge and hold a message now: a load balancer that
sends mail elsewhere on 503 loses none.
"""

from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp


def app(ready: Callable[[], Mapping[str, bool]], exposition: Callable[[], bytes], content_type: str) -> ASGIApp:
    """The application for `health.listen`.

    Args:
        ready: each part that must work, by name, and whether it does; called in a thread.
        exposition: the metrics as Prometheus reads them; called in a thread.
        content_type: theirs.
    """

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        parts = await run_in_threadpool(ready)
        return JSONResponse({"ready": all(parts.values()), **parts}, 200 if all(parts.values()) else 503)

    async def metrics(_: Request) -> Response:
        return Response(await run_in_threadpool(exposition), media_type=content_type)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)])
