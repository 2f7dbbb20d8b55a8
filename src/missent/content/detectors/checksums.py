"""Check digits by their published rules: what tells a number from a number that merely looks like it.

Each takes a value in capitals without separators, of the length and letters its detector's pattern demands.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from string import ascii_uppercase

_VALUE = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
"""By a digit: the sum of the digits of twice its value."""


def weighted(number: str, weights: Sequence[int]) -> int:
    """Sum of digits times weights, as far as both reach."""
    return sum(int(c) * w for c, w in zip(number, weights, strict=False))


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1 annex B, over digits only."""
    digits = number.encode()
    return (sum(digits[-1::-2].translate(_VALUE)) + sum(digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def mod97(account: str) -> bool:
    """ISO 13616 over an IBAN in capitals without separators."""
    turned = account[4:] + account[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def nhs(number: str) -> bool:
    """NHS Data Dictionary: ten digits, the last of them modulus 11."""
    return -weighted(number[:9], range(10, 1, -1)) % 11 == int(number[9])


def utr(number: str) -> bool:
    """HMRC unique taxpayer reference: ten digits, the first is the check digit of the other nine."""
    return number[0] == "21987654321"[weighted(number[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11]


def aba(number: str) -> bool:
    """American Bankers Association routing number: nine digits, weights 3 7 1, and a prefix that is assigned."""
    prefix = int(number[:2])
    assigned = prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80
    return assigned and number[:4] != "0000" and weighted(number, (3, 7, 1) * 3) % 10 == 0


def mod11_10(number: str) -> bool:
    """ISO 7064 MOD 11,10, as the German tax identification number has it."""
    product = 10
    for c in number[:-1]:
        total = (int(c) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(number[-1])


def icao(field: str, check: str) -> bool:
    """ICAO Doc 9303 part 3: weights 7 3 1, letters from 10, filler 0; an unused field's check digit may be a filler."""
    total = sum((0 if c == "<" else int(c, 36)) * w for c, w in zip(field, (7, 3, 1) * len(field), strict=False))
    return str(total % 10) == check or (check == "<" and set(field) == {"<"})


def nir(number: str) -> bool:
    """French NIR: 97 minus the number modulo 97; Corsica's 2A and 2B count as 19 and 18."""
    body = number[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and 97 - int(body) % 97 == int(number[13:])


_ODD_PLACES = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def codice_fiscale(code: str) -> bool:
    """Italian tax code (D.M. 23 December 1976): fifteen letters and digits, each with a value by its place, then a letter."""
    places = [int(c) if c.isdigit() else ascii_uppercase.index(c) for c in code[:15]]
    total = sum(_ODD_PLACES[value] if at % 2 == 0 else value for at, value in enumerate(places))
    return ascii_uppercase[total % 26] == code[15]


def dni(number: str) -> bool:
    """Spanish DNI and NIE: the letter is the number modulo 23; X, Y, Z stand for 0, 1, 2."""
    turned = number[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(turned) % 23] == number[-1]


def pesel(number: str) -> bool:
    """Polish PESEL: date of birth with the century in the month, weights 1 3 7 9."""
    month = int(number[2:4])
    century = {0: 1900, 2: 2000, 4: 2100, 6: 2200, 8: 1800}.get(month // 20 * 2)
    return born(century or 0, number[:2], month % 20, number[4:6]) and (
        -weighted(number[:10], (1, 3, 7, 9) * 3) % 10 == int(number[10])
    )


def bsn(number: str) -> bool:
    """Dutch BSN: nine digits, the eleven test with -1 for the last."""
    return number != "0" * 9 and weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def belgian(number: str) -> bool:
    """Belgian national number: 97 minus the first nine modulo 97, with a 2 before them for those born since 2000."""
    return any(97 - int(before + number[:9]) % 97 == int(number[9:]) for before in ("", "2"))


def cnp(number: str) -> bool:
    """Romanian CNP: sex and century, date of birth, county, weights 279146358279."""
    century = {1: 1900, 2: 1900, 3: 1800, 4: 1800, 5: 2000, 6: 2000}.get(int(number[0]), 1900)
    check = weighted(number[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return born(century, number[1:3], int(number[3:5]), number[5:7]) and int(number[12]) == (1 if check == 10 else check)


def personnummer(number: str) -> bool:
    """Swedish personal number: date of birth (the day plus 60 for a co-ordination number) and Luhn over the last ten."""
    ten = number[-10:]
    day = int(ten[4:6]) % 60
    return luhn(ten) and any(born(century, ten[:2], int(ten[2:4]), str(day)) for century in (1900, 2000))


def born(century: int, year: str, month: int, day: str) -> bool:
    """Whether such a day was."""
    try:
        date(century + int(year), month, int(day))
    except ValueError:
        return False
    return True


def spread(number: str, most: Iterable[int]) -> bool:
    """Whether the digit that occurs most often occurs as many times as allowed."""
    return max(number.count(c) for c in set(number)) in most
