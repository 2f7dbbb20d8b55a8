"""A relay session's connection to the next hop: opened before anything is announced, kept in step with the client.

Connections are lent from a pool, so that a client that connects for every message does not make us do so, too.
"""

import asyncio

from missent.delivery.next_hop import NextHop, Target
from missent.errors import RelayError
from missent.nouns.envelope import MailOptions, Recipient
from missent.smtp import client
from missent.smtp.client import Offer
from missent.smtp.reply import Reply

_RSET = b"RSET\r\n"


class Pool:
    """Connections to the next hop without a transaction, each kept for a short while.

    Attributes:
        idle: seconds one may wait; below the least a server allows under stress (Postfix: 10).
        most: how many are kept.
    """

    def __init__(self, target: Target, idle: float = 5.0, most: int = 50) -> None:
        self.target = target
        self.idle = idle
        self.most = most
        self._waiting: list[tuple[NextHop, asyncio.TimerHandle]] = []

    def take(self) -> NextHop | None:
        """One that is still good, if there is any."""
        while self._waiting:
            hop, timer = self._waiting.pop()
            timer.cancel()
            if hop.quiet:
                return hop
            hop.abort()
        return None

    def give(self, hop: NextHop) -> None:
        """Give one back. What is beyond `most`, or has spoken unasked, is closed."""
        if len(self._waiting) >= self.most or not hop.quiet:
            hop.abort()
            return
        timer = asyncio.get_running_loop().call_later(self.idle, self._expire, hop)
        self._waiting.append((hop, timer))

    def close(self) -> None:
        """Close all."""
        while self._waiting:
            hop, timer = self._waiting.pop()
            timer.cancel()
            hop.bid_farewell()

    def _expire(self, hop: NextHop) -> None:
        self._waiting = [(other, timer) for other, timer in self._waiting if other is not hop]
        hop.bid_farewell()


class Link:
    """What one client's session says to the next hop. Every method that speaks raises RelayError (4yz) on failure."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._hop: NextHop | None = None
        self._lent: NextHop | None = None
        self._open = False  # whether the next hop has a transaction that is no longer wanted, or still is

    async def offer(self) -> Offer:
        """What the next hop offers, connecting to it if need be."""
        return (await self._connected()).offer

    async def mail(self, mailbox: str, options: MailOptions, size: int = 0) -> Reply:
        """Begin a transaction, ending the one before. A connection that died of waiting is replaced in silence."""
        waited = self._hop
        hop = await self._connected()
        try:
            return await self._begin(hop, mailbox, options, size)
        except RelayError:
            if hop is not waited and hop is not self._lent:
                raise
            self._hop, self._open = await NextHop.open(self._pool.target), False
        return await self._begin(self._hop, mailbox, options, size)

    async def rcpt(self, rcpt: Recipient) -> Reply:
        """Add a recipient."""
        hop = self._in_transaction()
        return await hop.say(client.rcpt(rcpt, hop.offer))

    async def again(self, mailbox: str, options: MailOptions, rcpts: tuple[Recipient, ...]) -> Reply | None:
        """Begin the transaction anew with these recipients only; the first refusal, None if all were granted."""
        hop = self._in_transaction()
        commands = [_RSET, client.mail(mailbox, options, hop.offer), *(client.rcpt(rcpt, hop.offer) for rcpt in rcpts)]
        replies = await hop.say_all(commands)
        return next((reply for reply in replies if not reply.good), None)

    async def data(self, raw: bytes, trace: bytes) -> Reply:
        """Send the message; the transaction is over, whatever the reply."""
        reply = await self._in_transaction().data(raw, trace)
        self._open = not reply.good
        return reply

    @property
    def lost(self) -> bool:
        """Whether the connection of the open transaction is gone."""
        return self._hop is None or not self._hop.alive

    def close(self) -> None:
        """End of the session: the connection goes back to the pool, or is closed where it has a transaction open."""
        hop, self._hop = self._hop, None
        if hop is None:
            return
        if self._open:
            hop.bid_farewell()
        else:
            self._pool.give(hop)

    async def _connected(self) -> NextHop:
        if self._hop is not None and self._hop.quiet:
            return self._hop
        if self._hop is not None:
            self._hop.abort()
        self._open = False
        self._lent = self._pool.take()
        self._hop = self._lent or await NextHop.open(self._pool.target)
        return self._hop

    async def _begin(self, hop: NextHop, mailbox: str, options: MailOptions, size: int) -> Reply:
        command = client.mail(mailbox, options, hop.offer, size)
        commands = [_RSET, command] if self._open else [command]
        self._open = True  # until its reply says otherwise: a connection with a reply under way is nobody else's
        reply = (await hop.say_all(commands))[-1]
        self._open = reply.good
        return reply

    def _in_transaction(self) -> NextHop:
        if self._hop is None or not self._hop.alive:
            raise RelayError(451, "4.4.2 Connection to the next hop was lost, try again later")
        return self._hop
