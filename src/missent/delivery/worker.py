"""The worker: takes rows of the outbox under a lease, makes mail of them, hands it to the next hop, writes down its word.

Each row is sent at least once: a crash between the next hop's 250 and `done` sends it again when the lease ends, as
SMTP itself would (RFC 5321 4.5.3.2.6). Of several workers, one holds the lease.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from missent.delivery import backoff
from missent.delivery.composing import Outgoing
from missent.delivery.outbox import LEASE, Outbox, Posting
from missent.errors import MissentError, RelayError, StoreError
from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions, Recipient
from missent.smtp.reply import Reply

log = logging.getLogger(__name__)

AT_ONCE = 10
_OURS = "451 4.3.0 It could not be made ready here"


class Send(Protocol):
    """How a message goes to the next hop: one reply per recipient. Raises RelayError if it is away."""

    async def __call__(
        self, raw: bytes, mail_from: Address | None, rcpts: Sequence[Recipient], options: MailOptions
    ) -> Sequence[Reply]:
        """Hand over one message."""
        ...


class Composes(Protocol):
    """Makes mail of postings: `Composer` of those about holds, others of theirs."""

    def compose(self, posting: Posting, now: datetime) -> Outgoing | None:
        """The mail of a posting; None if there is nothing to be sent any more."""
        ...


@dataclass(slots=True)
class Worker:
    """Sends what is due.

    Attributes:
        owner: who leases; unique among workers of one store.
        jitter: a fresh number 0-1 at each call, so that retries spread.
        give_up: age of a row at which deferral becomes failure.
        lease: how long a row is ours without renewal; after a crash it waits that long.
    """

    outbox: Outbox
    composer: Composes
    send: Send
    owner: str
    jitter: Callable[[], float]
    give_up: timedelta = backoff.GIVE_UP
    lease: timedelta = LEASE

    async def step(self, now: datetime) -> int:
        """Send everything due at `now`, once; how many rows were taken. Raises StoreError if the store is away."""
        since = asyncio.get_running_loop().time()
        postings = await asyncio.to_thread(self.outbox.lease, now, self.owner, AT_ONCE, self.lease)

        def moment() -> datetime:
            """Now, by a clock nobody sets: a handling may take minutes."""
            return now + timedelta(seconds=asyncio.get_running_loop().time() - since)

        handling = {asyncio.create_task(self._handle(posting, moment)): posting for posting in postings}
        try:
            await self._renewing(handling, moment)
        finally:
            for task in handling:
                task.cancel()
        for task in handling:
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error
        return len(postings)

    async def _renewing(self, handling: Mapping["asyncio.Task[None]", Posting], moment: Callable[[], datetime]) -> None:
        """Wait until all are through, keeping their leases; whoever has lost its lease stops: another is at it."""
        under_way = set(handling)
        while under_way:
            _, under_way = await asyncio.wait(under_way, timeout=self.lease.total_seconds() / 3)
            if not under_way:
                return
            postings = [handling[task] for task in under_way]
            try:
                ours = await asyncio.to_thread(self.outbox.renew, postings, moment(), self.lease)
            except StoreError as error:  # nor can another take the lease
                log.warning("leases could not be renewed: %s", type(error).__name__)
                continue
            for task in (task for task in under_way if handling[task].id not in ours):
                task.cancel()

    async def _handle(self, posting: Posting, moment: Callable[[], datetime]) -> None:
        reply = await self._sent(posting, moment())
        now = moment()
        if reply is None:
            await asyncio.to_thread(self.outbox.pointless, posting, now)
        elif reply.good:
            await asyncio.to_thread(self.outbox.done, posting, now)
        elif reply.passes and not self._tired(posting, now):
            at = now + backoff.wait(posting.attempts + 1, self.jitter())
            await asyncio.to_thread(self.outbox.again, posting, at, str(reply))
        else:
            await asyncio.to_thread(self.outbox.failed, posting, now, str(reply))
        said = str(reply.code) if reply else "nothing left to send"
        log.info("posting %d (%s) of hold %s: %s", posting.id, posting.parcel.value, posting.hold_id, said)

    def _tired(self, posting: Posting, now: datetime) -> bool:
        """Whether it is time to give up: by age, and by tries, so that a clock set forward gives up nothing."""
        return now - posting.created >= self.give_up and posting.attempts + 1 >= backoff.FEWEST_TRIES

    async def _sent(self, posting: Posting, now: datetime) -> Reply | None:
        """The next hop's word; None if there was nothing left to send."""
        try:
            mail = await asyncio.to_thread(self.composer.compose, posting, now)
            return await self._handed_over(mail) if mail else None
        except RelayError as error:
            return Reply(error.code, (error.text,))
        except MissentError as error:
            log.warning("posting %d of hold %s: %s", posting.id, posting.hold_id, type(error).__name__)
            return Reply.of(_OURS)
        except Exception as error:  # noqa: BLE001 - one row that cannot be made must not stop the others
            log.error("posting %d of hold %s: %s", posting.id, posting.hold_id, type(error).__name__)  # noqa: TRY400 - a traceback may quote content
            return Reply.of(_OURS)

    async def _handed_over(self, mail: Outgoing) -> Reply:
        replies = await self.send(mail.raw, mail.mail_from, (mail.rcpt,), mail.options)
        return replies[0]
