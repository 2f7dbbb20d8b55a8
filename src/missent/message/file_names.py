"""The file name of a part, as a person sees it: `filename` of its disposition (RFC 2183 2.3), else `name` of its type.

Mail programs write letters beyond ASCII in three ways: extended parameters (RFC 2231), encoded-words (RFC 2047 forbids them
there, and many do it), or bare octets.
"""

import re
from urllib.parse import unquote_to_bytes

from missent.message.charsets import decode, known
from missent.message.content_type import ContentType
from missent.message.encoded import Decoder

_EXTENDED = re.compile(r"([\w.:+-]{1,40})'[\w-]{0,20}'(.*)", re.DOTALL | re.ASCII)
_LONGEST = 1000

TURNING = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
"""Marks that embed or override a direction of writing (Unicode Standard Annex 9)."""


def file_name(placed: ContentType, kind: ContentType) -> str:
    r"""The decoded name, at most 1,000 characters, without control characters; "" if there is none.

    Marks that turn the direction of writing stay: they show a name otherwise than it is, which is to be told.

    >>> file_name(ContentType("attachment", {"filename": "UTF-8''Pl%C3%A4ne.pdf"}), ContentType("application/pdf", {}))
    'Pläne.pdf'
    """
    written = (placed.get("filename") or kind.get("name"))[:_LONGEST]
    if not written:
        return ""
    extended = _EXTENDED.fullmatch(written)
    if extended and known(extended[1]):
        name, _ = decode(unquote_to_bytes(extended[2]), extended[1])
    else:
        decoder = Decoder(_LONGEST)
        name = decoder.text(decoder.raw(written.encode("latin-1", "replace")))
    return "".join(c if c.isprintable() or c in TURNING else " " for c in name).strip()
