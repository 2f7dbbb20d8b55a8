"""What the sender wrote, apart from the history beneath it.

Mail programs mark history by `>` before each line (RFC 3676 4.5), by a line such as "On … wrote:", by a ruled line
("-----Original Message-----"), or by the header of the older message written out (Outlook). The words stand in
`quoting.toml`, by language. What is not recognised counts as new: a marking in it then weighs as the sender's own.
"""

import re
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from missent import tables

_LOOK_AHEAD = 8
_LONGEST = 300
_ITEM = re.compile(r"[ \t*_|]*([^\s:\uff1a*][^:\uff1a*\n]{0,24}?)[*_ \u00a0]{0,3}[:\uff1a]")


class _Words(NamedTuple):
    """The words of all languages, as they are looked for.

    Attributes:
        ruled, sender, fellows: patterns of a ruled line, of a header's From, of the fields beside it.
        wrote: verbs that end the line which introduces a quotation, in lower case.
    """

    ruled: re.Pattern[str]
    sender: re.Pattern[str]
    fellows: re.Pattern[str]
    wrote: tuple[str, ...]


@lru_cache(maxsize=1)
def words() -> _Words:
    """Read them once; a worker does so before it confines itself."""
    table = tables.parse(resources.files("missent.reading").joinpath("quoting.toml").read_bytes(), "quoting.toml")
    ruled, sender, fellows = ("|".join(re.escape(word) for word in table[key]) for key in ("ruled", "from", "others"))
    return _Words(
        re.compile(rf"(?i)[ \t>]*[-_=*\u2500\u2014]{{2,}}[ \t]*(?:{ruled})\b.{{0,80}}"),
        re.compile(rf"(?i)(?:{sender})\Z"),
        re.compile(rf"(?i)(?:{fellows})\Z"),
        tuple(word.lower() for word in table["wrote"]),
    )


def split(text: str) -> tuple[str, str]:
    """New text and quoted history, each in its order."""
    lines = text.splitlines(keepends=True)
    new: list[str] = []
    quoted: list[str] = []
    for number, line in enumerate(lines):
        if line.lstrip(" \t").startswith(">"):
            quoted.append(line)
            continue
        extent = _history(lines, number)
        if extent == "all below":
            return "".join(new), "".join([*quoted, *lines[number:]])
        (quoted if extent else new).append(line)
    return "".join(new), "".join(quoted)


def _history(lines: list[str], number: int) -> str:
    """What this line says of itself and of those below: "", "this line" or "all below" being history."""
    line = lines[number][:_LONGEST]
    first = line.strip()
    if not first:
        return ""
    if first[0] in "-_=*\u2500\u2014" and words().ruled.match(line):
        return "all below"
    if ":" not in line and "\uff1a" not in line:
        return ""
    if _is_header(lines, number):
        return "all below"
    if first[-1] not in ":\uff1a" or not _introduces(lines, number):
        return ""
    below = next((line for line in lines[number + 1 : number + 4] if line.strip()), ">")
    return "this line" if below.lstrip(" \t").startswith(">") else "all below"


def _is_header(lines: list[str], number: int) -> bool:
    """Whether an older message's header begins here: From, and at least two of its fellows in the next lines."""
    item = _ITEM.match(lines[number][:_LONGEST])
    if not item or not words().sender.match(item[1].strip()):
        return False
    fellows = 0
    for line in lines[number + 1 : number + 1 + _LOOK_AHEAD]:
        below = _ITEM.match(line[:_LONGEST])
        fellows += bool(below and words().fellows.match(below[1].strip()))
    return fellows >= 2


def _introduces(lines: list[str], number: int) -> bool:
    """Whether "On … wrote:" ends here; programs break it over up to three lines."""
    said = "".join(lines[max(0, number - 2) : number + 1])[-_LONGEST:].lower()
    return any(word in said for word in words().wrote) and any(letter.isdigit() for letter in said)
