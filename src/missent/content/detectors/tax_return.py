"""`tax-return`: a tax form filled in, told by its name and its fields with amounts or numbers in them.

Talk about taxes names forms too; a return has fields with values. United States: 1040, W-2, 1099 and their lines (IRS); United
Kingdom: SA100, P60, P45, P11D and theirs (HMRC).
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.signs import Rung, Signs
from missent.nouns.finding import Severity

_AMOUNT = r"(?: \(?line \d{1,3}\w?\)?)?[ \t.:_|$\xa3\d)(-]{0,30}?[ \t:$\xa3|.]-?\d{1,3}(?:,?\d{3}){1,3}(?:\.\d\d)?(?![\w-])"
_VALUE = r"[ \t.:#_|]{1,12}[A-Z0-9][A-Z0-9/ -]{3,14}"


def _field(words: str) -> str:
    return rf"\b(?:{words}){_AMOUNT}"


_SIGNS = {
    "form": {
        "form-1040": r"\bform[ ]{1,2}1040(?:-?[A-Z]{1,3})?\b",
        "form-w-2": r"\b(?:form )?w-?2\b(?: wage)?",
        "form-1099": r"\b(?:form )?1099(?:-?(?:misc|int|div|r|nec|b|g|k))?\b",
        "schedule": r"\bschedule (?:[A-F]|SE|K-1)\b(?=[ ]?[\n(:,-])",
        "individual-return": r"\b(?:u\.?s\.? )?individual income tax return\b",
        "form-sa100": r"\bsa100\b|\bself[ -]assessment (?:tax )?return\b|\btax return (?:for )?20\d\d ?[-/to]{1,2} ?\d\d",
        "form-p60": r"\bp60\b(?: end of year certificate)?",
        "form-p45": r"\bp45\b",
        "form-p11d": r"\bp11d\b",
    },
    "field": {
        "wages": _field(r"wages,? (?:salaries,? )?tips,?(?: (?:and )?(?:other comp\w{0,20}|etc\.?))?|nonemployee compensation"),
        "withheld": _field("(?:federal|state|social security|medicare)[a-z ]{0,12}tax withheld"),
        "adjusted-gross-income": _field("adjusted gross income|total income and gains"),
        "taxable-income": _field("taxable income|taxable interest|ordinary dividends|total income|income chargeable"),
        "total-tax": _field("total tax|tax due|tax deducted|income tax due|amount (?:you )?owed?|refund(?:ed)?(?: to you)?"),
        "deductions": _field("(?:standard|itemized) deductions?|personal allowance"),
        "pay": _field("(?:total |gross )?pay (?:(?:in|from) this employment|to date|for year)|pay from all employments"),
        "taken-off": _field("(?:uk )?tax taken off(?: [a-z ]{3,30})?|tax (?:you )?(?:have )?paid|payments? on account"),
        "other-income": _field("(?:taxed|untaxed) (?:uk|foreign) interest|dividends from (?:uk|foreign) companies|gift aid payments?|net (?:business )?profit"),
    },
    "person": {
        "ssn": r"\b(?:(?:your |spouse's )?social security (?:number|no\.?)|ssn)[ \t.:#]{1,6}\d{3}[ -]?\d{2}[ -]?\d{4}",
        "utr": r"\b(?:unique taxpayer reference|utr)\b[ \t.:#(utr)]{1,10}\d{5} ?\d{5}",
        "ni-number": rf"\b(?:national insurance|ni) (?:number|no\.?){_VALUE}",
        "ein": r"\b(?:employer(?:'s)? (?:identification|id) (?:number|no\.?)|ein)[ \t.:#]{1,6}\d{2}-\d{7}",
        "paye-reference": r"\b(?:employer )?paye ref(?:erence)?[ \t.:#]{1,6}\d{3}/[A-Z0-9]{2,10}",
        "tax-code": r"\b(?:final )?tax code[ \t.:]{1,6}[SC]?(?:\d{1,4}[LMNTXYW]\d?|BR|D[01]|K\d{1,4}|0T|NT)\b",
        "filing-status": r"\bfiling status\b[ \t.:]{1,6}(?:single|married|head|qualifying)",
        "tax-year": r"\btax year (?:to|ended|ending)? ?(?:5 april )?(?:19|20)\d\d",
    },
}  # fmt: skip

_JUDGE = Signs(
    "form",
    _SIGNS,
    (
        Rung(Grade(Severity.HIGH, 0.95), 5, {"field": 2}),
        Rung(Grade(Severity.HIGH, 0.85), 3, {"form": 1, "field": 1, "person": 1}),
        Rung(Grade(Severity.MEDIUM, 0.7), 3, {"field": 1}),
    ),
)
DETECTOR = Detector("tax-return", Category.TAX, _JUDGE.patterns, _JUDGE)
