"""The recipient model in memory: what it says of one message, and a memory that is told mail as it comes and keeps nothing.

The store's twin, as `MemoryHistory` is: a replay weighs each mail by what came before it. Needs NumPy.
"""

from missent.nouns.sighting import Sighting
from missent.recipients.model.letter import Mail
from missent.recipients.model.memory import MOST_TOLD, Memory
from missent.recipients.model.model import Model
from missent.recipients.model.scoring import weigh
from missent.recipients.model.traits import Traits
from missent.recipients.remembering import recipients, tells
from missent.recipients.weighing import LEAST, NOTHING_WEIGHED, Weighed, Weighing


def weighed(memory: Memory, model: Model, asked: Weighing) -> Weighed:
    """What a memory and a model say of one message; nothing of announcements, of strangers, and in a site's first days."""
    rcpts = tuple(dict.fromkeys(key for key in asked.rcpts if key != asked.sender))
    if not asked.traits or not 0 < len(rcpts) <= MOST_TOLD or memory.wrote < LEAST or memory.people.known(asked.sender) is None:
        return NOTHING_WEIGHED
    mail = Mail(asked.sender, rcpts, asked.at, Traits.unpack(asked.traits), asked.names)
    return weigh(memory, model, mail, asked.budget)


class MemoryWeigher:
    """Weighs by what it was told so far; implements `missent.recipients.weighing.Weigher`."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._memory = Memory()

    def weigh(self, asked: Weighing) -> Weighed:
        """What it says of one message."""
        return weighed(self._memory, self._model, asked)

    def learn(self, sighting: Sighting) -> None:
        """Take in one mail with its traits, and its score among those of right mail. The order of time is assumed."""
        if not sighting.traits or not tells(sighting):
            return
        people = recipients(sighting)
        names = {a.key: a.name for a in (sighting.sender, *people) if a.name}
        keys = tuple(a.key for a in people)
        self._memory.learn(Mail(sighting.sender.key, keys, sighting.at.timestamp(), Traits.unpack(sighting.traits), names))
        if sighting.score is not None:
            self._model = self._model.met([(sighting.sender.key, sighting.score)])
