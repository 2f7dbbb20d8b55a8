"""MAPI properties as both of Outlook's formats hold them: an id, a type, octets ([MS-OXPROPS], [MS-OXCDATA] 2.11.1)."""

import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from missent.message.charsets import decode

INTEGER, BOOLEAN, OBJECT, STRING8, UNICODE, TIME, BINARY = 0x0003, 0x000B, 0x000D, 0x001E, 0x001F, 0x0040, 0x0102

MESSAGE_CODEPAGE, INTERNET_CODEPAGE = 0x3FFD, 0x3FDE

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CHARSETS = {
    65001: "utf-8", 1200: "utf-16-le", 20127: "ascii", 28591: "iso-8859-1", 28592: "iso-8859-2", 28595: "iso-8859-5",
    28605: "iso-8859-15", 20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp",
    51932: "euc-jp", 932: "shift_jis", 936: "gb18030", 54936: "gb18030", 949: "cp949", 51949: "euc-kr", 950: "big5",
}  # fmt: skip


def charset_of(codepage: int) -> str:
    """The character set of a Windows code page; Windows-1252 where there is none."""
    return _CHARSETS.get(codepage) or (f"cp{codepage}" if 0 < codepage < 65_000 else "cp1252")


class Value(NamedTuple):
    """A property's type and octets as they are stored."""

    kind: int
    octets: bytes


class Properties:
    """The properties of one message, recipient or attachment; what is missing or of another type is empty.

    `codepage` is that of 8-bit text where the properties name none themselves.
    """

    def __init__(self, values: Mapping[int, Value], codepage: int = 0) -> None:
        self._values = values
        self.codepage = self.number(MESSAGE_CODEPAGE) or codepage or self.number(INTERNET_CODEPAGE)

    def text(self, *ids: int) -> str:
        """The first of these properties that is a text and not empty; damaged text as far as it can be read."""
        for one in ids:
            value = self._values.get(one)
            if value is None:
                continue
            if value.kind == UNICODE:
                found = value.octets[: len(value.octets) & ~1].decode("utf-16-le", "replace")
            elif value.kind == STRING8:
                found, _ = decode(value.octets, charset_of(self.codepage))
            else:
                continue
            if found := found.partition("\0")[0].strip():
                return found
        return ""

    def number(self, one: int) -> int:
        """An integer or truth value; 0 if there is none."""
        value = self._values.get(one)
        if value is None or value.kind not in {INTEGER, BOOLEAN} or not value.octets:
            return 0
        return int.from_bytes(value.octets[:4], "little", signed=True)

    def time(self, *ids: int) -> datetime | None:
        """The first of these times there is, UTC (FILETIME: tenths of microseconds since 1601)."""
        for one in ids:
            value = self._values.get(one)
            if value and value.kind == TIME and len(value.octets) >= 8:
                (tenths,) = struct.unpack("<Q", value.octets[:8])
                try:
                    return _EPOCH + timedelta(microseconds=tenths // 10)
                except OverflowError:
                    continue
        return None

    def octets(self, one: int) -> bytes | None:
        """The octets of a binary property, None if there is none."""
        value = self._values.get(one)
        return value.octets if value and value.kind == BINARY else None

    def kind(self, one: int) -> int:
        """The type of a property, 0 if there is none."""
        value = self._values.get(one)
        return value.kind if value else 0

    def stored(self, one: int) -> bytes:
        """The octets of a property of whatever type, b"" if there is none."""
        value = self._values.get(one)
        return value.octets if value else b""
