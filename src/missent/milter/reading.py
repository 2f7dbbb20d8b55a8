"""Payloads of packets (SMFIC_*) read into events. Raises PeerError for what is malformed."""

import struct
from collections.abc import Callable, Mapping

from missent.errors import PeerError
from missent.milter.events import Body, Connect, Data, EndOfHeader, Event, Helo, Mail, Rcpt, Unknown

_INTERNET = (b"4", b"6")
_LOCAL = (b"L", b"U")


def strings(payload: bytes) -> list[bytes]:
    """The NUL-terminated strings a payload consists of."""
    if not payload:
        return []
    if payload[-1]:
        raise PeerError("milter packet: a string without its end")
    return payload[:-1].split(b"\0")


def macros_before(payload: bytes) -> bytes:
    """The command that a macro packet goes before; raises what `macros` would."""
    if not payload or (len(payload) > 1 and (payload[-1] or payload.count(b"\0") % 2)):
        raise PeerError("milter packet: macros out of pairs")
    return payload[:1]


def macros(payload: bytes) -> tuple[bytes, dict[str, str]]:
    """A macro packet: the command it goes before, and values by name without braces."""
    words = [_text(word) for word in strings(payload[1:])]
    if not payload or len(words) % 2:
        raise PeerError("milter packet: macros out of pairs")
    return payload[:1], {name.strip("{}"): value for name, value in zip(words[::2], words[1::2], strict=True)}


def connect(payload: bytes) -> Connect:
    """Host name, family, and for internet families port and address."""
    host, end, rest = payload.partition(b"\0")
    family = rest[:1]
    if not end or family not in (*_INTERNET, *_LOCAL):
        raise PeerError("milter packet: malformed connect")
    ip = ""
    if family in _INTERNET:
        if len(rest) < 4 or len(address := strings(rest[3:])) != 1:
            raise PeerError("milter packet: malformed connect")
        ip = _text(address[0])
        ip = ip[5:] if ip.lower().startswith("ipv6:") else ip
    return Connect(_text(host), ip)


def header(payload: bytes, *, leading_space: bool) -> bytes:
    """A field as it stands in the message, from its name and value. Inside the value lines end with LF; in mail with CR LF."""
    words = strings(payload)
    if len(words) != 2:
        raise PeerError("milter packet: malformed header")
    name, value = words
    if b"\n" in value:
        value = value.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return name + (b":" if leading_space else b": ") + value + b"\r\n"


def simple(code: bytes, payload: bytes) -> Event:
    """Every event that is its payload and nothing more. Raises PeerError for a code that is none."""
    read = _SIMPLE.get(code)
    if read is None:
        raise PeerError("milter packet: unknown code")
    return read(payload)


def version_and_flags(payload: bytes) -> tuple[int, int, int]:
    """Version, edits and steps offered."""
    if len(payload) < 12:
        raise PeerError("milter packet: malformed negotiation")
    version, edits, steps = struct.unpack_from(">III", payload)
    return version, edits, steps


def _mail(payload: bytes) -> Mail:
    return Mail(*_path(payload))


def _rcpt(payload: bytes) -> Rcpt:
    return Rcpt(*_path(payload))


def _path(payload: bytes) -> tuple[str, Mapping[str, str]]:
    words = [_text(word) for word in strings(payload)]
    if not words:
        raise PeerError("milter packet: no path")
    pairs = (word.partition("=") for word in words[1:])
    return words[0], {key.upper(): value for key, _, value in pairs}


def _helo(payload: bytes) -> Helo:
    return Helo(_text(payload.rstrip(b"\0")))


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "surrogateescape")


_SIMPLE: dict[bytes, Callable[[bytes], Event]] = {
    b"C": connect,
    b"H": _helo,
    b"M": _mail,
    b"R": _rcpt,
    b"T": lambda _: Data(),
    b"N": lambda _: EndOfHeader(),
    b"B": Body,
    b"U": lambda _: Unknown(),
}
