"""Whether HTML is of a shape that a parser takes in linear time.

The parsing rules every browser follows are quadratic on purpose-made input: each new block looks through all that are
open, and each unclosed formatting element (`<b id=1><b id=2>…`) is made again in every block after it. What real mail
holds is far below these bounds; what is beyond is read without a parser (`missent.reading.markup`).
"""

import re

_FEW = 2000
_DEEPEST = 4000
_COPIES = 500_000
_ATTRIBUTES = 2000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_FORMATTING = frozenset(["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"])
_ALONE_WORDS = """
    area base br col embed hr img input link meta param source track wbr p li td th tr dd dt option tbody thead tfoot
    html head body script style title
"""
_ALONE = frozenset(_ALONE_WORDS.split())


def is_tame(html: str) -> bool:
    """Whether it may be parsed; one pass over the tags, none at all for most mail."""
    if len(html) > 2 * _ATTRIBUTES and any(_crowded(part) for part in html.split("<") if len(part) > 2 * _ATTRIBUTES):
        return False
    return html.count("<") < _FEW or _shallow(html)


def _crowded(part: str) -> bool:
    """Whether the tag at the start of a part has more attributes than anybody writes: each is compared with the others."""
    if part.startswith("!--"):
        return False
    tag = part.partition(">")[0]
    if tag.count('"') % 2 or tag.count("'") % 2:
        tag = part
    slashes = 0 if "base64," in tag else tag.count("/")
    return max(len(tag.split()), tag.count("="), slashes) > _ATTRIBUTES


def _shallow(html: str) -> bool:
    open_, deepest, formatting, most, tags = 0, 0, 0, 0, 0
    for close, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _ALONE:
            tags += 1
            continue
        step = -1 if close else 1
        open_ = max(0, open_ + step)
        deepest = max(deepest, open_)
        if tag in _FORMATTING:
            formatting = max(0, formatting + step)
            most = max(most, formatting)
        tags += 1
    return deepest < _DEEPEST and most * tags < _COPIES * max(1, tags // 100_000)
