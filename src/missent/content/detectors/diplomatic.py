"""`diplomatic`: cables, demarches, notes verbales and speaking notes, by the forms diplomats keep.

A note verbale opens and closes with formulas; a cable has precedence, action and routing lines (Foreign Affairs Handbook 5 FAH-2;
ACP 127). Such forms are rare in other mail, so two of them suffice.
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.signs import Rung, Signs
from missent.nouns.finding import Severity

_SIGNS = {
    "verbale": {
        "presents-compliments": r"\bpresents? (?:its|his|her|their) compliments to (?:the|his|her)\b",
        "avails-itself": r"\bavails (?:itself|himself|herself) of (?:this|the) opportunity to renew\b",
        "highest-consideration": r"\bassurances? of (?:its|his|her) (?:highest|distinguished|high) consideration\b",
        "note-verbale": r"\bnote[- ]verbale\b|\baide[- ]m[e\xe9]moire\b",
    },
    "cable": {
        "from-post": r"(?-i:^[ \t>]{0,6}FM (?:AMEMBASSY|USMISSION|SECSTATE|AMCONSUL|USDEL|FCDO|FCO|UKMIS|UKDEL)\b)",
        "action": r"(?-i:\b(?:SECSTATE WASHDC|AMEMBASSY [A-Z]{3,15}|RUEH[A-Z]{1,3})\b)",
        "precedence": r"(?-i:^[ \t>]{0,6}(?:[OPRZ] \d{6}Z [A-Z]{3} \d\d|(?:TO|INFO) [A-Z0-9/ ]{4,40} (?:IMMEDIATE|PRIORITY|ROUTINE|FLASH|NIACT)))",
        "tags": r"(?-i:^[ \t>]{0,6}TAGS:? {1,4}[A-Z]{2,4}(?:, ?[A-Z]{2,4}){1,9})",
        "executive-order": r"(?-i:\bE\.?O\.? ?(?:12356|12958|13526):)",
        "distribution": r"(?-i:\b(?:SIPDIS|NODIS|EXDIS|LIMDIS|STADIS|DEYOU)\b)",
    },
    "business": {
        "demarche": r"\b(?:deliver (?:the )?(?:following )?(?:d[e\xe9]marche|talking points|points)|d[e\xe9]marche (?:request|instructions)|action request)\b",
        "non-paper": r"\bnon-?paper\b",
        "reporting": r"(?-i:\b(?:PolOff|EconOff|EmbOff|Poloff|Emboff|Econoff|ConOff|DCM)\b)|\bcharg\xe9 d'affaires\b|\bcharge d'affaires\b",
        "read-out": r"\b(?:the )?(?:ambassador|foreign minister|mfa|permanent secretary) (?:told|informed|expressed|raised|asked|replied|noted|stressed|underlined)\b",
        "comment": r"^[ \t>\d.]{0,8}(?:begin )?comment:? |\bend comment\b",
    },
}  # fmt: skip

_JUDGE = Signs(
    "correspondence",
    _SIGNS,
    (
        Rung(Grade(Severity.HIGH, 0.95), 2, {"verbale": 2}),
        Rung(Grade(Severity.HIGH, 0.9), 3, {"cable": 2}),
        Rung(Grade(Severity.HIGH, 0.8), 2, {"verbale": 1, "business": 1}),
        Rung(Grade(Severity.MEDIUM, 0.75), 2, {"cable": 1, "business": 1}),
        Rung(Grade(Severity.MEDIUM, 0.7), 2, {"business": 2}),
        Rung(Grade(Severity.LOW, 0.5), 1, {"verbale": 1}),
    ),
)
DETECTOR = Detector("diplomatic", Category.DIPLOMATIC, _JUDGE.patterns, _JUDGE)
