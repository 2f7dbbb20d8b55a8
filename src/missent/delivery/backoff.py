"""When to try again: soon at first, then ever more rarely, never all at the same moment."""

from datetime import timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
GIVE_UP = timedelta(hours=26)
"""A day and a little: a next hop that is away for a day loses nothing. RFC 5321 4.5.4.1 counts in days for mail that
travels; ours stands before a next hop of our own, and the sender is waiting for word."""

FEWEST_TRIES = 12
"""Some four to five hours of tries: nothing is given up before them, whatever the clock says."""


def wait(attempts: int, jitter: float) -> timedelta:
    """How long to wait after `attempts` failed tries (at least 1); `jitter` 0-1 takes up to a quarter off.

    >>> [wait(n, 0.0).total_seconds() for n in (1, 2, 3, 8, 90)]
    [30.0, 60.0, 120.0, 3600.0, 3600.0]
    """
    full = min(LONGEST, FIRST * (1 << min(attempts - 1, 16)))
    return full * (1 - jitter / 4)
