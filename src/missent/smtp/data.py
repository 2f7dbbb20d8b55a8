"""The octets between `354` and the final dot (RFC 5321 4.5.2): un-stuffed, counted, and judged for smuggling.

Only CR LF `.` CR LF ends a message. Programs that also stop at LF `.` LF see a second message where others see text
("SMTP smuggling", 2023): so a bare CR or LF is reported, never mended, and the message is refused once it is whole.
"""

_END = b"\r\n.\r\n"


class DataReader:
    """Cuts one message out of a stream.

    Attributes:
        size: octets of the message so far, un-stuffed.
        bare: whether a CR without LF or an LF without CR was seen.
        done: whether its final dot has come.
    """

    def __init__(self) -> None:
        self.size = 0
        self.bare = False
        self.done = False
        self._kept = b"\r\n"  # a dot right at the start stands at the start of a line, too
        self._virtual = 2

    def receive(self, data: bytes) -> tuple[bytes, bytes]:
        """Take octets: (those of the message, un-stuffed; those behind its end). The second is empty until `done`."""
        stream = self._kept + data
        dot = stream.find(_END[:3])
        end = stream.find(_END, dot) if dot >= 0 else -1
        if end >= 0:
            self.done = True
            return self._passed(stream[: end + 2], dotted=dot < end), stream[end + 5 :]
        kept = next((n for n in (4, 3, 2, 1) if stream.endswith(_END[:n])), 0)
        cut = len(stream) - kept
        self._kept = stream[cut:]
        return self._passed(stream[:cut], dotted=0 <= dot < cut), b""

    def _passed(self, raw: bytes, *, dotted: bool) -> bytes:
        """A piece that neither starts nor ends within CR LF or CR LF dot: counted, and without stuffing."""
        pairs = raw.count(b"\r\n")
        if raw.count(b"\n") != pairs or raw.count(b"\r") != pairs:
            self.bare = True
        octets = raw.replace(b"\r\n.", b"\r\n") if dotted else raw
        if self._virtual and octets:
            octets, self._virtual = octets[self._virtual :], 0
        self.size += len(octets)
        return octets


def stuffed(message: bytes) -> bytes:
    """A message ready to follow `354`: dots doubled at line starts, ended by CR LF dot CR LF; nothing else is touched.

    A message whose last line lacks its CR LF gets one: SMTP cannot say otherwise.
    """
    if message.find(b"\r\n.") >= 0:
        message = message.replace(b"\r\n.", b"\r\n..")
    if message.startswith(b"."):
        message = b"." + message
    return message + (b".\r\n" if not message or message.endswith(b"\r\n") else _END)
