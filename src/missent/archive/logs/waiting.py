"""Messages in a server's queue while its log is read: what their lines said so far."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from missent.archive.logs.handover import Queued

MOST = 200_000
"""Messages remembered at once; when there are more the older half is told as `Queued`, and the join finds it."""


@dataclass(slots=True)
class Open:
    """One message; `left` recipients are to be delivered. `head` begins its first line, if that is not read yet."""

    at: float
    host: str
    message_id: str = ""
    sender: str = ""
    left: int = 1
    head: str = ""


class Waiting:
    """By the queue's names. A name used again is another message.

    `dated` reads time and host of a message whose `head` was only kept.
    """

    def __init__(self, dated: Callable[[Open], Open]) -> None:
        self.open: dict[str, Open] = {}
        self._dated = dated

    def get(self, queue_id: str, at: float, host: str) -> Open:
        """The message of that name; one that nothing is known of where its first lines stand in another file."""
        return self.open.get(queue_id) or Open(at, host)

    def done(self, queue_id: str, count: int = 1) -> None:
        """So many recipients are served for good."""
        one = self.open.get(queue_id)
        if one:
            one.left -= count
            if one.left <= 0:
                del self.open[queue_id]

    def overflow(self) -> Iterator[Queued]:
        """What is no longer remembered, if there is too much."""
        if len(self.open) > MOST:
            yield from self.rest(MOST // 2)

    def rest(self, count: int | None = None) -> Iterator[Queued]:
        """The oldest so many (None: all), told and forgotten."""
        for queue_id in list(self.open)[:count]:
            one = self._dated(self.open.pop(queue_id))
            if one.message_id:
                yield Queued(one.at, one.host, queue_id, one.message_id, one.sender)
