"""How sensitive mail must be to count: a level in a scheme's own word, and what is known to be at least that."""

from missent.content.markings.lattice import Grade, at_most
from missent.content.markings.schemes import SCHEMES, homes
from missent.errors import ConfigError
from missent.nouns.verdict import Marking


class Floor:
    """`--marking-at-least`. Raises ConfigError for a word no scheme has.

    Attributes:
        asked: whether there is a floor at all.
    """

    def __init__(self, level: str, own_scheme: str = "") -> None:
        self.asked = bool(level)
        self._grades = _grades(level, own_scheme) if level else ()

    def reached(self, marking: Marking | None) -> bool:
        """Whether a message counts: its marking is as high, or not known to be lower in a scheme it cannot be compared with."""
        if not self.asked:
            return True
        if marking is None:
            return False
        return any(at_most(grade, Grade(marking.scheme, marking.level)) for grade in self._grades)


def _grades(level: str, own_scheme: str) -> tuple[Grade, ...]:
    wanted = level.casefold()
    found = [Grade(s.name, word) for s in SCHEMES.values() for word in s.levels if word.casefold() == wanted]
    if not found:
        words = sorted({word for scheme in SCHEMES.values() for word in scheme.levels})
        raise ConfigError(f"--marking-at-least: no scheme has the level {level!r}, expected one of {', '.join(words)}")
    own = [grade for grade in found if grade.scheme in homes(own_scheme)]
    return tuple(own or found)
