import time

import pytest

from missent.content.detectors.look import look
from missent.content.detectors.registry import DETECTORS
from missent.content.pieces import Piece

HITS = {
    "payment-card": [
        "card 4111111111111111",
        "4111 1111 1111 1111",
        "Amex: 3714 496353 98431",
        "5454-5454-5454-5454 exp 09/29",
        "visa no. 4000123456789017.",
        "see 6011111111111117 there",
    ],
    "iban": [
        "GB82 WEST 1234 5698 7654 32",
        "to DE89370400440532013000.",
        "FR14 2004 1010 0505 0001 3M02 606 please",
        "NO93 8601 1117 947",
        "MT84MALT011000012345MTLCAST001S",
        "IBAN: NL91ABNA0417164300",
    ],
    "us-ssn": [
        "SSN 536-22-8714",
        "social security number: 536228714",
        "ssn: 536 22 8714",
        "his is 536-22-8714",
        "SS# 219-45-1187",
    ],
    "uk-national-insurance": [
        "NI number AB123456C",
        "AB 12 34 56 C",
        "NINO: JG103759A",
        "national insurance JG 10 37 59 A",
        "he is CE123456D",
    ],
    "nhs-number": [
        "NHS number 943 476 5919",
        "NHS No: 4857773457",
        "nhs 401-023-2137",
        "her NHS number is 9434765919",
        "485 777 3457 (NHS)",
    ],
}
MISSES = {
    "payment-card": [
        "card 4111111111111112",
        "order 9111 1111 1111 1111",
        "4444444444444444",
        "x4111111111111111",
        "4111-1111 11111111",
    ],
    "iban": [
        "GB83 WEST 1234 5698 7654 32",
        "DE8937040044053201300",
        "XX82WEST12345698765432",
        "gb number 82 1234 5698",
        "DE893704004405320130001",
    ],
    "us-ssn": [
        "SSN 000-22-8714",
        "SSN 666-22-8714",
        "SSN 536-00-8714",
        "SSN 536-22-0000",
        "SSN 123-45-6789",
        "call 536228714",
        "SSN 912-22-8714",
    ],
    "uk-national-insurance": ["NI BG123456A", "NI AB123456E", "NI DA123456A", "NI AB12345C", "NI AO123456A", "XAB123456C"],
    "nhs-number": [
        "NHS number 943 476 5918",
        "call 943 476 5919",
        "NHS helpline: 943 476 5919",
        "NHS 1111111111",
        "NHS number 943476591",
    ],
}


def found(text):
    return {f.id for f in look([Piece("body", text)])}


def test_every_detector_has_both_tables():
    assert {d.id for d in DETECTORS} == HITS.keys() == MISSES.keys()
    assert all(len(rows) >= 5 for table in (HITS, MISSES) for rows in table.values())


@pytest.mark.parametrize(("id_", "text"), [(i, t) for i, rows in HITS.items() for t in rows])
def test_hit(id_, text):
    assert id_ in found(text)
    assert id_ in found(f"Hello,\n\n{text}\n\nRegards")


@pytest.mark.parametrize(("id_", "text"), [(i, t) for i, rows in MISSES.items() for t in rows])
def test_near_miss(id_, text):
    assert id_ not in found(text)


def test_evidence_holds_no_matched_text_and_a_keyed_digest():
    (finding,) = look([Piece("body", "card 4111111111111111 and again 4111111111111111")], b"k")
    assert (finding.evidence["kind"], finding.evidence["where"], finding.evidence["count"]) == ("number", "body", 1)
    assert "4111" not in "".join(str(v) for k, v in finding.evidence.items() if k != "digest")
    assert "digest" not in look([Piece("body", "card 4111111111111111")])[0].evidence


@pytest.mark.parametrize("unit", ["4 ", "41111111", "GB82 ", "GB82WEST", "1-", "AB12", "nhs 123 ", "123-45-"])
def test_hostile_text_takes_linear_time(unit):
    begin = time.process_time()
    look([Piece("body", "nhs " + unit * (400_000 // len(unit)))])
    assert time.process_time() - begin < 5
