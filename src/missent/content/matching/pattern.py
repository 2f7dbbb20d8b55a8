r"""A pattern as data, and the rules that keep looking for many of them linear.

A pattern is what `re` says it is. The faster engine only tells where to look, so each must be one it can read approximately:
ASCII meaning of `\b`, `\w` and `\d`, no branch of unbounded width. A test compiles all of them.
"""

import re
from dataclasses import dataclass, field

from missent.content.matching.stems import stems, widest

WIDEST = 320
"""Characters a match may be long at most."""
AHEAD = 32
"""Characters beyond a match that a pattern may look at."""

BEFORE, AFTER = 100, 2_000
"""Characters before and after a gate's word within which its pattern is looked for: beside it, or in the column it heads."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern of a detector.

    Attributes:
        name: what it is called among the detector's patterns: the finding's `kind`, or one sign of several.
        source: regular expression, compiled with `re.ASCII`; letters beyond ASCII only up to U+00FF and outside classes that
            are negated. flags stand at the start: `(?i)` or `(?im)`.
        digits: whether each match holds six digits with at most one space or hyphen between each two.
        gate: words (`re.ASCII`) without which nearby the pattern's matches would mean nothing, and need not be found.
        anchor: expression for a part each match has, for the faster engine to look for where the whole would cost it dear.
        regex: `source` compiled.
        stems: lower-case strings one of which each match holds, or the text if there is a gate, so that the plain engine looks
            at little.
        width: characters a match may be long, at most `WIDEST`.
    """

    name: str
    source: str
    digits: bool = False
    gate: re.Pattern[str] | None = None
    anchor: str = ""
    regex: re.Pattern[str] = field(init=False, repr=False, compare=False)
    stems: tuple[str, ...] = field(init=False, repr=False, compare=False)
    width: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "regex", re.compile(self.source, re.ASCII))
        object.__setattr__(self, "stems", stems(self.gate or self.regex))
        object.__setattr__(self, "width", widest(self.regex))
