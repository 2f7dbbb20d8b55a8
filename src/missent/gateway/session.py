"""One client's connection: events of the protocol answered one by one, each in its time."""

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from missent.delivery.stream import Stream
from missent.errors import MissentError, RelayError
from missent.gateway.link import Link
from missent.gateway.log import log_fault
from missent.gateway.trace import Passage
from missent.gateway.transaction import Transaction, deferred
from missent.nouns.envelope import Client
from missent.smtp.client import Offer
from missent.smtp.events import Answered, Chunk, Data, EndOfData, Event, Hello, Mail, Quit, Rcpt, Reset, StartTls
from missent.smtp.reply import Reply
from missent.smtp.server import Server

if TYPE_CHECKING:
    from missent.gateway.relay import Relay

_OVERHEAD = 1024
"""Octets kept free below the next hop's size limit for our Received line."""

_OK = Reply.of("250 2.0.0 Ok")
_CLOSING = Reply.of("421 4.3.2 Service is closing, try again later")
_TIMEOUT = Reply.of("421 4.4.2 Timeout, closing connection")
_STRANGER = Reply.of("554 5.7.1 This client may not send here")
_ENCRYPT_FIRST = Reply.of("530 5.7.0 Issue STARTTLS first")
_FAULT = Reply.of(MissentError.reply)


