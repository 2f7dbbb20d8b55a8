"""The filter's half of the milter protocol without I/O: octets in, events out, one answer for each.

A mail server uses one connection for all messages of its client, and reuses nothing of one for the next: nor do we.
However the octets are cut, the events are the same; a length beyond the protocol's ends the connection before anything
is stored for it.
"""

import struct
from collections import deque
from collections.abc import Callable

from missent.errors import PeerError
from missent.milter import reading
from missent.milter.answers import CONTINUE, packet
from missent.milter.events import (
    Abort,
    Body,
    Connect,
    Data,
    EndOfHeader,
    EndOfMessage,
    Event,
    Header,
    Helo,
    Mail,
    Quit,
    Rcpt,
    Unknown,
)
from missent.milter.flags import NEEDED, OLDEST, VERSION, WANTED, Edits, Steps

LONGEST_PACKET = (1 << 20) + 1024
"""Octets: the largest a mail server can be made to send (SMFIP_MDS_1M); Postfix stays below 64 kB for bodies."""

_QUIET: dict[type, Steps] = {
    Connect: Steps.QUIET_CONNECT,
    Helo: Steps.QUIET_HELO,
    Mail: Steps.QUIET_MAIL,
    Data: Steps.QUIET_DATA,
    Header: Steps.QUIET_HEADER,
    EndOfHeader: Steps.QUIET_END_OF_HEADER,
    Body: Steps.QUIET_BODY,
    Unknown: Steps.QUIET_UNKNOWN,
}

_PIECES = frozenset((Header, EndOfHeader, Body))
_IN_A_ROW = b"LNBD"
"""Codes of what a message is made of, and of macros."""

_OF_A_MESSAGE = (Rcpt, Data, Header, EndOfHeader, Body, EndOfMessage)


