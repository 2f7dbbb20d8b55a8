"""Passwords in prose: what stands after "password is" or "pw:" and is no word of a sentence.

"The password is required" and "password: see below" are sentences; `password is Summer2019!` is not. What has a digit or sign
within letters, or stands in quotation marks, is taken for one; a plain word only after a colon with an account beside it.
"""

import re

from missent.content.detectors.assigned import expression
from missent.content.detectors.detector import Grade
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_WORD = (
    r"\b(?:pass ?words?|passwd|pass ?codes?|pass ?phrase|pwd|p/w|pw|kennwort|passwort|mot de passe|contrase\xf1a|wachtwoord)"
    r"(?:[ ](?:for|to|of)[ ](?:[\w'\"./-]{1,30}[ ]){1,5}?)?"
)
_VALUE = r"[\"'`*\[(<]{0,2}([^\s\"'`<>]{4,64})"

PASSWORDS = (
    Pattern("said", rf"(?i){_WORD}[ ]{{0,2}}(?:is|was|will be|has been (?:re)?set to|(?:re)?set to|changed to|ist|est|es)(?: now|:)?[ \n]{{1,2}}{_VALUE}"),
    Pattern("given", rf"(?i){_WORD}[ \t]{{0,20}}(?:(?:is ?)?[:=]|-{{1,6}}>?(?=[ \t]))[ \t]{{0,4}}{_VALUE}"),
    Pattern("pin", r"(?i)\b(?:pin|access code|security code|door code|alarm code|entry code)(?: (?:code|number|no\.?))?[ ]{0,2}(?:is|:|=|#)[ ]{0,3}(\d{4,8})(?![\w-]|[.,/:]\d)"),
)  # fmt: skip

_SENTENCE = re.compile(
    r"(?i)(?:the|a|an|your|my|not|no|to|for|on|in|at|and|or|if|you|please|see|below|above|same|case|required|requested|needed|enter\w*|reset|"
    r"chang\w*|expir\w*|incorrect|invalid|wrong|protected|sent|set|stored|attached|being|now|still|only|also|any|all|none|n/a|null|true|false|"
    r"user\w*|log\w*|pass\w*|account|email|e-mail|hint|reminder|help|forgot\w*|confirm\w*|minimum|must|should|will|can|cannot|that|this|it|"
    r"correct|valid|unknown|blank|empty|optional|different|secret|secure|safe|strong|weak|lost|known|displayed|provided|assigned|given|"
    r"https?:\S*|www\.\S*|\S+@\S+\.\S+|mailto:\S*|[-_.=*#x/\\|~+]+|\W+|\w+\(.*|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}:\d{2}\S*)[,.;:!?)]*"
)
_MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9]).{6,}|(?=.*[A-Za-z])(?=.*[!@#$%^&*+=?~]).{6,}|(?=.*[a-z][A-Z]).{8,}", re.ASCII)
_TRAILING = ".,;:!?)]}>*'\""


def password(kind: str, match: re.Match[str], *, told: bool) -> tuple[str, Grade | None]:
    """The value and its grade; None if it is none. `told`: an account stands beside it."""
    value = match[1].rstrip(_TRAILING)
    if kind == "pin":
        return value, Grade(Severity.MEDIUM, 0.75)
    if len(value) < 4 or _SENTENCE.fullmatch(value) or expression(value):
        return value, None
    if value.isdigit() and len(value) >= 6:
        return value, Grade(Severity.MEDIUM, 0.7)
    quoted = match[0][: match.start(1) - match.start()].endswith(("'", '"', "`"))
    if _MIXED.fullmatch(value):
        return value, Grade(Severity.HIGH, 0.95 if told else 0.9)
    if quoted or (kind == "given" and told):
        return value, Grade(Severity.MEDIUM, 0.75)
    return value, Grade(Severity.LOW, 0.4) if kind == "given" else None
