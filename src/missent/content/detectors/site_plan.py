"""`site-plan`: maps and plans of a guarded place: gates, posts, cameras, routes, with what a drawing has.

Architects' mail has the drawings, security instructions have the guards; a plan that is worth hiding has both.
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.signs import Rung, Signs
from missent.nouns.finding import Severity

_SIGNS = {
    "plan": {
        "plan": r"\b(?:site|floor|base|camp|installation|evacuation|security) (?:plan|map|layout|diagram)\b",
        "scale": r"\bscale[ :]{1,3}1 ?[:/] ?\d{2,6}\b|\bnot to scale\b",
        "drawing": r"\b(?:drawing|dwg)(?: no\.?| number)[ :.#]{1,3}[A-Z0-9-]{3,15}\b|\bsheet \d{1,3} of \d{1,3}\b|^[ \t>]{0,8}legend:",
        "building": r"\b(?:building|bldg\.?|hangar|bunker|magazine|armou?ry) (?:no\.? ?)?[A-Z]?-?\d{1,4}\b",
    },
    "guard": {
        "gate": r"\b(?:main gate|vehicle (?:gate|checkpoint)|guard(?:house| post| tower|room)|entry control point|sentry (?:post|box))\b",
        "perimeter": r"\b(?:perimeter (?:fence|wall|wire|lighting|patrol)|security fence|fence line|stand-?off distance)\b",
        "camera": r"\b(?:cctv (?:camera|coverage|position)s?|camera (?:position|location|blind spot)s?|intrusion detection|motion sensors?)\b",
        "patrol": r"\b(?:patrol (?:route|schedule|times?)|guard (?:rotation|shift|roster)|response time)\b",
        "access": r"\b(?:access control (?:point|system|panel)|alarm (?:panel|zone)|master key|key ?safe)\b",
        "protected": r"\b(?:ammunition (?:store|storage|dump|supply point)|weapons? (?:store|storage)|command (?:post|bunker)|safe room|fuel (?:farm|point)|comms? room|generator (?:room|location))\b",
    },
}  # fmt: skip

_JUDGE = Signs(
    "plan",
    _SIGNS,
    (
        Rung(Grade(Severity.HIGH, 0.85), 5, {"plan": 2, "guard": 3}),
        Rung(Grade(Severity.MEDIUM, 0.75), 3, {"plan": 1, "guard": 2}),
        Rung(Grade(Severity.LOW, 0.5), 2, {"plan": 1, "guard": 1}),
    ),
)
DETECTOR = Detector("site-plan", Category.LOCATION, _JUDGE.patterns, _JUDGE)
