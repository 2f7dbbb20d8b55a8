"""The 72 hours in which a breach of personal data is to be notified (GDPR art. 33(1)), from when one became aware of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WITHIN = timedelta(hours=72)
"""Hours run on through nights and weekends (Regulation 1182/71, art. 3(3))."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One case's clock.

    Attributes:
        aware: when somebody became aware, UTC.
        notified: when the authority was told; None while it was not.
    """

    aware: datetime
    notified: datetime | None = None

    @property
    def due(self) -> datetime:
        """When it is to be notified at the latest."""
        return self.aware + WITHIN

    def left(self, now: datetime) -> timedelta:
        """What is left of the time; negative when it has run out, what was left once notified."""
        return self.due - (self.notified or now)

    def word(self, now: datetime) -> str:
        """For people: `notified, 12 h to spare`, `61 h left`, `overdue by 3 h`."""
        hours = int(abs(self.left(now)).total_seconds() // 3600)
        late = self.left(now) < timedelta(0)
        if self.notified:
            return f"notified, {hours} h late" if late else f"notified, {hours} h to spare"
        return f"overdue by {hours} h" if late else f"{hours} h left"
