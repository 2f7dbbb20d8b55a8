"""Which partners of the register a text names: by name, by the beginning of a name, by domain.

`20240131_Halberd-quote_v2.xlsx` names Halberd Systems. A name's first word alone counts if it is no common word of firms.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from missent.recipients.register import Partner

LEAST = 4
"""Letters of a single word that can stand for a partner."""
_COMMON = """
the a an of and for in us uk eu united national international global royal federal state states ministry department
office agency army navy air force forces defence defense group company corporation limited gmbh ltd inc llc plc systems
services solutions consulting partners travel bank university institute council city county general american british
european world first new north south east west data cloud digital tech technology technologies software network networks
energy media health medical security research development
""".split()  # noqa: SIM905 — a list of words is read as one
COMMON = frozenset(_COMMON)
_BREAK = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")


def named(text: str, partners: tuple[Partner, ...]) -> tuple[Partner, ...]:
    """Partners that a text names, in the register's order. Linear in the text; names are prepared once a register."""
    terms = _terms(partners)
    words = _words(text)
    found: dict[int, None] = {}
    for start in range(len(words)):
        for length in (1, 2, 3, 4):
            for number in terms.get(" ".join(words[start : start + length]), ()) if start + length <= len(words) else ():
                found[number] = None
    return tuple(partners[number] for number in sorted(found))


@lru_cache(maxsize=4)
def _terms(partners: tuple[Partner, ...]) -> Mapping[str, tuple[int, ...]]:
    """Phrase of at most four words -> numbers of the partners it names."""
    terms: dict[str, tuple[int, ...]] = {}
    for number, partner in enumerate(partners):
        for term in dict.fromkeys(_of(partner)):
            terms[term] = (*terms.get(term, ()), number)
    return terms


def _of(partner: Partner) -> Iterable[str]:
    name = _words(partner.name.partition(",")[0])
    label = _words(max(partner.domain.split(".")[:-1], key=len, default=""))
    for words in (name, label, ["".join(label)], _words(partner.domain)):
        if 0 < len(words) <= 4 and (len(words) > 1 or (len(words[0]) >= LEAST and words[0] not in COMMON)):
            yield " ".join(words)
    for words in (name, label):
        if len(words) > 1 and len(words[0]) > LEAST and words[0] not in COMMON:
            yield words[0]


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return [word.lower() for word in _BREAK.split(plain) if word]
