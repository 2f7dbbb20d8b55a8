"""`crew-list`: who is aboard a ship or aircraft, with ranks, births and passports.

Told by the columns of the forms in use (IMO FAL Form 5, ICAO Annex 9 general declaration) and by rows of people. Ports ask for it,
so a vessel's name in a sentence is nothing.
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.signs import Rung, Signs
from missent.nouns.finding import Severity

_SIGNS = {
    "form": {
        "crew-list": r"\bcrew (?:list|manifest|roster|effects declaration)\b|\blist of crew\b",
        "fal-form": r"\bfal form ?5\b|\bgeneral declaration\b",
        "passenger-manifest": r"\b(?:passenger|flight|personnel) manifest\b",
    },
    "vessel": {
        "vessel": r"\b(?:name of (?:ship|vessel)|ship's name|vessel(?: name)?|call sign)[ \t]{0,3}:|\bm/?v [A-Z]",
        "imo-number": r"\bimo (?:no\.?|number|\#)?[ \t:.]{0,3}\d{7}\b",
        "port": r"\b(?:port of (?:arrival|departure|call|registry)|last port|next port|voyage (?:no|number))\b",
        "flag": r"\b(?:flag state|nationality of (?:ship|vessel)|flag)[ \t]{0,3}:",
    },
    "column": {
        "rank": r"\brank(?: ?(?:or|/) ?rating)?\b[ \t]{0,4}[|,;:\t\n]|\brank or rating\b",
        "family-name": r"\b(?:family name|surname)\b[^\n]{0,20}\b(?:given|first|fore) ?names?\b",
        "nationality": r"\bnationality\b[ \t]{0,4}(?:[|,;\t\n]|$|  )",
        "birth": r"\b(?:date and place of birth|date of birth|place of birth|d\.?o\.?b\.?)\b",
        "document": r"\b(?:seaman'?s? book|discharge book|identity document|passport (?:no|number))\b",
        "sign-on": r"\bsign(?:ed)?[- ]?on\b",
    },
    "row": {
        "rank-rows": r"(?-i:^[ \t>]{0,4}(?:\d{1,3}[.)]? )?(?:[A-Z]{2,4}\d?|Capt|Maj|Lt|Col|Sgt|Cpl|Pte|Cdr) [A-Z][A-Za-z'-]{1,20}, [A-Z][a-z])",
        "ranks": r"(?:[\t|,;]|  ) {0,12}(?:master|captain|(?:chief|1st|2nd|3rd|4th|first|second|third) (?:officer|engineer|mate)|bosun|(?:able|ordinary) seaman|oiler|motorman|wiper|(?:chief )?cook|deck cadet|electrician)(?=[\t|,;\n]|  )",
    },
}  # fmt: skip

_JUDGE = Signs(
    "crew",
    _SIGNS,
    (
        Rung(Grade(Severity.HIGH, 0.9), 5, {"form": 1, "column": 2}),
        Rung(Grade(Severity.HIGH, 0.85), 4, {"column": 2, "row": 1}),
        Rung(Grade(Severity.MEDIUM, 0.75), 3, {"form": 1, "column": 1}),
        Rung(Grade(Severity.MEDIUM, 0.7), 3, {"vessel": 1, "row": 1}),
        Rung(Grade(Severity.MEDIUM, 0.65), 2, {"form": 1, "row": 1}),
    ),
    {"ranks": 4, "rank-rows": 3},
)
DETECTOR = Detector("crew-list", Category.PERSONNEL, _JUDGE.patterns, _JUDGE)
