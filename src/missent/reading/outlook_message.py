"""Messages saved by Outlook (.msg, MS-OXMSG): each property is a stream named by its tag, so they are read by name.

Read here rather than with a library of its own: those at hand lose attached messages and fail on character sets that
the tables of `missent.message.charsets` know.
"""

import struct
from typing import Any

from missent.message.charsets import decode
from missent.reading.gathering import Into
from missent.reading.message import put_body
from missent.reading.readers import hypertext

_SUBJECT, _HEADERS, _BODY, _HTML, _RTF = 0x0037, 0x007D, 0x1000, 0x1013, 0x1009
_SENDER, _SENDER_ADDRESS = 0x0C1A, 0x0C1F
_NAME, _ADDRESS, _SMTP = 0x3001, 0x3003, 0x39FE
_DATA, _LONG_NAME, _SHORT_NAME, _KIND = 0x3701, 0x3707, 0x3704, 0x370E
_CODEPAGES = (0x3FDE, 0x3FFD)
_WIDE, _NARROW, _BINARY, _STORAGE = "001F", "001E", "0102", "000D"
_DEEPEST = 10


def read(ole: Any, into: Into, prefix: tuple[str, ...] = ()) -> None:
    """Subject, body, people, attachments; messages attached to it likewise."""
    streams = _Streams(ole, prefix)
    into.text(streams.text(_SUBJECT), "subject")
    for line in streams.text(_HEADERS).splitlines()[:300]:
        name, colon, value = line.partition(":")
        if colon and name.lower().startswith(("x-", "msip_labels", "sensitivity", "sio-label")):
            into.text(value.strip(), f"header:{name.lower()}")
    _body(streams, into)
    people = [f"{streams.text(_SENDER)} <{streams.text(_SENDER_ADDRESS)}>"]
    for storage in streams.storages("__recip_version1.0_"):
        person = _Streams(ole, storage, streams.codepage)
        people.append(f"{person.text(_NAME)} <{person.text(_SMTP) or person.text(_ADDRESS)}>")
    into.text(", ".join(people), "header:to")
    for storage in streams.storages("__attach_version1.0_"):
        _attached(ole, _Streams(ole, storage, streams.codepage), storage, into)


def _body(streams: "_Streams", into: Into) -> None:
    html, rtf = streams.octets(_HTML), streams.octets(_RTF)
    written = streams.text(_HTML) or decode(html, streams.codepage)[0]
    if written:
        put_body(into, hypertext.shown(written, into))
    plain = streams.text(_BODY)
    if plain:
        put_body(into, plain)
    if rtf and not plain:
        from compressed_rtf import decompress

        into.inside("", decompress(rtf))


def _attached(ole: Any, streams: "_Streams", storage: tuple[str, ...], into: Into) -> None:
    name = streams.text(_LONG_NAME) or streams.text(_SHORT_NAME)
    inner = (*storage, f"__substg1.0_{_DATA:04X}{_STORAGE}")
    if any(tuple(path[: len(inner)]) == inner for path in ole.listdir()):
        if len(inner) > _DEEPEST:
            into.skip("too-deep")
            return
        into.within += 1
        path = f"{into.path}!{into.within}"
        within = into.at(f"attachment:{path}", path)
        into.gathering.piece(f"{within.where}/name", name)
        read(ole, within, inner)
        return
    if data := streams.octets(_DATA):
        into.inside(name, data, streams.text(_KIND))


class _Streams:
    """The properties of one message, recipient or attachment."""

    def __init__(self, ole: Any, storage: tuple[str, ...], codepage: str = "") -> None:
        self._ole = ole
        self._storage = storage
        self.codepage = codepage or self._codepage()

    def text(self, tag: int) -> str:
        """A property that is text, "" if absent."""
        if wide := self._stream(tag, _WIDE):
            return wide.decode("utf-16-le", "replace").replace("\0", "")
        return decode(self._stream(tag, _NARROW), self.codepage)[0].replace("\0", "")

    def octets(self, tag: int) -> bytes:
        """A binary property, empty if absent."""
        return self._stream(tag, _BINARY)

    def storages(self, start: str) -> list[tuple[str, ...]]:
        """Storages right below that begin so."""
        depth = len(self._storage)
        below = {tuple(p[: depth + 1]) for p in self._ole.listdir() if tuple(p[:depth]) == self._storage and len(p) > depth + 1}
        return sorted(path for path in below if path[depth].lower().startswith(start))

    def _stream(self, tag: int, kind: str) -> bytes:
        path = [*self._storage, f"__substg1.0_{tag:04X}{kind}"]
        return bytes(self._ole.openstream(path).read()) if self._ole.exists(path) else b""

    def _codepage(self) -> str:
        path = [*self._storage, "__properties_version1.0"]
        data = self._ole.openstream(path).read() if self._ole.exists(path) else b""
        for at in range(24 if self._storage else 32, len(data) - 15, 16):
            kind, tag, value = struct.unpack_from("<HH4xI", data, at)
            if tag in _CODEPAGES and kind == 3:
                return "utf-8" if value == 65001 else f"cp{value}" if value < 20000 else _named(value)
        return "cp1252"


def _named(codepage: int) -> str:
    """Windows numbers of character sets that are no cp (learned from MS-UCODEREF 2.2.1)."""
    iso = {28590 + n: f"iso-8859-{n}" for n in range(1, 16)}
    return {20127: "ascii", 20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 51932: "euc-jp",
            51949: "euc-kr", 52936: "hz", 54936: "gb18030", **iso}.get(codepage, "cp1252")  # fmt: skip
