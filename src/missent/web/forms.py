"""What a browser posts: a few short fields, read with a limit, since on the public side anybody may post anything."""

import asyncio
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request

LARGEST = 16_384
"""Octets of one form; ours have a token, a number and an address or a reason."""

PATIENCE = 10.0
"""Seconds a form may take to arrive."""

_KIND = "application/x-www-form-urlencoded"


async def fields(request: Request) -> dict[str, str] | None:
    """The fields of a posted form, the first of each name; None if it is no form of ours."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            body = await _body(request)
    except (TimeoutError, ClientDisconnect):
        return None
    if len(body) > LARGEST:
        return None
    try:
        posted = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        return None
    return {name: values[0] for name, values in posted.items()}


async def _body(request: Request) -> bytes:
    """The body, or as much of it as shows that it is too large."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            break
    return bytes(body)
