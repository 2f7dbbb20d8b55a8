"""Whom a message greets: the names in its first line, without titles; nothing for "Dear all".

Only capitalised words behind a greeting of one of eight languages count, up to the first comma or the line's end.
"""

import re
import unicodedata

from missent.checks.display_names import TITLES

_GREETING = re.compile(
    r"""[ \t>]*(?:dear|hi|hello|hey|good[ ](?:morning|afternoon|evening|day)|greetings
  | hallo|guten[ ](?:tag|morgen|abend)|liebe[rs]?|sehr[ ]geehrte[rs]?|moin|servus
  | bonjour|bonsoir|chers?|ch[èe]res?|salut
  | hola|buen[oa]s[ ](?:d[ií]as|tardes)|estimad[oa]s?|querid[oa]s?
  | ciao|buongiorno|car[oaie]|gentil[ei]|egregio
  | beste|geachte|hoi|goedemorgen
  | ol[áa]|bom[ ]dia|prezad[oa]s?
  | hej|k[äæ]ra|kjære|hei)[ ]+(?P<names>[^,:;!?.\n(–—]{2,60})""",  # noqa: RUF001 — dashes that end a greeting
    re.IGNORECASE | re.VERBOSE,
)
_ABBREVIATED = re.compile(r"\b(Mrs?|Ms|Dr|Prof|St|Sra?|Hr|Fr|[A-Z])\.")
_SPLIT = re.compile(r"\s*(?:[&/+]|\b(?:and|und|et|y|e|en|och|og)\b)\s*")
_WORD = re.compile(r"[^\W\d_][^\W\d_'’-]+")  # noqa: RUF001 — an apostrophe as it is typed
_NOBODY = """
all everyone everybody team colleagues colleague folks guys friends friend both sir sirs madam madame customer customers
there again gentlemen ladies mates people members board group committee staff editor editors professor doctor captain
colonel sergeant minister secretary ambassador chair chairman council hiring manager recruiter reader readers investor
client clients partner partners kollegen kolleginnen kollege kollegin zusammen alle damen herren leute freunde tous
toutes collègues équipe mesdames messieurs monsieur mademoiselle equipo todos todas colegas señor señora señores amigos
colleghi tutti signore signora signori amici allen iedereen collega heer mevrouw dames heren senhor senhora equipe alla
kollegor
""".split()  # noqa: SIM905 — a list of words is read as one
NOBODY = frozenset((*_NOBODY, *TITLES))


def greeted(text: str) -> tuple[str, ...]:
    r"""Names greeted in the first line that is not blank, casefolded, without accents; empty if nobody is named.

    >>> greeted("Dear Dr Anna Clark,\n\nplease")
    ('anna', 'clark')
    """
    line = _ABBREVIATED.sub(r"\1", text.lstrip()[:200].partition("\n")[0])
    found = _GREETING.match(line)
    if not found:
        return ()
    names: list[str] = []
    for part in _SPLIT.split(found["names"]):
        words = _WORD.findall(part)
        if any(w[0].islower() for w in words) or len(words) > 4:
            return ()  # "Hello from London", "Dear valued customer": a sentence or nobody in particular
        plain = [folded(w) for w in words]
        if any(w in NOBODY for w in plain) and all(w in NOBODY for w in plain):
            return ()
        names += [w for w in plain if w not in NOBODY]
    return tuple(names)


def folded(word: str) -> str:
    """Without case, accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’-")  # noqa: RUF001
