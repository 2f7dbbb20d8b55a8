"""Text as people mean it: spaces and hyphens that only look different are made the same, invisible letters are taken out.

Web pages and word processors put no-break spaces between digit groups and typographic hyphens into numbers; an evader puts
zero-width letters there. Only text beyond ASCII is touched at all.
"""

import re

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_QUOTES = "\u2018\u2019\u02bc\u2032"
_NOTHING = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_DIGITS = {ord(zero) + n: str(n) for zero in "\uff10\u0660\u06f0\u0966" for n in range(10)}
_LETTERS = {0xFF21 + n: chr(65 + n) for n in range(26)} | {0xFF41 + n: chr(97 + n) for n in range(26)}
_SAME = (
    dict.fromkeys(map(ord, _SPACES), " ")
    | dict.fromkeys(map(ord, _HYPHENS), "-")
    | dict.fromkeys(map(ord, _QUOTES), "'")
    | dict.fromkeys(map(ord, _NOTHING), "")
    | {0xFF1A: ":", 0xFF20: "@", 0x201C: '"', 0x201D: '"', 0x2033: '"', 0x00BA: "\u00b0"}
    | _DIGITS
    | _LETTERS
)
_ODD = re.compile("[" + "".join(re.escape(chr(c)) for c in _SAME) + "]+")


def plain(text: str) -> str:
    """The text in plain letters, lines ending in one line feed; its length may change."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return text if text.isascii() else _ODD.sub(lambda odd: odd[0].translate(_SAME), text)
