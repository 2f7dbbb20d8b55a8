"""Who may be mistaken for whom: whatever the check would say, the cheap look must not pass over."""

from datetime import UTC, datetime

import pytest

from missent.archive.scan.suspects import Usual
from missent.nouns.address import Address
from missent.recipients.history import Contact

AT = datetime(2023, 7, 1, tzinfo=UTC)


def contact(local, name="", domain="army.mil", sent=9, received=0):
    return Contact(Address(local, domain, name), sent, received, AT, AT)


def likes(typed, usual, name=""):
    contacts = {c.address.key: c for c in (contact(usual, "Jane Doe"), contact(typed, name, sent=1))}
    return Usual(contacts).like(f"{typed}@army.mil")


@pytest.mark.parametrize(
    ("typed", "usual"),
    [
        ("jane.deo", "jane.doe"),
        ("jane_doe", "jane.doe"),
        ("janedoe", "jane.doe"),
        ("doe.jane", "jane.doe"),
        ("jane.doe2", "jane.doe"),
        ("jdoe", "jane.doe"),
        ("doej", "jane.doe"),
        ("janed", "jane.doe"),
        ("simth", "smith"),
        ("smiht", "smith"),
        ("msith", "smith"),
        ("smth.john", "smith.john"),
        ("petersen", "peterson"),
        ("robrt.miller", "robert.miller"),
    ],
)
def test_found(typed, usual):
    assert likes(typed, usual)


@pytest.mark.parametrize(
    ("typed", "usual", "name"),
    [
        ("carol.white", "jane.doe", ""),
        ("info", "inof", ""),
        ("sales2", "sales1", ""),
        ("abc", "abd", ""),
        ("room12", "room13", ""),
    ],
)
def test_passed_over(typed, usual, name):
    assert not likes(typed, usual, name)


def test_by_name_anywhere():
    contacts = {c.address.key: c for c in (contact("x1", "Jane Doe"), contact("q7", "Doe, Jane", "else.example", sent=1))}
    assert Usual(contacts).like("q7@else.example")


def test_somebody_written_to_once_is_no_usual_contact():
    contacts = {c.address.key: c for c in (contact("jane.doe", sent=1), contact("jane.deo", sent=1))}
    assert not Usual(contacts).like("jane.deo@army.mil")


@pytest.mark.parametrize("slip", range(200))
def test_no_slip_the_check_knows_is_passed_over(slip):
    from random import Random

    from missent.checks.local_parts import alike, shape

    chance = Random(slip)
    usual = chance.choice(["jane.doe", "robert.miller", "petersen", "k.ivanova", "chen_li", "smithson", "anna-marie.osei"])
    typed = list(usual)
    at = chance.randrange(len(typed) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        typed[at], typed[at + 1] = typed[at + 1], typed[at]
    elif kind == 1:
        del typed[at]
    elif kind == 2:
        typed.insert(at, chance.choice("aeinst"))
    else:
        typed[at] = chance.choice("aeinst")
    typed = "".join(typed)
    if alike(shape(typed), shape(usual), named=True) is not None:
        assert likes(typed, usual)
