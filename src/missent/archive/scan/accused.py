"""Wrong persons by the recipient model as they were found (`missent.archive.scan.accusing`), handed to those who judge."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from missent.archive.scan.state import State
from missent.recipients.weighing import Doubt, Weighed, Weighing


class Accusation(NamedTuple):
    """One recipient of one mail, by number and address key.

    Attributes:
        score: the lesser of the two, by which all are ranked.
    """

    mail: int
    rcpt: str
    score: float
    doubt: Doubt

    def as_dict(self) -> dict[str, Any]:
        """For a line of JSON."""
        of = self.doubt
        doubt = {"id": of.id, "sure": of.sure, "confidence": of.confidence, "meant": of.meant, "facts": dict(of.facts)}
        return {"mail": self.mail, "rcpt": self.rcpt, "score": self.score, "doubt": doubt}


def accused(state: State) -> Iterator[Accusation]:
    """What was found, mail by mail."""
    with state.accused.open() as file:
        next(file)
        for line in map(json.loads, file):
            yield Accusation(line["mail"], line["rcpt"], line["score"], Doubt(**line["doubt"]))


class Accused:
    """Says of the mail being judged what was found of it; implements `missent.recipients.weighing.Weigher`.

    Attributes:
        mail: the number of the mail being judged.
    """

    def __init__(self, state: State) -> None:
        self.mail = 0
        self._found: dict[int, dict[str, Doubt]] = {}
        for one in accused(state):
            self._found.setdefault(one.mail, {})[one.rcpt] = one.doubt

    def weigh(self, _: Weighing) -> Weighed:
        """The doubts about its recipients."""
        return Weighed(self._found.get(self.mail, {}))
