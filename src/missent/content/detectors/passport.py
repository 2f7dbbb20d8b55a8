"""`passport`: a passport number said to be one.

Numbers have no check digit outside the machine-readable zone (see `mrz`), so the word must stand just before, and the number must have
a form that some country issues: a row of the table. "No.", "number" or `#` between them makes it high.
"""

import re
from collections.abc import Iterator

from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit, bare
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_FORMS = {
    "GB US AU-old 9 digits": r"\d{9}",
    "US next generation, IN-like": r"[A-Z]\d{7,8}",
    "CA IT NL-like, two letters": r"[A-Z]{2}\d{6,7}",
    "FR": r"\d{2}[A-Z]{2}\d{5}",
    "NL": r"[A-Z]{2}[A-Z0-9]{6}\d",
    "DE": r"[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{8}",
    "ES": r"[A-Z]{3}\d{6}",
    "RU": r"\d{2} ?\d{7}",
    "CN": r"[EG][A-Z0-9]\d{7}",
}
_WORD = r"(?i:\b(?:passports?|passeport|reisepass|pasaporte|passaporto|paspoort))"
_NUMBERED = (
    r"(?i:[ \t]{0,3}(?:card|book|details)?[ \t(]{0,3}(?:no|nos|num|number|numbers|nr|n\xb0|\#|numéro|nummer|id)\b|[ \t]?\#)?"
)
_BETWEEN = r"(?:[ \t]{0,3}(?:(?i:is|was|issued|us|uk|usa|british|american)\b|[^\w\n])){0,6}?[ \t\n]{0,3}"
_PASSPORT = rf"{_WORD}({_NUMBERED}){_BETWEEN}(?<![A-Za-z0-9])({'|'.join(_FORMS.values())})(?![\w-]|\.\d)"
_TELEPHONE = re.compile(r"(?i)\b(?:tel|phone|fax|call|helpline|office)\b", re.ASCII)


def _find(_text: str, found: Found) -> Iterator[Hit]:
    for match in found["number"]:
        number = bare(match[2])
        if len(set(number)) > 2 and sum(c.isdigit() for c in number) >= 4 and not _TELEPHONE.search(match[0]):
            told = match[1].strip()
            yield Hit("number", number, Grade(Severity.HIGH, 0.95) if told else Grade(Severity.MEDIUM, 0.75))


DETECTOR = Detector("passport", Category.IDENTITY, (Pattern("number", _PASSPORT),), _find)
