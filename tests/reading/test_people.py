"""How many people's records a text holds: tables with and without headings, lists, and what only looks like one."""

import pytest

from missent.reading.people import count

HITS = {
    "a heading names the columns": ("Surname\tForename\tDOB\nCLARK\tAnna\t3/2/1980\nDOE\tJane\t1/1/1970\n", 2),
    "commas": ("name,email\nJane Doe,jane@x.example\nAnna Clark,anna@x.example\n", 2),
    "semicolons and quotes": ('"Name";"Telefon"\n"Müller, Jörg";"+49 30 1234567"\n', 1),
    "no heading": ("Jane Doe\tjane@x.example\nAnna Clark\tanna@x.example\nJuan de la Cruz\tjuan@x.example\n", 3),
    "wide blanks, as in a PDF": ("Jane Doe      07700 900123      London\nAnna Clark    07700 900124      Leeds\n", 2),
    "dates of birth": ("Jane Doe, 1980-02-03\nAnna Clark, 4 May 1981\n", 2),
    "staff numbers": ("Capt Jane Doe | 30012345\nMaj Anna Clark | 30012346\n", 2),
    "German headings": ("Nachname;Vorname;Geburtsdatum\nMeier;Eva;1.2.1990\n", 1),
    "the same person twice": ("name\temail\nJane Doe\tj@x.example\nJANE DOE\tJ@x.example\n", 1),
    "two people of one name": ("name\temail\nJane Doe\tj1@x.example\nJane Doe\tj2@x.example\n", 2),
    "a comma within a cell of a sheet": (
        "Name\tAddress\tTel\nJane Doe\t1 Mill Lane, Oxford\t1\nJane Doe\t1 Mill Lane, Leeds\t2\n",
        2,
    ),
    "single blanks, as a PDF's table": ("Jane Doe 03/02/1980 07700 900123\n2. Anna Clark a@x.example 1980-02-03 London\n", 2),
    "Cyrillic": ("ФИО;телефон\nИванов Иван;+7 495 1234567\n", 1),  # noqa: RUF001
}
MISSES = {
    "prose": "Jane Doe met Anna Clark on 3 May 2026, and they agreed to write again.\n" * 5,
    "what was paid when": "Green Tea 03/02/2026 4.50\nMill Lane 04/02/2026 paid\n",
    "names alone": "Jane Doe\nAnna Clark\nJuan Perez\n",
    "products": "Name\tPrice\nGreen Tea\t4.50\nBlack Tea\t3.90\n",
    "places and figures": "North Region\t1,204\nSouth Region\t998\n",
    "log lines": "2026-05-03 10:02:11\tINFO\tserver started\n" * 9,
    "code": "def f(a, b):\n    return a, b\n" * 9,
    "a heading and nothing else": "Name\tEmail\tPhone\n",
    "empty": "",
}


@pytest.mark.parametrize("name", HITS)
def test_people_are_counted(name):
    text, people = HITS[name]
    assert count([text]) == people


@pytest.mark.parametrize("name", MISSES)
def test_what_is_no_record_of_a_person_is_not_counted(name):
    assert count([MISSES[name]]) == 0


def test_people_of_several_sheets_are_counted_once():
    assert count(["name\temail\nJane Doe\tj@x.example\n"] * 3) == 1


@pytest.mark.timed
@pytest.mark.parametrize(
    "line", ["a," * 1900, "Aa " * 1300, "1-" * 1900, "Jane Doe\t" + "1 " * 1900, "Jane Doe\t" + "a@" * 1900, "'" * 3900]
)
def test_counting_is_linear(line):
    import time

    started = time.perf_counter()
    count([f"{line}\n" * 500])
    assert time.perf_counter() - started < 20