class Session:
    """A connection from its banner to its end."""

    def __init__(self, relay: "Relay", stream: Stream) -> None:
        self._loop = asyncio.get_running_loop()
        self._relay = relay
        self._stream = stream
        self._smtp = Server()
        self._link = Link(relay.pool)
        self._ip = str((stream.transport.get_extra_info("peername") or ("",))[0])
        self._client = Client(self._ip, "", relay.is_own(self._ip))
        self._allowed = relay.is_allowed(self._ip)
        self._encrypted = False
        self._hello = Hello("", extended=False)
        self._transaction: Transaction | None = None
        self._out: list[bytes] = []
        self._deadline = 0.0  # for the end of data, in the loop's time; 0 while no data is awaited
        self._idle = False
        self._over = False

    async def run(self) -> None:
        """Serve until the client leaves, breaks the rules, is too slow, or the relay closes."""
        try:
            await self._converse()
        except TimeoutError:
            self._say(_TIMEOUT)
        except ConnectionError:
            pass
        except asyncio.CancelledError:
            self._say(_CLOSING)
            raise
        finally:
            self._end_transaction()
            self._link.close()
            with contextlib.suppress(ConnectionError):
                self._send()
            self._stream.close()

    def drain(self) -> None:
        """The relay closes: leave at once if nothing is under way, else after the message is through."""
        if self._idle and self._transaction is None:
            self._say(_CLOSING)
            self._send()
            self._stream.close()

    async def _converse(self) -> None:
        if not self._allowed and not self._relay.takes_certificates:
            self._say(_STRANGER)
            return
        self._say(Reply.of(f"220 {self._relay.hostname} ESMTP missent"))
        while not self._over and (event := await self._next()) is not None:
            match event:
                case Chunk():
                    self._current().take(event.octets)
                case Answered():
                    self._say(event.reply)
                    self._over = event.closing
                    await asyncio.sleep(0)  # thousands of NOOPs in one packet are one client's, not everybody's
                case _:
                    await self._guarded(event)

    async def _guarded(self, event: Event) -> None:
        """Do what was asked; whatever fails is this command's reply, and no other session's."""
        try:
            await self._do(event)
        except RelayError as error:
            self._answer(deferred(error))
        except MissentError as error:
            self._answer(Reply.of(error.reply))
        except Exception as error:  # noqa: BLE001 - the edge of one session
            log_fault(error, type(event).__name__)
            self._answer(_FAULT)

    async def _do(self, event: Event) -> None:
        match event:
            case Hello():
                await self._on_hello(event)
            case Mail():
                await self._on_mail(event)
            case Rcpt():
                self._answer(await self._current().add(event))
            case Data():
                self._on_data()
            case EndOfData():
                await self._on_end(event)
            case Reset():
                self._on_reset()
                await asyncio.sleep(0)
            case StartTls():
                await self._on_start_tls()
            case Quit():
                self._answer(Reply.of("221 2.0.0 Bye"))
                self._over = True

    async def _next(self) -> Event | None:
        """The next event; None when the client is gone. Raises TimeoutError."""
        event = self._smtp.next_event()
        if event is not None:
            return event
        self._idle = True
        try:
            return await self._heard(self._deadline or self._loop.time() + self._relay.settings.command_timeout)
        finally:
            self._idle = False

    async def _heard(self, until: float) -> Event | None:
        while True:
            self._send()
            await self._stream.drain(until)
            data = await self._stream.read(until)
            if not data:
                return None
            self._smtp.receive(data)
            event = self._smtp.next_event()
            if event is not None:
                return event

    def _answer(self, reply: Reply) -> None:
        self._out.append(self._smtp.reply(reply))
        self._over = self._over or reply.code == 421

    def _say(self, reply: Reply) -> None:
        self._out.append(reply.encode())

    def _send(self) -> None:
        if self._out:
            self._stream.write(b"".join(self._out))
            self._out.clear()

    async def _on_hello(self, event: Hello) -> None:
        self._end_transaction()
        self._hello = event
        self._client = replace(self._client, helo=event.name)
        try:
            offer = await self._link.offer() if self._allowed else Offer()
        except RelayError as error:
            self._answer(Reply(421, tuple(error.text.split("\n"))))
            return
        keywords = self._keywords(offer)
        self._smtp.state.extensions = frozenset(word.split()[0] for word in keywords)
        lines = (self._relay.hostname, *keywords) if event.extended else (self._relay.hostname,)
        self._answer(Reply(250, lines))

    def _keywords(self, offer: Offer) -> tuple[str, ...]:
        """What may be announced: our own, and what the next hop offers and we pass on."""
        limits = [self._relay.settings.max_size, *([offer.size - _OVERHEAD] if offer.size > _OVERHEAD else [])]
        tls = ("STARTTLS",) if self._relay.tls is not None and not self._encrypted else ()
        passed = tuple(word for word in ("8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES") if word in offer)
        return ("PIPELINING", f"SIZE {min(limits)}", *passed, *tls)

    async def _on_start_tls(self) -> None:
        context = self._relay.tls
        if context is None:
            self._answer(Reply.of("454 4.7.0 TLS is not available"))
            return
        self._answer(Reply.of("220 2.0.0 Go ahead"))
        self._send()
        try:
            await self._stream.start_tls(context)
        except OSError:
            self._over = True
            return
        self._encrypted = True
        if (admitted := self._relay.admitted(self._client, self._stream.transport)) is not None:
            self._allowed = True
            self._client = admitted

    async def _on_mail(self, event: Mail) -> None:
        if self._relay.draining:
            self._answer(_CLOSING)
        elif not self._allowed:
            self._answer(_STRANGER if self._encrypted else _ENCRYPT_FIRST)
        else:
            transaction = Transaction(self._relay, self._link, event, self._passage(), self._client)
            reply = await transaction.begin()
            if reply.good:
                self._transaction = transaction
            self._answer(reply)

    def _on_data(self) -> None:
        reply = self._current().ready()
        if reply.good:
            self._deadline = self._loop.time() + self._relay.settings.data_timeout
        self._answer(reply)

    async def _on_end(self, event: EndOfData) -> None:
        self._deadline = 0.0
        try:
            reply = await self._current().finish(event)
        finally:
            self._end_transaction()
        self._answer(reply)
        self._leave_if_draining()

    def _on_reset(self) -> None:
        self._end_transaction()
        self._answer(_OK)
        self._leave_if_draining()

    def _leave_if_draining(self) -> None:
        if self._relay.draining:
            self._say(_CLOSING)
            self._over = True

    def _current(self) -> Transaction:
        if self._transaction is None:
            raise RuntimeError("no transaction")
        return self._transaction

    def _end_transaction(self) -> None:
        if self._transaction is not None:
            self._transaction.close()
            self._transaction = None

    def _passage(self) -> Passage:
        relay = self._relay
        extended, encrypted = self._hello.extended, self._encrypted
        return Passage(self._hello.name, self._ip, relay.hostname, relay.instance, "", extended, encrypted)
