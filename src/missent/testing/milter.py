"""A mail server's side of the milter conversation, for trying a milter without a mail server."""

import asyncio
import struct

from missent.milter.answers import packet

HEADER = (
    b"From: ann@b.example\r\nTo: me@own.example\r\nMessage-ID: <2@b.example>\r\n"
    b"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nIn-Reply-To: <1@own.example>\r\n"
)


class Server:
    """One connection of a mail server that allows a milter everything."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, code: bytes, payload: bytes = b"") -> None:
        """One packet."""
        self.writer.write(packet(code, payload))

    async def hear(self) -> bytes:
        """The next answer, packet as it came; b"" when the milter hung up."""
        try:
            length = await self.reader.readexactly(4)
            return length + await self.reader.readexactly(struct.unpack(">I", length)[0])
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""

    async def connect(self, ip: str = "192.0.2.1") -> None:
        """Negotiation, the client's address, HELO."""
        self.send(b"O", struct.pack(">III", 6, 0x1FF, 0x1FFFFF))
        assert (await self.hear())[4:5] == b"O"  # noqa: S101 - it is for tests
        self.send(b"C", b"client.example\x004\0\x19" + ip.encode() + b"\0")
        self.send(b"H", b"client\0")

    async def rcpts(self, *rcpts: str, auth: str = "", sender: str = "<me@own.example>") -> list[bytes]:
        """MAIL and RCPT: the answers to each RCPT."""
        if auth:
            self.send(b"D", b"M{auth_authen}\0" + auth.encode() + b"\0")
        self.send(b"M", sender.encode("utf-8", "surrogateescape") + b"\0")
        answers = []
        for rcpt in rcpts:
            self.send(b"R", rcpt.encode() + b"\0")
            answers.append(await self.hear())
        return answers

    async def message(self, fields: bytes = HEADER, body: bytes = b"Hello\r\n") -> list[bytes]:
        """The message to its end: every packet up to the verdict."""
        for line in fields.split(b"\r\n")[:-1]:
            name, _, value = line.partition(b":")
            self.send(b"L", name + b"\0" + value + b"\0")
        self.send(b"N")
        self.send(b"B", body)
        return await self.end()

    async def end(self) -> list[bytes]:
        """The end of the message: removals, fields, signs of life, and the verdict."""
        self.send(b"D", b"Ei\x004Bq1\0")
        self.send(b"E")
        answers = [await self.hear()]
        while answers[-1][4:5] in (b"-", b"p", b"m", b"i"):
            answers.append(await self.hear())
        return answers
