"""Check digits by their published rules: what tells a number from a number that merely looks like it."""


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1 annex B, over digits only."""
    doubled = (int(c) * 2 for c in number[-2::-2])
    return (sum(int(c) for c in number[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


def mod97(account: str) -> bool:
    """ISO 13616 over an IBAN in capitals without separators."""
    turned = account[4:] + account[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def nhs(number: str) -> bool:
    """NHS Data Dictionary: ten digits, the last of them modulus 11."""
    check = -sum(int(c) * w for c, w in zip(number, range(10, 1, -1), strict=False)) % 11
    return check == int(number[9])
