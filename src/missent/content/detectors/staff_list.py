"""`staff-list`: a directory of people with what is private about them: home numbers, next of kin, ranks, duty.

An office telephone list is ordinary mail; with rows of people and two such columns it is medium, with service or home data high.
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.signs import Rung, Signs
from missent.nouns.finding import Severity

_EDGE = r"[ \t]{0,4}(?:[|,;:\t\n]|  |$)"
_TELEPHONE = r"(?:\+?\d{1,3}[ .-])?\(?\d{2,5}\)?[ .-]{1,2}\d{3,4}(?:[ .-]?\d{2,4})?"
_SIGNS = {
    "title": {
        "list": r"\b(?:staff|personnel|employee|contact|phone|telephone|duty|recall|nominal) (?:list|roster|roll|directory|tree)\b|\bnominal roll\b",
    },
    "private": {
        "home": r"\bhome[ :.]{1,3}(?:\+\d{1,3} ?)?\(?0\d{3,4}\)?[ -]\d|\bhome (?:phone|telephone|tel|address|number|\#)",
        "mobile": r"\bmob(?:ile)?[ :.]{1,3}(?:\+44 ?|0)7\d{3}\b|\b(?:personal )?(?:mobile|cell(?:ular)?|pager)(?: (?:phone|no\.?|number|\#))?" + _EDGE,
        "next-of-kin": r"\bnok\b|\b(?:next of kin|emergency contact|spouse(?:'s)? name)\b",
        "birth": r"\b(?:date of birth|birth ?date|d\.?o\.?b\.?|birthday)" + _EDGE,
    },
    "service": {
        "service-number": r"\b(?:service (?:no\.?|number)|dod id|(?:employee|staff) (?:no\.?|number|id))" + _EDGE,
        "rank": r"\brank\b" + _EDGE,
        "unit": r"\b(?:unit|squadron|battalion|regiment)" + _EDGE,
        "clearance": r"\b(?:security )?clearance(?: level| expir\w{1,20})?" + _EDGE,
        "blood-group": r"\bblood (?:group|type)\b",
    },
    "column": {
        "name": r"\b(?:last name|surname|first name|full name|name)" + _EDGE,
        "title": r"\b(?:job title|title|position|department|ext(?:ension)?\.?|office)" + _EDGE,
    },
    "row": {
        "people-with-numbers": rf"(?-i:^[ \t>|\"]{{0,4}}(?:(?:Mr|Mrs|Ms|Dr|Capt|Maj|Col|Lt|Sgt|Cpl)\.? )?[A-Z][A-Za-z'-]{{1,20}},? [A-Z][A-Za-z.' -]{{0,25}}[\t ,;|:\"]{{1,40}}[^\n]{{0,60}}?(?<![\d.-]){_TELEPHONE})(?![\w-])",
    },
}  # fmt: skip

_JUDGE = Signs(
    "people",
    _SIGNS,
    (
        Rung(Grade(Severity.HIGH, 0.85), 5, {"row": 1, "service": 2}),
        Rung(Grade(Severity.HIGH, 0.8), 5, {"row": 1, "private": 3}),
        Rung(Grade(Severity.MEDIUM, 0.75), 4, {"row": 1, "private": 1}),
        Rung(Grade(Severity.MEDIUM, 0.65), 3, {"title": 1, "private": 2}),
        Rung(Grade(Severity.MEDIUM, 0.7), 4, {"service": 2, "column": 1, "private": 1}),
        Rung(Grade(Severity.LOW, 0.5), 3, {"row": 1}),
    ),
    {"people-with-numbers": 5},
)
DETECTOR = Detector("staff-list", Category.PERSONNEL, _JUDGE.patterns, _JUDGE)
