"""`export-controlled`: notices that goods or data may not leave without a licence.

ITAR (22 CFR 120-130), EAR (15 CFR 730-774), the United Kingdom's Export Control Order 2008. A notice that warns or cites the
law with "controlled" is high; a classification number (ECCN, USML, ML) is medium; the abbreviation in a sentence is low.
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.signs import Rung, Signs
from missent.nouns.finding import Severity

_SIGNS = {
    "notice": {
        "itar-notice": r"\b(?:itar|international traffic in arms regulations)(?:[ (][^\n.]{0,80})?[ -](?:controlled|restricted)\b|\b(?:controlled|restricted|subject to|governed|regulated)\b[^\n.]{0,60}\b(?:itar|international traffic in arms regulations)\b",
        "ear-notice": r"\b(?:controlled|subject|governed)\b[^\n.]{0,60}\bexport administration regulations\b",
        "arms-export-act": r"\barms export control act\b[^\n]{0,80}\b(?:2751|title 22)|\btitle 22,? ?u\.?s\.?c\.?,? ?(?:sec|\xa7)[^\n]{0,10}2751",
        "warning": r"\bwarning[ :-]{1,4}this document contains technical data whose export is restricted\b|\bexport[- ]controlled (?:information|technical data|document)\b|\bthis (?:document|drawing|information|technical data) (?:is|contains)[^\n.]{0,50}export[- ]control(?:led|s)?\b",
        "uk-order": r"\bexport control order 2008\b|\buk strategic export control",
    },
    "class": {
        "eccn": r"\beccn[ :.#]{1,3}(?:\d[A-E]\d{3}|ear99)\b",
        "usml": r"\b(?:usml|u\.?s\.? munitions list) (?:category|cat\.?) ?[IVX]{1,5}\b",
        "military-list": r"\b(?:uk )?military list[^\n]{0,20}\bML\d{1,2}\b|\brating[ :]{1,2}ML\d{1,2}[a-z]?\b",
        "licence": r"\b(?:dsp-(?:5|73|83|85)|technical assistance agreement|siel|ogel|export licen[sc]e (?:no|number))\b",
        "foreign-persons": r"\b(?:no|not (?:be )?(?:released|disclosed|transferred|disseminated) to|release to) foreign (?:persons?|nationals?)\b",
    },
    "mention": {
        "itar": r"(?-i:\bITAR\b)|\b22 c\.?f\.?r\.?(?: parts?)? ?12\d",
        "ear": r"(?-i:\bEAR99\b)|\b15 c\.?f\.?r\.?(?: parts?)? ?7[3-7]\d",
    },
}  # fmt: skip

_JUDGE = Signs(
    "notice",
    _SIGNS,
    (
        Rung(Grade(Severity.HIGH, 0.95), 2, {"notice": 1}),
        Rung(Grade(Severity.HIGH, 0.85), 1, {"notice": 1}),
        Rung(Grade(Severity.MEDIUM, 0.8), 1, {"class": 1}),
        Rung(Grade(Severity.LOW, 0.5), 1),
    ),
)
DETECTOR = Detector("export-controlled", Category.DEFENCE, _JUDGE.patterns, _JUDGE)
