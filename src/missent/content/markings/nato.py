"""NATO markings: C-M(2002)49-REV1 and its directive on the security of information (AC/35-D/2002).

Five levels, always with their owner's name (`NATO SECRET`, `COSMIC TOP SECRET`), in English or French, then ATOMAL, a
releasability (`RELEASABLE TO KFOR`, `REL TO SWE, FIN`) or a special category. `NATO/PFP` and missions (`NATO/ISAF
SECRET`) say who shares it. In portions NU, NR, NC, NS, CTS. Atomic information is written behind (`NATO SECRET ATOMAL`,
NSAT).
"""

import re

from missent.content.markings.found import Reading
from missent.content.markings.writing import Cursor

SCHEME = "nato"
LEVELS = ("NATO UNCLASSIFIED", "NATO RESTRICTED", "NATO CONFIDENTIAL", "NATO SECRET", "COSMIC TOP SECRET")
BARE = {
    "UNCLASSIFIED": "NATO UNCLASSIFIED", "RESTRICTED": "NATO RESTRICTED", "CONFIDENTIAL": "NATO CONFIDENTIAL",
    "SECRET": "NATO SECRET", "TOP SECRET": "COSMIC TOP SECRET",
}  # fmt: skip
SHORT = dict(zip(("NU", "NR", "NC", "NS", "CTS"), LEVELS, strict=True))
_ATOMAL = {"NCA": LEVELS[2], "NSAT": LEVELS[3], "CTSA": LEVELS[4], "NS-A": LEVELS[3], "CTS-A": LEVELS[4], "NC-A": LEVELS[2]}

_WORDS = {
    **BARE, "SANS CLASSIFICATION": LEVELS[0], "NON CLASSIFIE": LEVELS[0], "DIFFUSION RESTREINTE": LEVELS[1],
    "CONFIDENTIEL": LEVELS[2], "TRES SECRET": LEVELS[4],
}  # fmt: skip
_OWNER = re.compile(r"(?:NATO|OTAN)(?:/([A-Z]{3,8}))?(?= |$)|COSMIC(?= )")
_LEVEL = re.compile(
    r"(?:TOP SECRET|TRES SECRET|SECRET|CONFIDENTIAL|CONFIDENTIEL|RESTRICTED|UNCLASSIFIED|SANS CLASSIFICATION|NON CLASSIFIE|"
    r"DIFFUSION RESTREINTE)\b"
)
_SEPARATOR = re.compile(r"//|[-,/;(\[]")
_CLOSING = re.compile(r"[)\]]")
_NAMES = r"[A-Z]{2,9}(?: [A-Z]{3,9})?"
_CONTROL = re.compile(
    rf"ATOMAL\b|(?:RELEASABLE TO|REL TO|REL) (?:THE )?({_NAMES}(?:(?: ?[,/] ?| AND ){_NAMES}){{0,20}})|"
    r"(?:BOHEMIA|CRYPTO|CRYPTOSECURITY|CCI|EXCLUSIVE|SIOP|BALK|US-ESI|NOFORN|NF|ORCON|PUBLIC DISCLOSURE|"
    r"NON SENSITIVE INFORMATION RELEASABLE TO THE PUBLIC|(?:COMMERCIAL|MANAGEMENT|STAFF|PERSONAL|MEDICAL|ADMINISTRATIVE)"
    r"(?: IN CONFIDENCE)?)\b"
)


def read(text: str) -> Reading | None:
    """Read a whole upper-case text, French accents allowed; None if it is none of this scheme's."""
    cursor = Cursor(text.removeprefix("//").replace("È", "E").replace("É", "E").replace("Ê", "E"))
    owner = cursor.take(_OWNER)
    word = cursor.take(_LEVEL) if owner else None
    if owner is None or word is None or (owner == "COSMIC") != (_WORDS[word] == LEVELS[4]):
        return None
    shared = (f"SHARED {owner.partition('/')[2]}",) if "/" in owner else ()
    return _with(_WORDS[word], shared, cursor)


def read_portion(text: str) -> Reading | None:
    """Read a portion's inside: `NS`, `NS//REL TO KFOR`, `NATO SECRET`. Letters alone are bare: `(NC)` is also a State."""
    first, slashes, rest = text.partition("//")
    if first in _ATOMAL:
        return _with(_ATOMAL[first], ("ATOMAL",), Cursor(rest))
    if first not in SHORT:
        return read(text)
    return _with(SHORT[first], (), Cursor(rest)) if slashes else Reading("", SHORT[first], syntax=False)


def _with(level: str, controls: tuple[str, ...], cursor: Cursor) -> Reading | None:
    taken = list(controls)
    while not cursor.done:
        cursor.take(_SEPARATOR)
        control = cursor.take(_CONTROL)
        if control is None:
            return None
        cursor.take(_CLOSING)
        taken.append(_long(control))
    return Reading(SCHEME, level, tuple(dict.fromkeys(taken)))


def _long(control: str) -> str:
    match = _CONTROL.match(control)
    if match and match[1]:
        names = re.split(r" ?[,/] ?| AND ", match[1])
        return f"REL TO {', '.join(names)}"
    return {"NF": "NOFORN"}.get(control, control)


def canonical(level: str, controls: tuple[str, ...]) -> str:
    """The marking in English: owner with whom it shares, level, controls."""
    shared = [c.removeprefix("SHARED ") for c in controls if c.startswith("SHARED ")]
    head = level.replace("NATO ", f"NATO/{shared[0]} ", 1) if shared else level
    return "//".join((head, *(c for c in controls if not c.startswith("SHARED "))))
