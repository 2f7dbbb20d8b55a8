"""Wrong suffixes: which ending passes for which, and how much that says.

The case missent starts from is one row here: `.ml` for `.mil`. A register of names (packaged lists) is no address book:
for its names a wrong suffix means a *confusable* one, by the table or by being no suffix at all and one slip away;
`nbc.com` is no lookalike of `nbc.gov`. For names somebody vouches for or converses with any suffix counts, weighed.
"""

from rapidfuzz.distance import OSA

from missent.recipients.book import Book, Mark

CONFUSABLE: dict[str, tuple[str, ...]] = {
    # Meant -> written instead. `*` is any one label; patterns are whole endings.
    "mil": ("ml", "mi", "mil.*", "ml.*", "mil.co.*", "mill", "mail", "il", "mul", "military"),
    "gov": ("gv", "go", "gob", "gov.*", "gob.*", "go.*", "gv.*", "gouv", "govt", "gove", "cov", "gv.at"),
    "gov.uk": ("gov", "gv.uk", "go.uk", "gob.uk", "gov.co.uk", "gov.co", "gov.*", "gov.uk.*", "govt.uk", "uk"),
    "mil.uk": ("mil", "ml.uk", "mil.*", "mod.uk"),
    "nhs.uk": ("nhs.co.uk", "nhs.net.uk", "nhs.*"),
    "police.uk": ("police.co.uk", "police.gov.uk", "police.*"),
    "uk": ("co.uk", "ac.uk", "org.uk", "uk.com", "uk.net", "gov.uk", "ku", "ik", "ul", "uj", "u"),
    "co.uk": ("uk", "co", "com", "uk.com", "co.uk.com", "org.uk", "couk", "ac.uk"),
    "org.uk": ("uk", "org", "co.uk", "or.uk", "uk.org"),
    "ac.uk": ("uk", "ac", "co.uk", "edu.uk"),
    "com": ("cm", "co", "om", "con", "comm", "vom", "xom", "cpm", "cim", "kom", "c"),
    "net": ("ne", "et", "nt", "ner", "bet", "met"),
    "org": ("or", "og", "rg", "orgs", "ong"),
    "edu": ("ed", "eu", "du"),
    "int": ("in", "nt", "it"),
    "eu": ("ue", "eu.com"),
    "de": ("ed", "dee", "d"),
    "fr": ("rf", "fe", "f"),
}
"""Existing endings people write for another, and common non-endings; one slip to a non-existing ending needs no row."""

CLOSED = frozenset(("mil", "gov", "gov.uk", "mil.uk", "nhs.uk", "police.uk", "uk", "gov.scot", "gov.wales", "edu", "int"))
"""Endings of listed names under which not everybody can register. A name there is neither known nor suspicious for that
alone; one edit from a listed name is."""

NO_SUCH = 5.0
ROW = 4.0
SHORTENED = 2.0
GENERIC = -0.4
OTHER = -1.6
"""Log-odds that an exact name under the wrong ending is a slip: the ending does not exist and is one slip away; a row of
the table; more or fewer labels of the same (`co.uk`/`uk`); among com, net and org; any other."""

_GENERIC = frozenset(("com", "net", "org"))


class Endings:
    """Weighs pairs of endings against one book's suffixes; pairs recur, so answers are kept."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._kept: dict[tuple[str, str], float | None] = {}
        self._kept_closed: dict[str, bool] = {}

    def exists(self, suffix: str) -> bool:
        """Whether somebody can have a name under this ending."""
        return bool(self._book.marks(suffix) & (Mark.RULE | Mark.WILDCARD))

    def confusable(self, asked: str, meant: str) -> float | None:
        """Log-odds that `asked` was written for `meant`; None if nobody takes one for the other."""
        if (asked, meant) not in self._kept:
            if len(self._kept) > 50_000:
                self._kept.clear()
                self._kept_closed.clear()
            self._kept[asked, meant] = self._weigh(asked, meant)
        return self._kept[asked, meant]

    def any(self, asked: str, meant: str) -> float:
        """The same for names under any suffix: never None."""
        weight = self.confusable(asked, meant)
        if weight is not None:
            return weight
        if asked.endswith("." + meant) or meant.endswith("." + asked) or meant.startswith(asked + "."):
            return SHORTENED
        if asked in _GENERIC and meant in _GENERIC:
            return GENERIC
        return OTHER

    def closed(self, asked: str) -> bool:
        """Whether an ending is, or passes for, a closed one."""
        kept = self._kept_closed.get(asked)
        if kept is None:
            kept = asked in CLOSED or any(self.confusable(asked, ending) is not None for ending in CLOSED)
            self._kept_closed[asked] = kept
        return kept

    def _weigh(self, asked: str, meant: str) -> float | None:
        if not self.exists(asked) and OSA.distance(asked, meant, score_cutoff=1) <= 1:
            return NO_SUCH if "." not in asked or not self.exists(asked.rpartition(".")[2]) else ROW
        if not self.exists(asked) and asked.startswith(meant + "."):
            return ROW
        if any(_matches(asked, row) for row in CONFUSABLE.get(meant, ())):
            return ROW
        return None


def _matches(ending: str, row: str) -> bool:
    if not row.endswith(".*"):
        return ending == row
    stem, _, rest = row.partition(".*")
    return ending.startswith(stem + ".") and "." not in ending[len(stem) + 1 :] and not rest
