"""Letters that look alike: a domain is read by eye, and the eye does not compare code points.

Two foldings, from tight to coarse. `fold` turns look-alike letters of other alphabets and letters with marks into the
ASCII letters they pass for (the skeleton of Unicode Technical Standard 39 section 4, restricted to targets that are
host-name letters). `blur` goes on to shapes that ASCII itself confuses (`rn`/`m`, `0`/`o`, `l`/`1`, `vv`/`w`): names that
blur alike are candidates only and must still be close letter by letter.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("data") / "glyphs.txt"


def fold(domain: str) -> str:
    """A domain with A-labels decoded (RFC 3492) and look-alike letters replaced by ASCII; ASCII stays as it is."""
    if "xn--" in domain:
        domain = ".".join(map(_decoded, domain.split(".")))
    if domain.isascii():
        return domain
    table = _table()
    marked = unicodedata.normalize("NFKD", domain)
    return "".join(table.get(c, c) for c in marked if not unicodedata.combining(c)).lower()


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


@cache
def _table() -> dict[str, str]:
    """Character -> ASCII, from lines `ascii<space>characters`."""
    rows = (line.split(" ", 1) for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return {character: ascii_ for ascii_, characters in rows for character in characters}


# One letter stands for each group of ASCII letters that a proportional face draws alike; then what several draw as one.
_SHAPES = bytes.maketrans(b"oliqdevmrw89", b"011gbcunnu36")
_JOINED = re.compile(r"(n)n+|(u)u+")
_STROKES = re.compile(r"1*(?:c1|b)1*|1+(h)|1(c)")  # cl/d, lb/b, dl/d, lh/h, lc/k


def blur(name: str) -> str:
    """The coarse shape of an ASCII name.

    >>> blur("modern") == blur("modem"), blur("vvaldorf") == blur("waldorf"), blur("army") == blur("navy")
    (True, True, False)
    """
    shape = name.encode("utf-8", "replace").translate(_SHAPES).decode()
    if "nn" in shape or "uu" in shape:
        shape = _JOINED.sub(r"\1\2", shape)
    return _STROKES.sub(_drawn, shape) if "1" in shape else shape


def _drawn(strokes: re.Match[str]) -> str:
    return strokes[1] or ("k" if strokes[2] else "b")


_SPOKEN = bytes.maketrans(b"cqzvyj", b"kksfig")
_SILENT = b"aeiouyhw.-"


def sound(name: str) -> str:
    """A rough key of how a name is pronounced in English: vowels after the first letter dropped, like consonants merged.

    >>> sound("alleghaney") == sound("allegheny"), sound("phoenix") == sound("fenix")
    (True, True)
    """
    if "ph" in name or "ck" in name:
        name = name.replace("ph", "f").replace("ck", "k")
    spoken = name.encode("utf-8", "replace")
    return (spoken[:1].translate(_SPOKEN) + spoken[1:].translate(_SPOKEN, _SILENT)).decode("utf-8", "replace")
