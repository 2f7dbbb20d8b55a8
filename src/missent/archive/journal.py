"""Journal reports of Exchange and Microsoft 365: the report is the envelope, the mail is attached.

The report's text names `Sender`, `On-Behalf-Of`, and recipients as `To`, `Cc`, `Bcc`, or `Recipient` where the server did not
know which; a member of a list stands with `Expanded`, a forward with `Forwarded` (Exchange documentation: Journal report
formats).
"""

import re
from collections.abc import Iterator

from missent.archive.item import Item
from missent.message.charsets import decode
from missent.message.content_type import content_type
from missent.message.decoding import content
from missent.message.header import section, unfold
from missent.message.reading import read
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope, Recipient
from missent.nouns.verdict import Skipped

MARK = b"X-MS-Journal-Report"
"""The header field that tells a report, in the spelling the servers use."""

_MARK = re.compile(rb"^" + MARK + rb"[ \t]*:", re.MULTILINE)
_HEADER = 1 << 16
_LINE = re.compile(r"^(Sender|On-Behalf-Of|To|Cc|Bcc|Recipient)[ \t]*:[ \t]*(.+)$", re.IGNORECASE | re.MULTILINE)
_WAY = re.compile(r",[ \t]*(Expanded|Forwarded)[ \t]*:[ \t]*(\S+)", re.IGNORECASE)
_ADDRESS = re.compile(r"<([^<>]*)>")


def opened(item: Item) -> Iterator[Item | Skipped]:
    """The mail within a journal report, with its envelope; any other message as it is.

    A report that cannot be read is passed on as it is, and said.
    """
    end = item.raw.find(b"\n\r\n", 0, _HEADER)
    if not _MARK.search(item.raw, 0, end if end >= 0 else _HEADER):
        yield item
        return
    envelope, raw = _envelope(item.raw), _attached(item.raw)
    if envelope is None or not raw:
        yield item
        yield Skipped(item.where, "journal-not-understood")
    else:
        yield item._replace(raw=raw, envelope=envelope)


def _envelope(raw: bytes) -> Envelope | None:
    """What the report's text tells; None if it names neither a sender nor a recipient."""
    part = next((part for part in read(raw).parts if part.kind == "text/plain"), None)
    if part is None:
        return None
    text, _ = decode(content(raw, part, _HEADER * 16), part.charset or "utf-8")
    sender: Address | None = None
    rcpts: dict[str, Recipient] = {}
    for found in _LINE.finditer(text.replace("\r", "")):
        label, value = found[1].lower(), found[2]
        way = _WAY.search(value)
        address = _address(value[: way.start()] if way else value)
        if label == "sender":
            sender = address if address.domain else None
        elif label != "on-behalf-of" and address.domain:
            listed = f"rfc822;{way[2]}" if way else ""  # as ORCPT of RFC 3461 has it
            rcpts.setdefault(address.key, Recipient(address, orcpt=listed))
    return Envelope(sender, tuple(rcpts.values())) if sender or rcpts else None


def _address(text: str) -> Address:
    found = _ADDRESS.search(text)
    return Address.parse((found[1] if found else text).strip().strip('"'))


def _attached(raw: bytes) -> bytes:
    """The last part, if it is a message; b"" if not."""
    head = section(raw, _HEADER)
    kind = next((unfold(raw[start:end]) for name, start, end in head.fields if name == b"content-type"), b"")
    boundary = content_type(kind).get("boundary").encode("latin-1", "replace")
    nested = read(raw).nested
    if not nested or not boundary:
        return b""
    end = raw.rfind(b"--" + boundary, nested[0].head)
    return raw[nested[0].head : end if end >= 0 else len(raw)].removesuffix(b"\n").removesuffix(b"\r")
