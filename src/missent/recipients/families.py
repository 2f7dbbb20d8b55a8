"""How two names differ, and what each kind of difference is worth.

A slip of the fingers is not a random edit: a letter comes twice or not at all, neighbours on the keyboard and
neighbours in the word change places, and the first letter is mostly right (Pollock and Zamora 1984 found 8 % of slips
there). Real names that resemble by chance differ by *any* letter, and the shorter they are the more of them there are:
every two-letter label is one edit from seventy others. So a difference is weighed in log-odds, by kind, place and length.
The figures are set on mined slips and on real neighbours of busy domains (`bench/lookalike.py`); `docs/checks/
lookalike-domain.md` shows what they mean as shares.
"""

from itertools import pairwise
from math import exp

from rapidfuzz.distance import OSA

from missent.recipients.glyphs import blur, sound

FAMILIES: dict[str, float] = {
    "transposition": 3.2,  # armmy -> no; ramy/army: two neighbours changed places
    "repetition": 3.2,  # a letter doubled, or a double one written once
    "glyph": 3.0,  # drawn alike: 1/l, rn/m, 0/o, letters of other alphabets
    "omission": 2.6,  # a letter left out
    "neighbour-key": 2.6,  # the key beside it, instead or in addition
    "insertion": 2.0,  # a letter too many
    "vowel": 1.8,  # another vowel
    "replacement": 1.0,  # any other letter
    "bit-flip": 1.0,  # one bit of one octet (a machine's slip)
    "hyphen": 2.0,  # a hyphen too many, too few or for a dot
    "dot": 2.4,  # a dot too many or too few inside the name
    "plural": 1.0,  # an s or es more or less
    "number": -1.6,  # another digit: firstunion1, mba2002 are rather series than slips
    "jumble": 0.6,  # the same letters in another order
    "sound": 0.2,  # pronounced alike
    "two-edits": 0.0,  # two slips in a long name
    "two-slips": -1.0,  # one edit and a wrong ending: added to what these weigh
    "missing-dot": 3.4,  # armymil, gmailc.om: the same letters, dots elsewhere
    "suffix-added": 2.6,  # army.mil.com, army-mil.com
    "suffix": 0.0,  # the ending alone: weighed by `endings`
    "subdomain-dropped": -1.4,  # twc.com for wgp.twc.com
    "subdomain-swapped": -4.0,  # ae.ibm.com for us.ibm.com
}
"""Log-odds that a name so different from a known one is a slip, at eight letters under the same suffix."""

LENGTH = (-8.0, -7.0, -5.0, -3.6, -2.6, -1.6, -0.8, -0.3, 0.0, 0.2, 0.4, 0.6)
"""What the number of letters adds for an edited name: chance neighbours thin out as names grow."""

EXACT_LENGTH = (-3.0, -2.4, -1.4, -0.6, -0.3, -0.2, 0.0)
"""The same for the whole name under another ending."""

SAME_LOOK = 5.0
"""For a whole domain that only differs in letters of other alphabets."""

SAME_OWNER = -1.0
"""For names that end in the same label: hosts of one owner are many, alike, and no danger."""

LONG = 9
"""Letters from which two edits are more than noise."""

