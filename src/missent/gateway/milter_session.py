"""A mail server's connection to the milter: one for each client of its own, with any number of messages."""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING

from missent.delivery.stream import Stream
from missent.errors import MissentError, PeerError
from missent.gateway.log import log_fault
from missent.gateway.milter_message import MilterMessage
from missent.milter import answers
from missent.milter.conversation import Conversation
from missent.milter.events import (
    Abort,
    Body,
    Connect,
    EndOfHeader,
    EndOfMessage,
    Event,
    Header,
    Helo,
    Mail,
    Quit,
    Rcpt,
)
from missent.nouns.envelope import Client
from missent.smtp.reply import Reply

if TYPE_CHECKING:
    from missent.gateway.milter import Milter

_IDLE = 7210.0
"""Seconds a mail server may be silent, as libmilter has it: its client is slow, not it."""

_UNANSWERED = (Abort, Quit)
_FAULT = Reply.of(MissentError.reply)


class MilterSession:
    """A connection from negotiation to its end."""

    def __init__(self, milter: "Milter", stream: Stream) -> None:
        self._milter = milter
        self._stream = stream
        self._wire = Conversation()
        self._connect = Connect("", "")
        self._helo = ""
        self._message: MilterMessage | None = None
        self._out: list[bytes] = []
        self._over = False
        self._waited_for: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Serve until the mail server leaves, breaks the protocol, or the milter closes."""
        try:
            while not self._over and (event := await self._next()) is not None:
                packets = await self._do(event)
                if not isinstance(event, _UNANSWERED):
                    self._out.append(self._wire.answer(packets))
                self._leave_if_draining()
            self._send()
        except (TimeoutError, ConnectionError):
            pass
        except PeerError as error:
            log_fault(error, "milter")
        finally:
            self._end_message()
            self._stream.close()

    def drain(self) -> None:
        """The milter closes: leave at once if no message is under way, else after it is through."""
        if self._message is None:
            self._stream.close()

    async def _next(self) -> Event | None:
        """The next event, once the mail server has sent all of it; None when it leaves. What the message is made of is taken
        on the way.
        """
        wire = self._wire
        while True:
            if octets := wire.octets():
                self._current().take(octets)
            if (event := wire.next_event()) is not None:
                return event
            self._send()
            await self._stream.drain()
            data = await self._stream.read(self._milter.time() + _IDLE, wire.missing)
            if not data:
                return None
            wire.receive(data)

    async def _do(self, event: Event) -> bytes:
        match event:
            case Header() | EndOfHeader() | Body():  # of a mail server that wants each of them answered
                self._current().take(event.octets)
            case Connect():
                self._connect = event
            case Helo():
                self._helo = event.name
            case Mail():
                self._begin(event)
            case Rcpt():
                return await self._answered(self._current().add(event, self._id()))
            case EndOfMessage():
                packets = await self._answered(self._current().finish(self._id()))
                self._end_message()
                return packets
            case Abort():
                self._end_message()
            case Quit():
                self._end_message()
                self._connect, self._helo, self._over = Connect("", ""), "", not event.again
        return answers.CONTINUE

    async def _answered(self, work: Coroutine[None, None, bytes]) -> bytes:
        """Wait for an answer, saying now and then that it is coming; whatever fails is this command's answer."""
        self._keep_waiting()
        try:
            return await work
        except MissentError as error:
            return answers.refuse(Reply.of(error.reply))
        except Exception as error:  # noqa: BLE001 - the edge of one message
            log_fault(error, "milter message")
            return answers.refuse(_FAULT)
        finally:
            if self._waited_for is not None:
                self._waited_for.cancel()

    def _keep_waiting(self) -> None:
        """Say that the answer is coming once it takes its time, and again: a timer costs less than a task."""
        self._waited_for = asyncio.get_running_loop().call_later(self._milter.progress_every, self._still_at_work)

    def _still_at_work(self) -> None:
        self._send()
        self._stream.write(answers.PROGRESS)
        self._keep_waiting()

    def _begin(self, event: Mail) -> None:
        self._end_message()
        own = bool(self._wire.macro("auth_authen")) or self._milter.is_own(self._connect.ip)
        subject = self._wire.macro("cert_subject")  # Postfix gives it for certificates it has verified only
        client = Client(self._connect.ip, self._helo, own, frozenset({subject.lower()} if subject else ()))
        self._message = MilterMessage(self._milter.station, self._milter.settings, event, client)

    def _current(self) -> MilterMessage:
        if self._message is None:
            raise RuntimeError("no message")
        return self._message

    def _end_message(self) -> None:
        if self._message is not None:
            self._message.close()
            self._message = None

    def _leave_if_draining(self) -> None:
        if self._milter.draining and self._message is None:
            self._over = True

    def _id(self) -> str:
        """The mail server's queue id; it may have none before the first recipient is granted."""
        return self._wire.macro("i")

    def _send(self) -> None:
        out = self._wire.pending() + b"".join(self._out)
        self._out.clear()
        if out:
            self._stream.write(out)
