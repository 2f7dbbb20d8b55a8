"""`diplomatic`: cables, demarches, notes verbales and speaking notes, by the forms diplomats keep.

A note verbale opens and closes with formulas; a cable has precedence, action and routing lines (Foreign Affairs Handbook 5 FAH-2;
ACP 127). Such forms are rare in other mail, so two of them suffice. What diplomats merely write about has no form: three kinds of
their words together are medium at most.
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
        "declassify": r"(?-i:\bDECL: ?\d{1,2}/\d{1,2}/\d{2,4}\b)",
        "reference": r"(?-i:^[ \t>]{0,6}REFS?: ?(?:\(?[A-Z][.)] ?)?(?:\d{2} )?[A-Z]{3,14} \d{2,6}\b)",
        "executive-order": r"(?-i:\bE\.?O\.? ?(?:12356|12958|13526):)",
        "distribution": r"(?-i:\b(?:SIPDIS|NODIS|EXDIS|LIMDIS|STADIS|DEYOU)\b)",
    },
    "business": {
        "demarche": r"\b(?:deliver (?:the )?(?:following )?(?:d[e\xe9]marche|talking points|points)|d[e\xe9]marche (?:request|instructions)|action request)\b",
        "non-paper": r"\bnon-?paper\b",
        "reporting": r"(?-i:\b(?:PolOff|EconOff|EmbOff|Poloff|Emboff|Econoff|ConOff|DCM)\b)|\bcharg\xe9 d'affaires\b|\bcharge d'affaires\b",
        "read-out": r"\b(?:the )?(?:ambassador|foreign minister|mfa|permanent secretary) (?:told|informed|expressed|raised|asked|replied|noted|stressed|underlined)\b",
        "host": r"\b(?:host (?:government|country)|(?:highest|working) appropriate level|report (?:the )?(?:host )?(?:government's )?(?:response|reaction)s? by (?:front-channel )?cable|action addressees?)\b",
        "comment": r"^[ \t>\d.]{0,8}(?:begin )?comment:? |\bend comment\b",
    },
    "talk": {
        "minister": r"\b(?:foreign|prime|interior|defen[cs]e) minist(?:er|ry)\b|(?-i:\b(?:MFA|MOFA)\b|\b(?:FM|PM|DPM) [A-Z][a-z])",
        "envoy": r"\b(?:ambassadors?|charg[e\xe9] d'affaires|special envoys?|high commissioners?|consuls? general)\b|(?-i:\bAmb\.? [A-Z])",
        "meeting": r"\b(?:read-?outs?|bilats?|bilateral meeting|call sheet|pull-?aside|talking points|d[e\xe9]marches?)\b",
        "body": r"(?-i:\b(?:USUN|UKMIS|UNGA|UNSC|UNSCR|NSC|NSS|EU3|P5\+1|FCO|FCDO)\b)|\bsecurity council\b",
        "government": r"\bgovernments? of [a-z]|(?-i:\bGO[A-Z]{1,3}\b)|\b(?:junta|ceasefire|sanctions regime|peace (?:talks|process)|opposition leaders?)\b",
        "mission": r"\b(?:embass(?:y|ies)|consulates?|permanent mission|chancery|at post)\b",
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
        Rung(Grade(Severity.MEDIUM, 0.6), 3, {"talk": 3}),
        Rung(Grade(Severity.LOW, 0.5), 1, {"verbale": 1}),
        Rung(Grade(Severity.LOW, 0.4), 2, {"talk": 2}),
    ),
)
DETECTOR = Detector("diplomatic", Category.DIPLOMATIC, _JUDGE.patterns, _JUDGE)