_WORD = 6
_ROWS = ("1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def _beside() -> frozenset[str]:
    """Pairs of keys that touch on the common layouts; z and y, a and q, m change places between them."""
    pairs: set[str] = set()
    for upper, lower in zip(_ROWS, (*_ROWS[1:], ""), strict=True):
        pairs.update(map("".join, pairwise(upper)))
        for at, key in enumerate(lower):
            pairs.update(key + above for above in upper[at : at + 2])
    pairs.update(("uz", "hz", "gz", "tz", "sy", "xy", "ay", "az", "ez", "lm", "pm", "sq", "wq", "ow"))
    return frozenset(pairs | {pair[::-1] for pair in pairs})


BESIDE = _beside()
_VOWELS = frozenset("aeiouy")


def share(log_odds: float) -> float:
    """Log-odds as a share between 0 and 1."""
    return 1 / (1 + exp(-max(min(log_odds, 50.0), -50.0)))


def by_length(name: str, table: tuple[float, ...] = LENGTH) -> float:
    """What the number of letters adds."""
    return table[min(sum(map(str.isalnum, name)), len(table) - 1)]


def edited(asked: str, known: str, most: int = 4) -> tuple[str, float] | None:
    """The family of the difference between two different folded names, and its log-odds; None if they are not alike or
    more than `most` edits apart.

    Labels that both end in alike count for nothing: `wcp.twc` for `wgp.twc` is a slip in three letters.
    """
    distance = OSA.distance(asked, known, score_cutoff=most)
    if distance > most:
        return None
    parted = (asked, known)
    if "." in asked and "." in known:
        asked, known = _apart(asked, known)
    theirs = SAME_OWNER if parted != (asked, known) else 0.0
    if distance == 1:
        family, place = one_edit(asked, known)
        return family, FAMILIES[family] + by_length(min(asked, known, key=len)) + place + theirs
    family, share_lost = _far_family(asked, known, distance)
    if not family:
        return None
    first = 0.0 if asked[0] == known[0] or family == "glyph" else -1.6
    return family, FAMILIES[family] + share_lost + first + theirs


def _far_family(asked: str, known: str, distance: int) -> tuple[str, float]:
    """The family of more than one edit, and what length and distance add to it; "" if they are not alike."""
    shorter = min(len(asked), len(known))
    length = by_length(known)
    found: tuple[str, float] = "", 0.0
    if plural(asked, known):
        found = "plural", length
    elif blur(asked) == blur(known):
        found = "glyph", length - 1.2 * (distance - 1)
    elif shorter >= LONG and distance == 2:
        found = "two-edits", 0.4 * (shorter - LONG)
    elif shorter >= _WORD and len(asked) == len(known) and sorted(asked) == sorted(known):
        found = "jumble", length
    elif shorter >= _WORD and distance <= 3 and sound(asked) == sound(known):
        found = "sound", length - (distance - 2) * 0.5
    return found


def _apart(asked: str, known: str) -> tuple[str, str]:
    while True:
        left, dot, label = asked.rpartition(".")
        meant, dotted, same = known.rpartition(".")
        if not (dot and dotted) or label != same:
            return asked, known
        asked, known = left, meant


def one_edit(asked: str, known: str) -> tuple[str, float]:
    """The family of a single edit, and what its place adds (the first letter is mostly right)."""
    at = next((i for i, (a, b) in enumerate(zip(asked, known, strict=False)) if a != b), min(len(asked), len(known)))
    place = -1.6 if at == 0 else 0.0
    if len(asked) != len(known):
        family = _lengthened(asked, known, at)
    elif asked[at + 1 :] == known[at + 1 :]:
        family = _replaced(asked[at], known[at])
    else:
        return "transposition", place / 2
    return family, 0.0 if family in ("dot", "hyphen") else place


def _lengthened(asked: str, known: str, at: int) -> str:
    """The family of one letter more or less at a place."""
    longer = max(asked, known, key=len)
    letter = longer[at]
    beside = longer[max(at - 1, 0) : at] + longer[at + 1 : at + 2]
    rows = (
        ("dot", letter == "."),
        ("hyphen", letter == "-"),
        ("repetition", letter in beside),
        ("number", letter.isdigit()),
        ("omission", len(asked) < len(known)),
        ("plural", letter == "s" and at == len(known)),
        ("neighbour-key", any(letter + other in BESIDE for other in beside)),
    )
    return next((family for family, holds in rows if holds), "insertion")


def _replaced(wrong: str, right: str) -> str:
    """The family of one letter for another."""
    flipped = ord(wrong) ^ ord(right)
    rows = (
        ("dot", "." in (wrong, right)),
        ("hyphen", "-" in (wrong, right)),
        ("number", wrong.isdigit() and right.isdigit()),
        ("glyph", blur(wrong) == blur(right)),
        ("neighbour-key", wrong + right in BESIDE),
        ("vowel", wrong in _VOWELS and right in _VOWELS),
        ("bit-flip", flipped & (flipped - 1) == 0),
    )
    return next((family for family, holds in rows if holds), "replacement")


def plural(asked: str, known: str) -> bool:
    """Whether `asked` is `known` with `es` put in after s, x or z."""
    return len(asked) == len(known) + 2 and "es" in asked and known in without_es(asked)


def without_es(name: str) -> list[str]:
    """A name without each `es` that follows s, x or z."""
    return [name[:i] + name[i + 2 :] for i in range(1, len(name) - 1) if name[i : i + 2] == "es" and name[i - 1] in "sxz"]
