"""Exit codes: one meaning everywhere. Found outranks unread."""

from enum import IntEnum

from missent.nouns.action import Action
from missent.nouns.verdict import Verdict


class Exit(IntEnum):
    """What the shell is told."""

    OK = 0  # nothing to stop, and all of it read
    FAILED = 1  # audit, policy test, doctor, demo: not as it should be
    USAGE = 2  # usage or configuration
    NOTHING = 3  # nothing to examine
    UNREAD = 4  # nothing found, but something could not be read
    WARN = 10
    HOLD = 11
    BLOCK = 12


_OF_ACTION = {Action.WARN: Exit.WARN, Action.HOLD: Exit.HOLD, Action.BLOCK: Exit.BLOCK}


def of_verdict(verdict: Verdict) -> Exit:
    """The strongest action found; else whether all of it was read."""
    if verdict.action in _OF_ACTION:
        return _OF_ACTION[verdict.action]
    return Exit.UNREAD if verdict.inspected.skipped else Exit.OK
