"""`data:` URLs (RFC 2397): files that stand within a text."""

import binascii
import re
from urllib.parse import unquote_to_bytes

_FORM = re.compile(r"(?i)\s*data:([\w.+-]{1,60}/[\w.+-]{1,60})?((?:;[^,;]{0,200}){0,5}),")
_URL_SAFE = str.maketrans("-_", "+/")
_URL_SAFE = str.maketrans("-_", "+/")
_BLANKS = re.compile(r"\s+")


def data_url(url: str) -> tuple[str, bytes] | None:
    """The media type a data URL claims and its octets; None if it is none. Damaged base64 gives what is there."""
    form = _FORM.match(url)
    if form is None:
        return None
    kind = (form[1] or "text/plain").lower()
    if not form[2].lower().rstrip().endswith(";base64"):
        return kind, unquote_to_bytes(url[form.end() :])
    written = _BLANKS.sub("", unquote_to_bytes(url[form.end() :]).decode("latin-1"))
    letters = written.translate(_URL_SAFE).rstrip("=")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return kind, binascii.a2b_base64(letters.encode("latin-1") + b"=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return kind, b""
