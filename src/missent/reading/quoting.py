"""New text and quoted history told apart: what the sender writes now, and what they carry along.

History begins with a line by which mail programs announce it and goes to the end; before it, lines marked with `>` are
quoted and the others are answers (RFC 3676 4.5).
"""

import re

_START = re.compile(
    r"^[ \t>|]{0,20}(?:(?P<rule>-{2,}|begin forwarded message:)"
    r"|(?P<wrote>on|le|am|el|il|op|em)[ ]|\*?(?P<field>from|von|de|da|van)[ ]?:)",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST = 200
_RULE = re.compile(
    r"[ ]*(?:original (?:message|appointment)|forwarded|urspr\w+ nachricht|weitergeleitet|message (?:d'origine|original|transf)"
    r"|mensa\w+ (?:original|reenv|encam)|messaggio (?:originale|inoltr)|oorspronkelijk|doorgestuurd)",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"(?:wrote|a écrit|schrieb|escribió|ha scritto|schreef|escreveu)[^\n]{0,120}?:[ \t]*(?:\n|\Z)", re.IGNORECASE
)
_FIELD = re.compile(
    r"^[ \t>|*]*(?:sent|date|to|gesendet|datum|an|envoyé|à|enviad\w|para|inviato|a|verzonden|aan)\*?[ ]?:",
    re.IGNORECASE | re.MULTILINE,
)
_MARKED = re.compile(r"^[ \t]*>[^\n]*(?:\n|\Z)", re.MULTILINE)


def parted(text: str) -> tuple[str, str]:
    r"""New text, and quoted history ("" if there is none).

    >>> parted("Fine.\n> Is it?\nSee you\n-----Original Message-----\nFrom: x")
    ('Fine.\nSee you\n', '> Is it?\n-----Original Message-----\nFrom: x')
    """
    at = next((m.start() for m in _START.finditer(text) if _announces(m, text)), len(text))
    new, old = text[:at], text[at:]
    if ">" not in new:
        return new, old
    return _MARKED.sub("", new), "".join(_MARKED.findall(new)) + old


def _announces(start: re.Match[str], text: str) -> bool:
    """Whether history follows: decided within the line and the two below it."""
    if start["rule"]:
        return start["rule"][0] != "-" or _RULE.match(text, start.end()) is not None
    first = _line_end(text, start.end())
    second = _line_end(text, first + 1)
    if start["wrote"]:
        return _WROTE.search(text, start.end(), min(second + 1, start.end() + 2 * _LONGEST)) is not None
    return _FIELD.search(text, first + 1, min(_line_end(text, second + 1), first + 2 * _LONGEST)) is not None


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start, start + _LONGEST)
    return min(len(text), start + _LONGEST) if end < 0 else end
