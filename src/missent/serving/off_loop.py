"""The gateway's Judge: what is small is judged at once, the rest in a thread, within a time limit; never an exception.

What cannot be judged is `check-failed` for every recipient and the policy decides; only a store that is gone is
raised, because then the message had better stay with its sender (451).
"""

import asyncio
import functools
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic

from missent.errors import StoreError
from missent.gateway.ports import Judged
from missent.judging import Judging
from missent.message.model import Message
from missent.message.reading import read
from missent.nouns.envelope import Envelope
from missent.nouns.verdict import Verdict
from missent.reading.opener import Opener
from missent.recipients.history import Known, Question
from missent.serving.small import small

Asked = Callable[[Question], Known]

_SLOW = 0.25
"""Seconds history may take to answer on the loop before the next ones are left to threads for a while: a slow disk. Only the
question is timed: of a whole verdict a busy machine makes as much, and threads only make it busier.
"""

_WHILE = 10.0


class OffLoopJudge:
    """Judges with `judging`, on the event loop what takes a millisecond or two, in threads of its own the rest.

    Two threads that want the interpreter at once cost more than judging a small message does, so it is handed to one only
    where it might hold the loop: large ones, and all where history is not at hand.

    Args:
        judging: what this node judges with; may be changed between messages.
        timeout: seconds one verdict may take.
        clock: now, UTC.
        opener: opens what messages carry; closed with this judge.
        at_once: answers as `judging.history` does without ever waiting, or raises StoreError; None: there is no such.
    """

    def __init__(
        self, judging: Judging, timeout: float, clock: Callable[[], datetime], opener: Opener, at_once: Asked | None = None
    ) -> None:
        self._judging = judging
        self._timeout = timeout
        self._clock = clock
        self._opener = opener
        self._at_once = at_once
        self._not_before = 0.0
        self._pool = ThreadPoolExecutor(4, "judge")

    def warm(self) -> None:
        """Judge a message of nobody, so that the first real one does not wait for grammars to be loaded. Raises StoreError."""
        self._judge(b"Subject: -\r\n\r\n-\r\n", Envelope(None, ()), self._clock(), None)

    async def __call__(self, raw: bytes | None, envelope: Envelope) -> Judged:
        """Judge a message, or bare addresses where `raw` is None. Raises StoreError only.

        Bare addresses that no rule can block whatever history knows are not spoken of: at RCPT nothing else matters.
        """
        at = self._clock()
        if raw is None and not self._judging.may_refuse(envelope, at):
            return Judged(Verdict(self._judging.policy.version, ()))
        try:
            judged = self._on_loop(raw, envelope, at) if small(raw, envelope) else None
            return judged or await self._in_thread(raw, envelope, at)
        except StoreError:
            raise
        except TimeoutError:
            error = "too-slow"
        except Exception as fault:  # noqa: BLE001 — one message is an edge: it is held, the next one is judged
            error = type(fault).__name__
        verdict = self._judging.unjudged(envelope, at, "judge", error)
        return Judged(verdict, None if raw is None else unread(raw))

    def _on_loop(self, raw: bytes | None, envelope: Envelope, at: datetime) -> Judged | None:
        """The verdict; None where it is not to be had without waiting."""
        if self._at_once is None or monotonic() < self._not_before:
            return None
        try:
            return self._judge(raw, envelope, at, functools.partial(self._timed, self._at_once))
        except StoreError:  # busy, or gone: a thread may wait and see
            return None

    def _timed(self, asked: Asked, question: Question) -> Known:
        began = monotonic()
        try:
            return asked(question)
        finally:
            if monotonic() - began > _SLOW:
                self._not_before = monotonic() + _WHILE

    async def _in_thread(self, raw: bytes | None, envelope: Envelope, at: datetime) -> Judged:
        future = asyncio.get_running_loop().run_in_executor(self._pool, self._judge, raw, envelope, at, None)
        judged = await asyncio.wait_for(asyncio.shield(future), self._timeout)
        if judged is None:
            raise AssertionError("a thread waits for whatever it needs")
        return judged

    def _judge(self, raw: bytes | None, envelope: Envelope, at: datetime, known: Asked | None) -> Judged | None:
        """The verdict; None where it would have to wait for a worker and may not, since `known` never waits."""
        if raw is None:
            return Judged(self._judging.judge(None, envelope, at, known=known))
        message = read(raw)
        opened = self._opener.open_here(raw, message) if known else self._opener.open(raw, message)
        return None if opened is None else Judged(self._judging.judge(message, envelope, at, opened, known), message)

    def close(self) -> None:
        """Let go of the threads; a verdict still under way is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._opener.close()


def unread(raw: bytes) -> Message:
    """What is known of a message nobody could read: its size, and a digest of all of it, so that no two become one hold."""
    return Message(body_sha256=hashlib.sha256(raw).hexdigest(), size=len(raw))
