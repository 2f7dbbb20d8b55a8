"""New text and quoted history told apart: what the sender writes now, and what they carry along.

Mail programs mark history by `>` before each line (RFC 3676 4.5), by a line such as "On … wrote:", by a ruled line
("-----Original Message-----"), or by the header of the older message written out (Outlook). The words stand in
`quoting.toml`, by language. What is not recognised counts as new: a marking in it then weighs as the sender's own.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import islice
from typing import NamedTuple

from missent import tables

_LONGEST = 300
_RULE = "-_=*\u2500\u2014"
_RULES = frozenset(_RULE)
_LEADING = " \t>|"
_COLON = ":\uff1a"
_LOOK_AHEAD = 6
_MOST = 2000  # places looked at where history may begin; a text with more is made to take time, and counts as new
_ITEM = re.compile(rf"[ \t>|]{{0,20}}[*_]{{0,2}}([^\s{_COLON}*][^{_COLON}*\n]{{0,24}}?)[*_ \u00a0]{{0,3}}[{_COLON}]")
_MARKED = re.compile(r"^[ \t]*>[^\n]*(?:\n|\Z)", re.MULTILINE)


class _Words(NamedTuple):
    """The words of all languages, as they are looked for.

    Attributes:
        start: where history may begin: a ruled line, a field From, or a colon that ends a line.
        ruled: what stands on the ruled line; fellows: fields that stand beside From.
        wrote: verbs that end the line which introduces a quotation, in lower case.
    """

    start: re.Pattern[str]
    ruled: re.Pattern[str]
    fellows: re.Pattern[str]
    wrote: tuple[str, ...]


@lru_cache(maxsize=1)
def words() -> _Words:
    """Read them once; a worker does so before it confines itself."""
    table = tables.parse(resources.files("missent.reading").joinpath("quoting.toml").read_bytes(), "quoting.toml")
    ruled, sender, fellows = ("|".join(re.escape(word) for word in table[key]) for key in ("ruled", "from", "others"))
    start = (
        rf"^[{_LEADING}]{{0,20}}(?:(?P<rule>[{_RULE}]{{2,}}[ \t]*|begin forwarded message[{_COLON}])"
        rf"|[*_]{{0,2}}(?P<sender>{sender})[*_ \u00a0]{{0,3}}[{_COLON}])|(?P<wrote>[{_COLON}])[ \t]*\r?$"
    )
    return _Words(
        re.compile(start, re.IGNORECASE | re.MULTILINE),
        re.compile(rf"(?:{ruled})\b", re.IGNORECASE),
        re.compile(rf"(?:{fellows})\Z", re.IGNORECASE),
        tuple(word.lower() for word in table["wrote"]),
    )


def parted(text: str) -> tuple[str, str]:
    r"""New text, and quoted history ("" if there is none).

    >>> parted("Fine.\n> Is it?\nSee you\n-----Original Message-----\nFrom: x")
    ('Fine.\nSee you\n', '> Is it?\n-----Original Message-----\nFrom: x')
    """
    starts = islice(_starts(text), _MOST)
    at = next((begin for m in starts if (begin := _announced(m, text)) >= 0), len(text))
    new, old = text[:at], text[at:]
    if ">" not in new:
        return new, old
    return _MARKED.sub("", new), "".join(_MARKED.findall(new)) + old


def _starts(text: str) -> Iterator[re.Match[str]]:
    """Where history may begin. No match goes beyond its line, so only lines that can hold one are searched: few are such."""
    search, at = words().start.finditer, 0
    for line in text.split("\n"):
        end = at + len(line)
        if ":" in line or "\uff1a" in line or line.lstrip(_LEADING)[:1] in _RULES:
            yield from search(text, at, end)
        at = end + 1


def _announced(start: re.Match[str], text: str) -> int:
    """Where the history begins that this line announces, -1 if it announces none."""
    if start["rule"]:
        announces = start["rule"][0] not in _RULE or words().ruled.match(text, start.end())
        return start.start() if announces else -1
    if start["sender"]:
        return start.start() if _has_fellows(text, start.end()) else -1
    return _introduction(text, start.start())


def _has_fellows(text: str, end: int) -> bool:
    """Whether, below a field From, two fields that stand beside it in a message's header follow soon, or one at once."""
    below = text[end : end + _LOOK_AHEAD * _LONGEST].split("\n")[1 : 1 + _LOOK_AHEAD]
    named = [bool((item := _ITEM.match(line)) and words().fellows.match(item[1].strip())) for line in below]
    return sum(named) >= 2 or any(named[:1])


def _introduction(text: str, colon: int) -> int:
    """Where "On … wrote:" begins that ends at this colon: up to three lines above; -1 if it is none.

    Above lines that are marked one by one it is history alone, and so it goes with them: what follows is told apart there.
    """
    line = text.rfind("\n", max(0, colon - _LONGEST), colon) + 1 or max(0, colon - _LONGEST)
    if not any(word in text[line:colon].lower() for word in words().wrote):
        return -1
    for _ in range(3):
        if any(letter.isdigit() for letter in text[line:colon]):
            return line
        line = text.rfind("\n", max(0, line - _LONGEST), max(0, line - 1)) + 1
        if not line or not text[line:colon].strip():
            return -1
    return -1
