"""`be-national-number`: the Belgian national register number, which tells the date of birth.

Eleven digits, the last two 97 minus the rest modulo 97. In its own spelling (`85.07.30-033.28`) it is high by itself, in one run a
word must stand beside it.
"""

from collections.abc import Iterator

from missent.content.detectors.checksums import belgian
from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_DATE = r"\d{2}%s(?:[024][0-9]|[135][0-2])%s(?:[0-2]\d|3[01])%s\d{3}%s\d{2}(?![\w-]|\.\d)"
_WORDS = words(
    "rijksregister\\w*", "registre national", "num(?:e|\xe9)ro national", "national (?:register|number)", "insz", "niss"
)
_OWN = Numbers(_WORDS, Grade(Severity.HIGH, 0.97), Grade(Severity.HIGH, 0.95), valid=belgian)
_RUN = Numbers(_WORDS, Grade(Severity.HIGH, 0.95), valid=belgian)


def _find(text: str, found: Found) -> Iterator[Hit]:
    for kind, numbers in (("own-spelling", _OWN), ("run", _RUN)):
        if kind in found:
            yield from numbers(text, {kind: found[kind]})


DETECTOR = Detector(
    "be-national-number",
    Category.IDENTITY,
    (
        Pattern("own-spelling", r"(?<![\w.+-])" + _DATE % (r"\.", r"\.", "-", r"\.")),
        Pattern("run", r"(?<![\w.+-])" + _DATE % ("", "", "", ""), gate=_WORDS),
    ),
    _find,
)
