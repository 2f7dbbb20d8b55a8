"""Run as a process by test_killed_at_each_step.py: `missent`, killed (SIGKILL) the first time it comes to a step.

dying.py STEP serve --config FILE
"""

import functools
import inspect
import os
import signal
import sys
from datetime import timedelta


def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner, name):
    """Die on the way into a function."""
    setattr(owner, name, die)


def behind(owner, name):
    """Die on the way out of it: what it does is done, and nobody knows."""
    function = getattr(owner, name)
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def dying(*args, **kwargs):
            await function(*args, **kwargs)
            die()
    else:

        @functools.wraps(function)
        def dying(*args, **kwargs):
            function(*args, **kwargs)
            die()

    setattr(owner, name, dying)


def steps():
    from missent.delivery.worker import Worker
    from missent.gateway.link import Link
    from missent.gateway.passing import Passing
    from missent.store.holds import Holds
    from missent.store.outbox import Outbox

    return {
        "before the hold is written": lambda: before(Holds, "_keep"),
        "before the hold is committed": lambda: behind(Holds, "_keep"),
        "between hold and next hop": lambda: behind(Holds, "keep"),
        "between next hop and reply": lambda: behind(Link, "data"),
        "before a decision is committed": lambda: behind(Holds, "_decide"),
        "between decision and page": lambda: behind(Holds, "decide"),
        "between lease and re-injection": lambda: before(Worker, "_handed_over"),
        "between re-injection and mark": lambda: before(Outbox, "done"),
        "before an expiry is committed": lambda: behind(Holds, "_expire"),
        "between pass and reply": lambda: behind(Passing, "look"),
    }


def short_leases():
    """Half a minute is long for a test."""
    from missent.delivery.worker import Worker

    made = Worker.__init__

    def __init__(self, *args, **kwargs):
        made(self, *args, **kwargs)
        self.lease = timedelta(seconds=2)

    Worker.__init__ = __init__


if __name__ == "__main__":
    from missent.cli import main

    step = sys.argv.pop(1)
    short_leases()
    if step != "none":
        steps()[step]()
    main()
