"""Whom a mail answers: names and addresses in the head of the quoted history, as mail programs write it.

Replies quote below a line `From:` (Outlook, Thunderbird's forwards), below "On … Jo Wood wrote:" (most others), or below a
name and a date (Lotus Notes). Nothing of it outlives the call.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from missent.recipients.nicknames import also_called

MOST_LINES = 12
"""Lines of the history's head that are read."""
MOST_CHARACTERS = 300
"""Of one line; lists of recipients are longer, and their rest says little more."""

_FROM = re.compile(r"(?:from|von|de|da|van|från|fra|lähettäjä|od|от)\s*:", re.IGNORECASE)
_TO = re.compile(r"(?:to|cc|an|kopie|kopia|para|à|aan|till|til|a|do|dw|кому|копия)\s*:", re.IGNORECASE)
_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu|napisał|пишет)\b(.{0,80}):$", re.IGNORECASE
)
_DATE = re.compile(r"\b\d{1,2}[/.]\d\d[/.]\d{2,4},? +\d\d?:\d\d")
_FORWARDED = re.compile(r"-{3,}.{0,10}forwarded by\b", re.IGNORECASE)
_ADDRESS = re.compile(r"([a-z0-9][\w.+'-]{0,63})@([a-z0-9][a-z0-9-]{0,60}(?:\.[a-z0-9-]{1,60}){1,6})")
_PATH = re.compile(r"(?:/[\w &.-]{1,40}){1,5}(?:@\w{1,30})?|\[mailto:|\(e-?mail\)|\bon behalf of\b")
_WORD = re.compile(r"[^\W\d_][^\W\d_'-]{1,24}")
_NO_NAMES = frozenset(
    re.findall(
        r"\w+",
        "mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep oct nov dec on at am pm gmt um uhr le el il op den kl",
    )
)
"""Words of dates; `may` and full names of months are people's names as well."""
_NAMES = 8
_MEMBERS = 40


class Answered(NamedTuple):
    """The head of the history.

    Attributes:
        author: words of the name of who wrote what is quoted, addresses (with an `@`), and other forms of given names.
        members: words and addresses of whom it went to.
        passed: whether it is passed on rather than answered.
    """

    author: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    passed: bool = False


NOBODY = Answered()


def answered(own: str, quoted: str) -> Answered:
    r"""Who is answered; `own` is read for a name that stands above the history's first line. Never raises; linear.

    >>> answered("Fine.\n", "-----Original Message-----\nFrom: Wood, Zora\nTo: Ann May\nSubject: Gas")
    Answered(author=('wood', 'zora'), members=('ann', 'may'), passed=False)
    """
    if not quoted:
        return NOBODY
    lines = [line.lstrip("> \t").rstrip()[:MOST_CHARACTERS] for line in quoted.split("\n", MOST_LINES)[:MOST_LINES]]
    passed = any(_FORWARDED.match(line) for line in lines[:3])
    above = last_line(own)
    author = _names(above) if _WROTE.search(above) else ()
    members: list[str] = []
    for line in lines:
        if match := _TO.match(line):
            members += said(line[match.end() :])
        author = author or _names(line, above)
        above = line or above
    author = tuple(dict.fromkeys((*author, *(form for name in author for form in sorted(also_called(name))))))
    return Answered(author, tuple(dict.fromkeys(members))[:_MEMBERS], passed)


def _names(line: str, above: str = "") -> tuple[str, ...]:
    return tuple(said(_author(line, above)))[:_NAMES]


def _author(line: str, above: str) -> str:
    """What of a line names the author of the history; "" if it does not tell."""
    if match := _FROM.match(line):
        return line[match.end() :]
    if _FORWARDED.match(line):
        return ""
    if match := _WROTE.search(line):
        return f"{line[: match.start()]} {match[1]}"
    if match := _DATE.search(line):
        before = line[: match.start()]
        return before if _WORD.search(before) else above
    return ""


def last_line(text: str) -> str:
    """The last line that says something."""
    return text.rstrip().rpartition("\n")[2].strip()[:MOST_CHARACTERS]


def said(text: str) -> Iterator[str]:
    """Words of names in a text, and addresses."""
    low = text.lower()
    found = [(f"{m[1]}@{m[2]}", m[1]) for m in _ADDRESS.finditer(low)]
    shown = _PATH.sub(" ", _ADDRESS.sub(" ", low))
    words = [w for w in _WORD.findall(shown) if w not in _NO_NAMES]
    yield from dict.fromkeys((*(words or (w for _, local in found for w in _WORD.findall(local))), *(a for a, _ in found)))
