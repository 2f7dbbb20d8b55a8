"""`fr-nir`: the French social security number, which tells sex, month and place of birth.

Thirteen digits and a two-digit key modulo 97; Corsica has letters (INSEE). Written in its groups it is high by itself, in one run
it is medium until a word stands beside it.
"""

from collections.abc import Iterator

from missent.content.detectors.checksums import nir
from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = (
    r"(?<![\w.+-])[12]([ .]?)\d{2}\1(?:0[1-9]|1[0-2]|[2-9]\d)\1(?:\d{2}|2[AB])\1\d{3}\1\d{3}\1[ /-]?(?:0[1-9]|[1-8]\d|9[0-7])"
    r"(?![\w-]|\.\d)"
)
_WORDS = words(
    r"s\xe9curit\xe9 sociale", "securite sociale", "NIR", r"num\xe9ro de s\xe9cu\w*", "n(?:o|\xb0) de s(?:e|\xe9)cu\\w*",
    "INSEE", "french social security",
)  # fmt: skip
_ALONE = Grade(Severity.MEDIUM, 0.8)
_NUMBERS = Numbers(_WORDS, Grade(Severity.HIGH, 0.97), _ALONE, valid=nir)


def _find(text: str, found: Found) -> Iterator[Hit]:
    grouped = {"".join(c for c in m[0] if c.isalnum()) for m in found["number"] if m[1]}
    for hit in _NUMBERS(text, found):
        yield hit._replace(grade=Grade(Severity.HIGH, 0.9)) if hit.grade is _ALONE and hit.value in grouped else hit


DETECTOR = Detector("fr-nir", Category.IDENTITY, (Pattern("number", _NUMBER),), _find)
