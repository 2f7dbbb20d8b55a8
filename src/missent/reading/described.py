"""What a part's own header says of it beyond its type: its file name, whether it is attached, how its text flows.

RFC 2183 (Content-Disposition), RFC 2231 (names in other character sets, split names), RFC 2047 where senders put it into
names although it is not allowed there, RFC 3676 (format=flowed).
"""

from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from missent.message.charsets import decode
from missent.message.content_type import parameters
from missent.message.encoded import Decoder
from missent.message.header import section, unfold
from missent.message.model import Part

_LONGEST = 10_000


class Described(NamedTuple):
    """What a part's header says.

    Attributes:
        name: file name, decoded; control characters and marks of direction are kept, they are told of.
        attached: its disposition is `attachment`.
        flowed, delsp: RFC 3676.
    """

    name: str = ""
    attached: bool = False
    flowed: bool = False
    delsp: bool = False


_NOTHING = Described()


def described(raw: bytes, part: Part) -> Described:
    """Read the header section of one part."""
    head = raw[part.head : part.start]
    if b"isposition" not in head and b"ISPOSITION" not in head and b"ame" not in head and b"lowed" not in head:
        return _NOTHING
    values = {f.name: head[f.start : f.end][:_LONGEST] for f in reversed(section(head, len(head)).fields)}
    disposition, by_disposition = _read(values.get(b"content-disposition", b""))
    _, by_type = _read(values.get(b"content-type", b""))
    name = by_disposition.get("filename") or by_type.get("name") or ""
    return Described(
        name,
        disposition == "attachment",
        by_type.get("format", "").lower() == "flowed",
        by_type.get("delsp", "").lower() == "yes",
    )


def _read(value: bytes) -> tuple[str, dict[str, str]]:
    """The token at the front in lower case, and the parameters with their text decoded."""
    plain = unfold(value)
    token = plain.partition(b";")[0].strip().lower().decode("latin-1")
    given, extended = parameters(plain.decode("latin-1"), plain.find(b";") if b";" in plain else len(plain))
    return token, {key: _text(said, extended=key in extended) for key, said in given.items()}


def _text(said: str, *, extended: bool) -> str:
    charset, quote, rest = said.partition("'")
    _, second, encoded = rest.partition("'")
    if extended and quote and second:
        return decode(unquote_to_bytes(encoded.encode("latin-1")), charset or "utf-8")[0]
    decoder = Decoder(_LONGEST)
    return decoder.text(decoder.raw(said.encode("latin-1")))