class Conversation:
    """One connection. Feed it with `receive`, ask `next_event`, give each event its `answer`.

    Attributes:
        steps: what was agreed on.
    """

    def __init__(self) -> None:
        self.steps = Steps(0)
        self._quiet: frozenset[type] = frozenset()
        self._leading_space = False
        self._greeted = False
        self._in_message = False
        self._buffer = bytearray()
        self._at = 0
        self._macros: dict[bytes, bytes] = {}
        self._asked: Event | None = None
        self._waiting: deque[Event] = deque()
        self._out = b""

    def receive(self, data: bytes) -> None:
        """Take what came."""
        if self._at:
            del self._buffer[: self._at]
            self._at = 0
        self._buffer += data

    def next_event(self) -> Event | None:
        """The next thing the server tells; None while more octets are needed.

        Raises PeerError if it breaks the protocol, RuntimeError if the event before still wants its answer.
        """
        if self._asked is not None:
            raise RuntimeError("the event before still wants its answer")
        while not self._waiting:
            found = self._packet()
            if found is None:
                return None
            self._take(*found)
        event = self._waiting.popleft()
        self._enter(event)
        return event

    def octets(self) -> bytes:
        """The pieces of the message that have come whole up to whatever else comes, joined; b"" if there are none.

        The same as the events Header, EndOfHeader and Body one by one, in a fraction of the time, where the server wants no
        answer to them. Raises PeerError as `next_event` does.
        """
        pieces: list[bytes] = []
        if not self._in_message or self._asked is not None or self._waiting or not self._quiet.issuperset(_PIECES):
            return b""
        while (packet := self._packet(_IN_A_ROW)) is not None:
            code, payload = packet
            if code == b"D":
                self._take_macros(payload)
            else:
                pieces.append(payload if code == b"B" else self._field(payload) if code == b"L" else b"\r\n")
        return b"".join(pieces)

    @property
    def missing(self) -> int:
        """How many octets at least have yet to come before there is anything new."""
        have = len(self._buffer) - self._at
        if have < 4:
            return 5 - have
        return max(1, 4 + int.from_bytes(self._buffer[self._at : self._at + 4]) - have)

    def answer(self, packets: bytes = CONTINUE) -> bytes:
        """Answer the event given last: the octets to send, none where it was agreed to be silent.

        Raises RuntimeError for anything but CONTINUE where nothing may be said.
        """
        asked, self._asked = self._asked, None
        if isinstance(asked, EndOfMessage):
            self._end_message()
        if asked is None or type(asked) in self._quiet:
            if packets != CONTINUE:
                raise RuntimeError("nothing was asked")
            return b""
        return packets

    def pending(self) -> bytes:
        """What the protocol says by itself (its part of the negotiation), to be sent before any answer."""
        out, self._out = self._out, b""
        return out

    def macro(self, name: str) -> str:
        """A macro's value as of now, by name without braces; "" if it was not given."""
        given = (reading.macros(payload)[1] for payload in reversed(self._macros.values()))
        return next((values[name] for values in given if name in values), "")

    def _packet(self, codes: bytes = b"") -> tuple[bytes, bytes] | None:
        """The next packet if all of it came and its code is one of `codes`, where any are given."""
        buffer, start = self._buffer, self._at + 4
        if len(buffer) < start:
            return None
        length = int.from_bytes(buffer[self._at : start])
        if not 0 < length <= LONGEST_PACKET:
            raise PeerError("milter packet: impossible length")
        end = start + length
        if len(buffer) < end or (codes and buffer[start] not in codes):
            return None
        self._at = end
        return bytes(buffer[start : start + 1]), bytes(buffer[start + 1 : end])

    def _take(self, code: bytes, payload: bytes) -> None:
        if not self._greeted and code != b"O":
            raise PeerError("milter packet: nothing was negotiated")
        special = _SPECIAL.get(code)
        if special is None:
            self._waiting.append(reading.simple(code, payload))
        else:
            special(self, payload)

    def _negotiate(self, payload: bytes) -> None:
        version, edits, steps = reading.version_and_flags(payload)
        if version < OLDEST or Edits(edits) & NEEDED != NEEDED:
            raise PeerError("milter: the mail server is too old, or does not let recipients and fields be removed")
        self._greeted, self.steps = True, WANTED & Steps(steps)
        self._quiet = frozenset(kind for kind, step in _QUIET.items() if step & self.steps)
        self._leading_space = bool(self.steps & Steps.LEADING_SPACE)
        self._out += packet(b"O", struct.pack(">III", min(version, VERSION), NEEDED, self.steps))

    def _take_macros(self, payload: bytes) -> None:
        """Kept as they came: a mail server sends some before every header line, and few are ever asked for."""
        before = reading.macros_before(payload)
        if before == b"M":
            self._forget_message()
        self._macros.pop(before, None)
        self._macros[before] = payload

    def _take_header(self, payload: bytes) -> None:
        self._waiting.append(Header(self._field(payload)))

    def _field(self, payload: bytes) -> bytes:
        return reading.header(payload, leading_space=self._leading_space)

    def _take_end(self, payload: bytes) -> None:
        if payload:
            self._waiting.append(Body(payload))
        self._waiting.append(EndOfMessage())

    def _take_abort(self, _: bytes) -> None:
        self._waiting.append(Abort())

    def _take_quit(self, _: bytes) -> None:
        self._waiting.append(Quit(again=False))

    def _take_quit_again(self, _: bytes) -> None:
        self._waiting.append(Quit(again=True))

    def _enter(self, event: Event) -> None:
        """Check that the event may come now, and note what it begins or ends."""
        if isinstance(event, Abort | Quit):
            self._end_message()
            if isinstance(event, Quit):
                self._macros.clear()
            return
        if isinstance(event, _OF_A_MESSAGE) and not self._in_message:
            raise PeerError("milter packet: no message was begun")
        if isinstance(event, Mail):
            self._in_message = True
        self._asked = event

    def _end_message(self) -> None:
        self._in_message = False
        self._forget_message()

    def _forget_message(self) -> None:
        self._macros = {stage: values for stage, values in self._macros.items() if stage in (b"C", b"H")}


_SPECIAL: dict[bytes, Callable[[Conversation, bytes], None]] = {
    b"O": Conversation._negotiate,  # noqa: SLF001 - the class's own table
    b"D": Conversation._take_macros,  # noqa: SLF001
    b"L": Conversation._take_header,  # noqa: SLF001
    b"E": Conversation._take_end,  # noqa: SLF001
    b"A": Conversation._take_abort,  # noqa: SLF001
    b"Q": Conversation._take_quit,  # noqa: SLF001
    b"K": Conversation._take_quit_again,  # noqa: SLF001
}
