"""The gateway's Judge: reading and judging happen in a thread, within a time limit, and never end in an exception.

What cannot be judged is `check-failed` for every recipient and the policy decides; only a store that is gone is
raised, because then the message had better stay with its sender (451).
"""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from missent.errors import StoreError
from missent.gateway.ports import Judged
from missent.judging import Judging
from missent.message.model import Message
from missent.message.reading import read
from missent.nouns.envelope import Envelope
from missent.nouns.verdict import Verdict
from missent.reading.texts import open_texts


class OffLoopJudge:
    """Judges with `judging` in threads of its own.

    Args:
        judging: what this node judges with; may be changed between messages.
        timeout: seconds one verdict may take.
        clock: now, UTC.
        threads: verdicts at the same time.
    """

    def __init__(self, judging: Judging, timeout: float, clock: Callable[[], datetime], threads: int = 4) -> None:
        self._judging = judging
        self._timeout = timeout
        self._clock = clock
        self._pool = ThreadPoolExecutor(threads, "judge")

    async def __call__(self, raw: bytes | None, envelope: Envelope) -> Judged:
        """Judge a message, or bare addresses where `raw` is None. Raises StoreError only.

        Bare addresses that no rule can block whatever history knows are not spoken of: at RCPT nothing else matters.
        """
        at = self._clock()
        if raw is None and not self._judging.may_refuse(envelope, at):
            return Judged(Verdict(self._judging.policy.version, ()))
        future = asyncio.get_running_loop().run_in_executor(self._pool, self._judge, raw, envelope, at)
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._timeout)
        except StoreError:
            raise
        except TimeoutError:
            error = "too-slow"
        except Exception as fault:  # noqa: BLE001 — one message is an edge: it is held, the next one is judged
            error = type(fault).__name__
        verdict = self._judging.unjudged(envelope, at, "judge", error)
        return Judged(verdict, None if raw is None else unread(raw))

    def _judge(self, raw: bytes | None, envelope: Envelope, at: datetime) -> Judged:
        if raw is None:
            return Judged(self._judging.judge(None, envelope, at))
        message = read(raw)
        return Judged(self._judging.judge(message, envelope, at, open_texts(raw, message)), message)

    def close(self) -> None:
        """Let go of the threads; a verdict still under way is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def unread(raw: bytes) -> Message:
    """What is known of a message nobody could read: its size, and a digest of all of it, so that no two become one hold."""
    return Message(body_sha256=hashlib.sha256(raw).hexdigest(), size=len(raw))
