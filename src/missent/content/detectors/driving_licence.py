"""`driving-licence`: the number of a driving licence, accepted as an identity.

A British one has sixteen characters made of surname, date of birth and initials (DVLA): its form alone is strong. US states issue
many forms, all of which other numbers share; there the words must stand just before, with "no.", "number" or `#`.
"""

from collections.abc import Iterator

from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit, bare, beside
from missent.content.detectors.numbers import words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_GB = (
    r"(?<![\w-])[A-Z]{2}(?:[A-Z]{3}|[A-Z]{2}9|[A-Z]99|999) ?\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12]\d|3[01])\d"
    r" ?[A-Z][A-Z9]\d[A-Z]{2}(?![\w-])"
)
_STATES = {
    "letter and 7 (CA, HI, NY-old …)": r"[A-Z]\d{7}",
    "letter and 8 (AZ, VA …)": r"[A-Z]\d{8}",
    "letter and 11 to 14 (FL, IL, MD, MI, MN, NJ, WI)": r"[A-Z]\d{3}[- ]?\d{3}[- ]?\d{2}[- ]?\d{3}[- ]?\d|[A-Z]\d{11,14}",
    "letter and 6 (OR-like, NV)": r"[A-Z]\d{6}",
    "two letters and 6 (OH, DC)": r"[A-Z]{2}\d{6}",
    "7 to 9 digits (TX, GA, PA, NC …)": r"\d{7,9}",
    "WA, old and new": r"[A-Z]{5}[A-Z0-9*]{4}\d{3}|WDL[A-Z0-9]{9}",
}
_US = (
    r"(?i:\b(?:driver'?s?'?|driving|operator'?s)[ \t]{1,2}licen[sc]e|\bD\.?L\.?(?=[ \t]{0,2}(?:no|num|\#)))"
    r"((?i:[ \t]{0,3}(?:no|num|number|\#|id)\b\.?|[ \t]?\#)?)(?:[ \t]{0,3}(?:(?i:is|was)\b|[^\w\n])){0,5}?[ \t\n]{0,3}"
    rf"(?:[A-Z]{{2}}[ \t]{{1,2}})?(?<![A-Za-z0-9])({'|'.join(_STATES.values())})(?![\w-]|\.\d)"
)
_WORDS = words("driv\\w+", "licen[sc]e", "dvla")


def _find(text: str, found: Found) -> Iterator[Hit]:
    for match in found.get("gb", ()):
        told = beside(text, match, _WORDS)
        yield Hit("gb", bare(match[0]), Grade(Severity.HIGH, 0.97) if told else Grade(Severity.MEDIUM, 0.85))
    for match in found.get("us", ()):
        if len(set(match[2])) > 2:
            yield Hit("us", bare(match[2]), Grade(Severity.HIGH, 0.9) if match[1] else Grade(Severity.MEDIUM, 0.75))


DETECTOR = Detector("driving-licence", Category.IDENTITY, (Pattern("gb", _GB), Pattern("us", _US)), _find)
