"""An SMTP reply (RFC 5321 4.2), kept in the words of whoever gave it, and read from bytes as they come.

A relay that rewords a refusal takes from the sender the one line that explains it; so code, enhanced code (RFC 3463)
and text travel unchanged, line by line.
"""

from collections import deque
from dataclasses import dataclass

from missent.errors import PeerError

_LONGEST_LINE = 4096
_MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply.

    Attributes:
        code: 200-599.
        lines: text of each line without the code, enhanced code included as given; bytes that are not UTF-8 stand as
            surrogates (PEP 383) and leave as they came.
    """

    code: int
    lines: tuple[str, ...] = ("",)

    @classmethod
    def of(cls, text: str) -> "Reply":
        """A reply from `550 5.7.1 text`; a newline starts a further line."""
        return cls(int(text[:3]), tuple(text[4:].split("\n")))

    @property
    def good(self) -> bool:
        """Whether it grants what was asked (2yz, or 354 to DATA)."""
        return self.code < 400

    @property
    def passes(self) -> bool:
        """Whether asking again later may be granted (4yz)."""
        return 400 <= self.code < 500

    @property
    def text(self) -> str:
        """All lines in one, for logs and records."""
        return " ".join(self.lines)

    def encode(self) -> bytes:
        """As sent. A CR, LF or NUL inside a line becomes a space, so that no text can end its own reply."""
        clean = [line.translate(_CONTROLS).encode("utf-8", "surrogateescape") for line in self.lines]
        head = b"".join(b"%d-%b\r\n" % (self.code, line) for line in clean[:-1])
        return head + b"%d %b\r\n" % (self.code, clean[-1])

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


_CONTROLS = {0: " ", 10: " ", 13: " "}


class ReplyReader:
    """Cuts a stream into replies.

    A bare LF is taken for a line end here (some servers send one): nothing is smuggled to a client.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._lines: list[str] = []
        self._code = 0
        self._replies: deque[Reply] = deque()

    def receive(self, data: bytes) -> None:
        """Take what came. Raises PeerError if it is no SMTP reply."""
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end]).removesuffix(b"\r")
            del self._buffer[: end + 1]
            self._take(line)
        if len(self._buffer) > _LONGEST_LINE:
            raise PeerError("reply line is too long")

    def next(self) -> Reply | None:
        """The next whole reply, None while there is none."""
        return self._replies.popleft() if self._replies else None

    def _take(self, line: bytes) -> None:
        digits, mark, text = line[:3], line[3:4], line[4:]
        if len(digits) != 3 or not digits.isdigit() or mark not in (b" ", b"-", b"") or not b"200" <= digits <= b"599":
            raise PeerError("not an SMTP reply")
        if len(line) > _LONGEST_LINE or len(self._lines) >= _MOST_LINES:
            raise PeerError("reply is too long")
        if self._lines and int(digits) != self._code:
            raise PeerError("one reply with two codes")
        self._code = int(digits)
        self._lines.append(text.decode("utf-8", "surrogateescape"))
        if mark != b"-":
            self._replies.append(Reply(self._code, tuple(self._lines)))
            self._lines = []
