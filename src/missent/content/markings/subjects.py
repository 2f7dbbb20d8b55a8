"""The tag of a subject or file name: in brackets, between separators, or run on at its start or end.

`[OFFICIAL-SENSITIVE] plans`, `Plans - OFFICIAL`, `SECRET//NOFORN plans`, `20240131_OFFICIAL-SENSITIVE_plans.xlsx`. A word among
others is none: what runs on without a separator must be in capitals, have a form that prose does not take, and at the end not
follow a word that makes it part of the sentence (`Guidance on OFFICIAL-SENSITIVE`).
"""

import re
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise

from missent.content.markings import au_pspf, tlp
from missent.content.markings.found import Reading
from missent.content.markings.schemes import whole
from missent.content.markings.writing import LONGEST, capitals, one_way, plain

_BRACKETED = re.compile(r"[\[{(]([^\[\](){}]{1,200})[\])}]")
_SEPARATOR = re.compile(r" ?(?:: |:$| - |// |\||;)|^[\])}] ?|(?<=[\])}]) ?")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_JOIN = re.compile(r"[-_ ]*[-_][-_ ]*")
_MOST = 9
_WORDS = 12
_SENTENCE = frozenset(
    (
        *(
            "a",
            "about",
            "all",
            "an",
            "and",
            "any",
            "are",
            "as",
            "by",
            "for",
            "from",
            "handle",
            "handling",
            "in",
            "into",
            "is",
            "mark",
        ),
        *("marked", "marking", "no", "not", "of", "on", "or", "our", "the", "their", "to", "using", "what", "with", "your"),
    )
)


def read(text: str, own: tuple[str, ...], portion: Callable[[str, tuple[str, ...]], Reading | None]) -> Reading | None:
    """The tag of a subject; `portion` reads what stands in brackets. None if it has none."""
    text = one_way(text).strip()
    return _bracketed(text, own, portion) or tlp.anywhere(text) or _parted(text, own) or _run_on(text, own)


def of_file(name: str) -> str:
    """A file name written as a subject: without its extension, hyphens and underscores as separators."""
    return _JOIN.sub(" - ", _EXTENSION.sub("", one_way(name)))


def _bracketed(text: str, own: tuple[str, ...], portion: Callable[[str, tuple[str, ...]], Reading | None]) -> Reading | None:
    for number, match in enumerate(_BRACKETED.finditer(text)):
        if number >= _MOST:
            break
        reading = au_pspf.read_pairs(match[1]) if "SEC=" in match[1].upper() else portion(match[1], own)
        if reading and (reading.syntax or match.start() == 0 or match.end() == len(text)):
            return reading
    return None


def _parted(text: str, own: tuple[str, ...]) -> Reading | None:
    """What stands between separators or the ends, longest first; a bare word only at the ends and in capitals."""
    cuts = [(0, 0), *(m.span() for m in _SEPARATOR.finditer(text) if m.end()), (len(text), len(text))]
    cuts = cuts if len(cuts) <= _MOST else cuts[: _MOST // 2] + cuts[-_MOST // 2 :]
    spans = [(left[1], right[0], left[1] == 0 or right[1] == len(text)) for left, right in combinations(cuts, 2)]
    for start, end, outer in sorted(spans, key=lambda s: s[0] - s[1]):
        tag = plain(text[start:end]) if 2 < end - start <= LONGEST else ""
        reading = whole(tag, own) if tag else None
        if reading and ((capitals(tag) and (reading.syntax or outer)) or (reading.syntax and tag[0].isupper())):
            return reading
    return None


def _run_on(text: str, own: tuple[str, ...]) -> Reading | None:
    for tag in (*_heads(text), *_tails(text)):
        if capitals(tag) and ("//" in tag or "-SENSITIVE" in tag or "- SENSITIVE" in tag):
            reading = whole(tag, own)
            if reading and reading.syntax:
                return reading
    return None


def _heads(text: str) -> Iterator[str]:
    blanks = [m.start() for m in re.finditer(" ", text[:LONGEST])][:_WORDS]
    return (plain(text[:at]) for at in reversed(blanks))


def _tails(text: str) -> Iterator[str]:
    """Ends of a subject, longest first, that do not continue its sentence."""
    words = text[-LONGEST:].split(" ")[-_WORDS:]
    for number, (before, _) in enumerate(pairwise(words), 1):
        if before.lower().strip("\"',") not in _SENTENCE:
            yield plain(" ".join(words[number:]))
