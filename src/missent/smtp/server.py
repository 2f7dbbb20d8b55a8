"""The server half of SMTP (RFC 5321) without I/O: octets in, events out, one reply per command.

Commands may come pipelined (RFC 2920): the next one is read only after the one before has its reply, so every reply
is given in the state its command really had. However the octets are cut, the events are the same.
"""

from missent.smtp import commands
from missent.smtp.commands import State
from missent.smtp.data import DataReader
from missent.smtp.events import Answered, Chunk, Data, EndOfData, Event, Quit, StartTls
from missent.smtp.reply import Reply

LONGEST_LINE = 4096
"""Octets of a command line: RFC 5321 4.5.3.1.4's 512 and room for every extension's parameters, UTF-8 included."""

MOST_ERRORS = 20

_TOO_LONG = Answered(Reply.of("500 5.5.6 Line too long"))
_BARE = Answered(Reply.of("500 5.5.2 Bare CR or LF: lines end with CR LF here. Closing connection"), closing=True)
_TOO_MANY = Answered(Reply.of("421 4.7.0 Too many errors, closing connection"), closing=True)


class Server:
    """One connection, seen from the server. Feed it with `receive`, ask `next_event`, answer with `reply`.

    Attributes:
        state: what the commands so far have led to; whoever answers EHLO sets `state.extensions` to what it announces.
    """

    def __init__(self) -> None:
        self.state = State()
        self._buffer = b""
        self._at = 0  # octets of the buffer already read: cutting it at every line would copy it at every line
        self._asked: Event | None = None
        self._data: DataReader | None = None
        self._errors = 0
        self._skipping = False
        self._closed = False

    @property
    def pending(self) -> int:
        """Octets received and not yet read: what back-pressure goes by."""
        return len(self._buffer) - self._at

    def receive(self, data: bytes) -> None:
        """Take what came. Never raises."""
        if not self._closed:
            self._buffer, self._at = self._buffer[self._at :] + data, 0

    def next_event(self) -> Event | None:
        """The next thing the client asked for; None while more octets are needed.

        Never raises because of what a client sent; RuntimeError if the command before still wants its reply.
        """
        if self._asked is not None:
            raise RuntimeError("the command before still wants its reply")
        if self._closed:
            return None
        event = self._read_command() if self._data is None else self._read_data(self._data)
        if isinstance(event, Answered):
            return self._counted(event)
        if not isinstance(event, Chunk):
            self._asked = event
        return event

    def reply(self, reply: Reply) -> bytes:
        """Answer the command asked last: the octets to send. What it grants decides what may follow."""
        if self._asked is None:
            raise RuntimeError("nothing was asked")
        asked, self._asked = self._asked, None
        self._closed = reply.code == 421 or isinstance(asked, Quit)
        commands.settle(asked, reply, self.state)
        if isinstance(asked, Data) and reply.good:
            self._data = DataReader()
        elif isinstance(asked, StartTls) and reply.good:
            self._buffer, self._at = b"", 0  # said in the clear behind STARTTLS is not said (CVE-2011-0411)
        return reply.encode()

    def _counted(self, event: Answered) -> Answered:
        self._errors += not event.reply.good
        if self._errors > MOST_ERRORS:
            event = _TOO_MANY
        self._closed = event.closing
        return event

    def _read_data(self, reader: DataReader) -> Event | None:
        if not reader.done and self.pending:
            octets, rest = reader.receive(self._buffer[self._at :] if self._at else self._buffer)
            self._buffer, self._at = rest, 0
            if octets:
                return Chunk(octets)
        if not reader.done:
            return None
        self._data = None
        return EndOfData(reader.size, reader.bare)

    def _read_command(self) -> Event | None:
        end = self._buffer.find(b"\n", self._at)
        if end < 0:
            if self.pending > LONGEST_LINE:
                self._skipping, self._buffer, self._at = True, b"", 0
            return None
        line, self._at = self._buffer[self._at : end + 1], end + 1
        if self._skipping or len(line) > LONGEST_LINE:
            self._skipping = False
            return _TOO_LONG
        if not line.endswith(b"\r\n") or line.count(b"\r") != 1:
            return _BARE
        return commands.read(line[:-2], self.state)
