"""What a browser posts: a few short fields, read with a limit, since on the public side anybody may post anything."""

from urllib.parse import parse_qs

from starlette.requests import Request

LARGEST = 16_384
"""Octets of one form; ours have a token, a number and an address or a reason."""

_KIND = "application/x-www-form-urlencoded"


async def fields(request: Request) -> dict[str, str] | None:
    """The fields of a posted form, the first of each name; None if it is no form of ours."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    try:
        posted = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        return None
    return {name: values[0] for name, values in posted.items()}
