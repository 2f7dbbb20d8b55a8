"""`us-ein`: a US employer identification number, by which the IRS knows a firm.

Prefixes never assigned (IRS, "How EINs are assigned") are refused, and a word must stand beside it. Firms print it on invoices,
so it is medium.
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w.+-])(?!00|07|08|09|1[789]|28|29|49|69|70|78|79|89|96|97)\d{2}-\d{7}(?![\w-]|\.\d)"
_WORDS = words(
    "F?EINs?", r"employer(?:'s)? (?:id(?:entification)?|i\.d\.)", "federal (?:tax )?id(?:entification)?", "tax ?(?:payer)? ?id",
    "tax identification", "TIN", r"I\.?R\.?S\.? (?:no|number|id|employer)",
)  # fmt: skip

DETECTOR = Detector(
    "us-ein",
    Category.TAX,
    (Pattern("number", _NUMBER, gate=_WORDS),),
    Numbers(_WORDS, Grade(Severity.MEDIUM, 0.95)),
)
