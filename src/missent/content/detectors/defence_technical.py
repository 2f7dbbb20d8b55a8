"""`defence-technical`: technical data of weapons and military systems, and the statements that limit who may have it.

A distribution statement B to F (DoD Instruction 5230.24) limits a document by itself. Without one, several technical terms with
figures, part and stock numbers must stand together: news about weapons has the names, drawings and reports have the figures.
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.signs import Rung, Signs
from missent.nouns.finding import Severity

_SIGNS = {
    "statement": {
        "distribution-statement": r"\bdistribution (?:statement|code) [\"']?[B-FX]\b[\"']?[.:]?|\bdistribution (?:is )?(?:limited to|authorized to) (?:u\.?s\.? government|the department of defense|dod)\b",
        "destruction-notice": r"\bdestruction notice\b|\bdestroy by any method that (?:will|must) prevent disclosure\b",
        "critical-technology": r"\bcritical technology\b;?(?= ?\(?(?:date|january|february|march|april|may|june|july|august|september|october|november|december|\d))",
        "uk-caveat": r"\bdef(?:ence)? stan(?:dard)? \d\d-\d|\b(?:mod|uk mod) form 1\d\d\b",
    },
    "number": {
        "nsn": r"\b(?:nsn|national stock n\w{1,20})[ :.#]{1,3}\d{4}-?\d{2}-?\d{3}-?\d{4}\b",
        "cage": r"\bcage(?: code)?[ :.#]{1,3}[0-9][A-Z0-9]{3}[0-9]\b",
        "mil-spec": r"\bmil-(?:std|prf|dtl|spec|hdbk|[a-z])-\d{2,6}[a-z]?\b",
        "contract": r"\bcontract (?:no\.?|number)[ :.#]{1,3}(?:[NWF][A-Z0-9]{5}|FA\d{4}|HR\d{4}|HQ\d{4})-?\d\d-?[A-Z]-?\d{4}\b",
        "drawing": r"\b(?:drawing|dwg)(?: no\.?| number)?[ :.#]{1,3}[A-Z0-9-]{5,15}\b[^\n]{0,30}\brev(?:ision)?\b",
    },
    "technical": {
        "weapon": r"\b(?:warhead|seeker (?:head|assembly)|missile (?:body|guidance|propulsion|airframe)|torpedo|munitions?|hypersonic (?:glide|weapon|missile|vehicle|research)|kill vehicle|interceptor missile)\b",
        "propulsion": r"\b(?:scramjet|ramjet|solid propellant|specific impulse|isp of \d|combust(?:or|ion) chamber pressure|thrust[- ]vector)\b",
        "speed": r"\bmach (?:number )?(?:of )?[ ]?\d{1,2}(?:\.\d)?\b",
        "signature": r"\b(?:radar cross[- ]section|rcs of|infrared signature|acoustic signature|low[- ]observable)\b",
        "sensor": r"\b(?:aesa radar|phased[- ]array radar|sonar array|electronic counter-?measures|jamming (?:waveform|technique|power)|pulse repetition|seeker bandwidth)\b",
        "armour": r"\b(?:reactive armou?r|armou?r (?:plate|thickness|package|layout|protection)|plate thickness|rolled homogeneous|\d{1,3} ?mm rha|ballistic (?:limit|protection level)|penetration depth|blast overpressure|lethality (?:analysis|model))\b",
        "protection": r"\b(?:mine protection|blast test|stanag (?:4569|2920)|underbelly|spall liner)\b",
        "guidance": r"\b(?:inertial (?:navigation|guidance|measurement)|terminal guidance|circular error probable|cep of \d)\b",
    },
}  # fmt: skip

_JUDGE = Signs(
    "technical-data",
    _SIGNS,
    (
        Rung(Grade(Severity.HIGH, 0.95), 1, {"statement": 1}),
        Rung(Grade(Severity.HIGH, 0.85), 4, {"technical": 3}),
        Rung(Grade(Severity.HIGH, 0.85), 4, {"number": 2, "technical": 1}),
        Rung(Grade(Severity.MEDIUM, 0.7), 3, {"technical": 2}),
        Rung(Grade(Severity.MEDIUM, 0.6), 2, {"number": 1, "technical": 1}),
        Rung(Grade(Severity.LOW, 0.5), 2),
    ),
)
DETECTOR = Detector("defence-technical", Category.DEFENCE, _JUDGE.patterns, _JUDGE)
