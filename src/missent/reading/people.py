"""How many distinct people's records a file holds: names beside addresses, numbers or dates of birth.

A record is a line (a row of a table, a card, a line of a list) in which a name stands with something that is about that
person. Where a heading names the columns, those count; where none does, a cell that is written like a name and one that
is written like an address, a telephone number, a date or a number of six digits and more.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_CELLS = re.compile(r"\t|;|\||,(?=\S|\s)| {3,}")
_TABS = 3
"""Columns between tabs from which a line is a row of a sheet, and a comma in it stands within a cell."""
_LONGEST_LINE = 4000
_LONGEST_CELL = 100
_MOST = 1_000_000

_HEADED_NAME = re.compile(
    r"(?i)(?:(?:full|first|last|given|family|middle|sur|fore|maiden|preferred|employee|staff|customer|client|patient|applicant"
    r"|student|member|contact)[ _-]?names?|names?|surname|nach?name|vorname|familienname|nom(?: de famille)?|pr[eé]nom|nombre"
    r"|apellidos?|cognome|nome|naam|voornaam|achternaam|имя|фамилия|фио|имя и фамилия|imi[eę]|nazwisko)"
)
_HEADED_ABOUT = re.compile(
    r"(?i).*(?:e-?mail|phone|mobile|telephone|\btel\b|address|street|post ?code|\bzip\b|d\.?o\.?b\b|birth|born|age\b|gender"
    r"|\bssn\b|social security|national insurance|\bnino?\b|\bnhs\b|passport|licen[cs]e|account|iban|sort code|salary|grade"
    r"|service (?:no|number)|(?:staff|employee|payroll|patient|student|personnel|case|id)[ _-]?(?:no|num|number|id|#)"
    r"|adresse|telefon|handy|geburt|stra[sß]+e|plz|t[eé]l[eé]phone|naissance|courriel|nacimiento|direcci[oó]n|nascita|indirizzo"
    r"|geboorte|телефон|рождения|адрес).*"
)
_WORD = r"[^\W\d_][^\W\d_'\u2019.-]{0,30}(?:['\u2019-][^\W\d_]{1,30}){0,2}\.?"
_NAME = re.compile(rf"(?:(?:mr|mrs|ms|miss|dr|prof|sir|herr|frau|mme|m)\.? )?({_WORD}(?:,? {_WORD}){{1,4}})", re.IGNORECASE)
_ABOUT = re.compile(
    r"\S+@\S+\.\w+"
    r"|\+?[\d(][\d ()./-]{5,20}\d"
    r"|\d{4}-\d\d-\d\d(?:[T ]00:00:00)?|\d{1,2}[./ -](?:\d{1,2}|[A-Za-z]{3,9})[./ -]\d{2,4}"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]|[A-Z]{0,2}\d{6,14}"
    r"|\d{1,5}[a-z]? (?:[A-Z][\w'.]+ ){1,4}(?:St|Street|Rd|Road|Ave|Avenue|Lane|Ln|Drive|Dr|Close|Way|Court|Square|Blvd)\b.*"
)
_ITEM = (
    r"(?:\S+@\S+\.\w+|\d{1,2}[./-](?:\d{1,2}|[A-Za-z]{3,9})[./-]\d{2,4}|\d{4}-\d\d-\d\d"
    r"|\+?\d[\d()./-]*(?: [\d()./-]+){1,4}|[A-Z]{0,2}\d{6,14})"
)
_RUN = re.compile(rf"(?:\d{{1,5}}[.)]? )?({_WORD}(?: {_WORD}){{1,3}}) ({_ITEM})[ ,]{{1,3}}{_ITEM}(?: .{{0,200}})?")
"""A row whose columns a file sets side by side with single blanks: a name, then two things about that person."""


@dataclass(slots=True)
class _Columns:
    names: tuple[int, ...] = ()
    about: tuple[int, ...] = ()
    width: int = 0


@dataclass(slots=True)
class _Count:
    people: set[int] = field(default_factory=set)
    columns: _Columns = field(default_factory=_Columns)

    def line(self, line: str) -> None:
        row = line.split("\t")
        cells = [cell.strip(" \"'") for cell in (row if len(row) >= _TABS else _CELLS.split(line))]
        if len(cells) < 2:
            if (run := _RUN.match(cells[0])) and _capital(run[1]):
                self._add(run[1].casefold(), run[2])
            return
        if heading := _heading(cells):
            self.columns = heading
        elif self.columns.width and abs(len(cells) - self.columns.width) <= 1:
            self._row(cells)
        else:
            self._free(cells)

    def _row(self, cells: list[str]) -> None:
        name = " ".join(cells[i] for i in self.columns.names if i < len(cells) and cells[i]).casefold()
        about = next((cells[i] for i in self.columns.about if i < len(cells) and cells[i]), "")
        if about and any(letter.isalpha() for letter in name):
            self._add(name, about)

    def _free(self, cells: list[str]) -> None:
        cells = [cell for cell in cells if len(cell) <= _LONGEST_CELL]
        about = next((cell for cell in cells if _ABOUT.fullmatch(cell)), None)
        if about is not None:
            name = next((m[1] for cell in cells if (m := _NAME.fullmatch(cell)) and _capital(m[1])), None)
            if name is not None:
                self._add(name.casefold(), about)

    def _add(self, name: str, about: str) -> None:
        if len(self.people) < _MOST:
            self.people.add(hash((name, about.casefold())))


def count(texts: Iterable[str]) -> int:
    """Distinct people whose records stand in these texts."""
    counted = _Count()
    for text in texts:
        counted.columns = _Columns()
        for line in text.splitlines():
            if 5 < len(line) <= _LONGEST_LINE:
                counted.line(line)
    return len(counted.people)


def _heading(cells: list[str]) -> _Columns | None:
    """Which columns are names and which are about a person, if this line names columns."""
    if any(len(cell) > 40 or any(letter.isdigit() for letter in cell) for cell in cells):
        return None
    names = tuple(i for i, cell in enumerate(cells) if _HEADED_NAME.fullmatch(cell))
    about = tuple(i for i, cell in enumerate(cells) if i not in names and _HEADED_ABOUT.fullmatch(cell))
    return _Columns(names, about, len(cells)) if names and about else None


def _capital(name: str) -> bool:
    """Whether each word of a name that is a word begins with a capital, or has none to begin with."""
    words = [word for word in re.split(r"[ ,]+", name) if len(word) > 3]
    return bool(words) and all(word[0].isupper() or not word[0].islower() for word in words)
