"""Numbers that name a person or an account: a pattern finds them, a check confirms them, words beside them tell what they are."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from missent.content.detectors.detector import Found, Grade, Hit, bare, beside

_LIST, _SHARE, _ABOVE = 5, 0.9, 2_000
"""So many distinct numbers, of which so many pass their check, are a column: a word in the characters above it tells them all."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Finds numbers of one kind; is a detector's `find`.

    Attributes:
        words: what tells the number when it stands near.
        told: the grade of a number that words tell.
        untold: of one without a word near; None if such a number is nothing.
        valid: whether a canonical number (capitals, no separators) can be one.
        strict: further demands on the match and its text, for numbers that something else resembles.
    """

    words: re.Pattern[str]
    told: Grade
    untold: Grade | None = None
    valid: Callable[[str], bool] = lambda _: True
    strict: Callable[[str, re.Match[str]], bool] = lambda _text, _match: True

    def __call__(self, text: str, found: Found) -> Iterator[Hit]:
        """One hit for each number that passes."""
        for kind, matches in found.items():
            numbers = [(match, bare(match[0])) for match in matches]
            sound = [(m, n) for m, n in numbers if len(set(n)) > 1 and self.valid(n) and self.strict(text, m)]
            listed = len({n for _, n in sound}) >= max(_LIST, _SHARE * len({n for _, n in numbers}))
            column = listed and beside(text, sound[0][0], self.words, _ABOVE)
            for match, number in sound:
                grade = self.told if column or beside(text, match, self.words) else self.untold
                if grade:
                    yield Hit(kind, number, grade)


def words(*alternatives: str) -> re.Pattern[str]:
    """Context words as a pattern: whole words, any case."""
    return re.compile(rf"(?i)\b(?:{'|'.join(alternatives)})(?![^\W_])", re.ASCII)
