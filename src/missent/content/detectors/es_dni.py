"""`es-dni`: the number of a Spanish identity card (DNI, NIF), or of a foreigner's (NIE).

The letter is the number modulo 23 (Ministerio del Interior). A word must stand beside it: one article number in 23 passes.
"""

from missent.content.detectors.checksums import dni
from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_DNI = r"(?<![\w.+-])\d{2}\.?\d{3}\.?\d{3}[ -]?[A-HJ-NP-TV-Z](?![\w-])"
_NIE = r"(?<![\w.+-])[XYZ][ -]?\d{7}[ -]?[A-HJ-NP-TV-Z](?![\w-])"
_WORDS = words(
    "d\\.?n\\.?i\\.?", "n\\.?i\\.?f\\.?", "n\\.?i\\.?e\\.?", "documento nacional", "identidad", "extranjeros?", "spanish id"
)
DETECTOR = Detector(
    "es-dni",
    Category.IDENTITY,
    (Pattern("dni", _DNI, gate=_WORDS), Pattern("nie", _NIE, gate=_WORDS)),
    Numbers(_WORDS, Grade(Severity.HIGH, 0.95), valid=dni),
)
