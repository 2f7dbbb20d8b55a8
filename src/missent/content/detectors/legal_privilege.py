"""`legal-privilege`: advice between lawyer and client, which loses its protection when others read it.

Footers claim privilege under every mail of a firm, so a claim that stands in a disclaimer is no sign; and because lawyers write all
day, the finding is medium at most: whether the recipient is the client is for other checks.
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.signs import Rung, Signs
from missent.nouns.finding import Severity

_SIGNS = {
    "claim": {
        "heading": r"^[ \t>*]{0,8}(?:legally )?privileged?(?: (?:and|&|/) ?(?:strictly )?confidential)?[ \t*:]{0,8}$|^[^\n]{0,40}\b(?:attorney|solicitor|lawyer)[ /-]{1,3}client (?:privileged?|communication)[^\n.]{0,60}$|^[ \t>*]{0,8}subject to legal (?:professional )?privilege",
        "work-product": r"\b(?:attorney|lawyer'?s?)(?:'s)? work[ -]product\b|\bprepared in (?:anticipation|contemplation) of litigation\b|\bprepared at the (?:request|direction) of counsel\b",
        "legal-advice-privilege": r"\blegal (?:advice|professional) privilege\b|\blitigation privilege\b",
    },
    "substance": {
        "advice": r"\b(?:legal (?:advice|opinion)|(?:our|my|counsel's) (?:advice|opinion) (?:is|on|that)|you (?:have )?asked (?:us|me) to advise|we (?:would )?advise (?:you|that)|advise you that)\b",
        "counsel": r"\b(?:outside|in-?house|instructed|leading|general) counsel\b|\binstructions to counsel\b",
        "case": r"\b(?:(?:pending|threatened) litigation|lawsuit|deposition|plaintiffs?|defendants?|settlement (?:offer|authority|position))\b",
        "merits": r"\b(?:prospects of success|our exposure|(?:potential|our) liability|merits of (?:the|our) (?:case|claim)|litigation (?:strategy|risk))\b",
    },
}  # fmt: skip

_JUDGE = Signs(
    "advice",
    _SIGNS,
    (
        Rung(Grade(Severity.MEDIUM, 0.85), 3, {"claim": 1, "substance": 2}),
        Rung(Grade(Severity.MEDIUM, 0.7), 2, {"claim": 1, "substance": 1}),
        Rung(Grade(Severity.LOW, 0.5), 1, {"claim": 1}),
    ),
)
DETECTOR = Detector("legal-privilege", Category.LEGAL, _JUDGE.patterns, _JUDGE)
