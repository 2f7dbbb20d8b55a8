"""The shared ground of the grammars: one way of writing for all texts, and a cursor over it.

People and products write a marking with any dash, any blank, in brackets, between asterisks, letter-spaced as on a
telegram; none of this carries meaning, so it is taken away before a scheme's grammar looks.
"""

import re
from collections.abc import Iterable

LONGEST = 240
"""Characters beyond which no line is a marking: the longest real ones are REL TO lists."""

_DASHES = {ord(c): "-" for c in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"}
_BLANKS = {ord(c): " " for c in "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"}
_NOTHING = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e"))
_ONE_WAY = {**_DASHES, **_BLANKS, **_NOTHING}
_FRAME = " \t*_=#~|:\"'`.,;\u2022\u00b7<>!+"
_PAGE_NUMBER = re.compile(
    r"(?i)^(?:page\s+)?\d{1,4}(?:\s+(?:of|/)\s+\d{1,4})?\s+(?=\S)|\s+page\s+\d{1,4}(?:\s+(?:of|/)\s+\d{1,4})?$"
)
_SPACED = re.compile(r"\b[A-Z](?: [A-Z]){4,}\b")
_PAIRS = {"[": "]", "(": ")", "{": "}"}


def one_way(text: str) -> str:
    """One dash and one blank for all their kinds, nothing for what is not seen."""
    return text.translate(_ONE_WAY)


def plain(text: str) -> str:
    """One dash, one blank, no frame, no page number; case kept. Linear; at most LONGEST characters are looked at."""
    text = " ".join(one_way(text[: LONGEST + 1]).split()).strip(_FRAME)
    text = _PAGE_NUMBER.sub("", text)
    if len(text) > 8 and text[1] == " ":
        text = _SPACED.sub(lambda m: m[0].replace(" ", ""), text).replace("TOPSECRET", "TOP SECRET", 1)
    return _framed(text)


def _framed(text: str) -> str:
    """Without dashes around it, and without one pair of brackets around all of it."""
    while True:
        inner = text.strip(_FRAME + "-") if text.startswith("-") or text.endswith("-") else text.strip(_FRAME)
        if inner and _PAIRS.get(inner[0]) == inner[-1] and inner[0] not in inner[1:]:
            inner = inner[1:-1].strip(_FRAME)
        if inner == text:
            return text
        text = inner


def capitals(text: str) -> bool:
    """Whether it is written in capitals, as a marking is; digits and signs do not count."""
    return text.isupper()


def either(phrases: Iterable[str]) -> str:
    """A pattern that takes the longest of some phrases, any blank or hyphen between their words."""
    inside = (re.escape(p).replace(r"\ ", r"[ -]") for p in sorted(phrases, key=len, reverse=True))
    return f"(?:{'|'.join(inside)})"


class Cursor:
    """A place in a marking's text, moved on by what it takes. Every step takes something or ends: linear."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """Take what the pattern matches here, blanks before it skipped; None and no move if it does not."""
        while self.at < len(self.text) and self.text[self.at] == " ":
            self.at += 1
        match = pattern.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match[0]

    @property
    def done(self) -> bool:
        """Whether only blanks are left."""
        return not self.text[self.at :].strip()

    @property
    def rest(self) -> str:
        """What has not been taken."""
        return self.text[self.at :].strip()
