"""`mrz`: the machine-readable zone of a passport, visa or identity card: a whole identity in two or three lines.

ICAO Doc 9303: TD3 (passports, 2 x 44), TD2 (2 x 36), TD1 (cards, 3 x 30); check digits of document number, birth and expiry must be
right, so a false finding takes a thousand tries.
"""

import re
from collections.abc import Iterator

from missent.content.detectors.checksums import icao
from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NAMES = "[A-Z]<<[A-Z<]"
_CORE = r"([A-Z0-9<]{9})([\d<])[A-Z<]{3}(\d{6})(\d)[MFX<](\d{6})(\d)"
_GAP = r"[ \t]{0,4}\r?\n[ \t>]{0,8}"
_TD3 = rf"(?<![A-Z0-9<])[PV](?=[A-Z<]{{3,40}}[A-Z]<<)[A-Z<]{{43}}{_GAP}{_CORE}[A-Z0-9<]{{14}}[\d<]\d(?![A-Z0-9<])"
_TD2 = rf"(?<![A-Z0-9<])[PVIAC](?=[A-Z<]{{3,32}}[A-Z]<<)[A-Z<]{{35}}{_GAP}{_CORE}[A-Z0-9<]{{7}}\d(?![A-Z0-9<])"
_TD1 = (
    rf"(?<![A-Z0-9<])[IAC][A-Z0-9<][A-Z<]{{3}}([A-Z0-9<]{{9}})([\d<])[A-Z0-9<]{{15}}{_GAP}(\d{{6}})(\d)[MFX<](\d{{6}})(\d)[A-Z<]{{3}}"
    rf"[A-Z0-9<]{{11}}\d{_GAP}(?=[A-Z<]{{0,27}}[A-Z]<<)[A-Z<]{{30}}(?![A-Z0-9<])"
)


def _find(_text: str, found: Found) -> Iterator[Hit]:
    for kind, matches in found.items():
        for match in matches:
            if _sound(match):
                yield Hit(kind, match[1] + match[3] + match[5], Grade(Severity.HIGH, 0.99))


def _sound(match: re.Match[str]) -> bool:
    return all(icao(match[field], match[field + 1]) for field in (1, 3, 5))


DETECTOR = Detector(
    "mrz",
    Category.IDENTITY,
    (Pattern("td3", _TD3, anchor=_NAMES), Pattern("td2", _TD2, anchor=_NAMES), Pattern("td1", _TD1, anchor=_NAMES)),
    _find,
)
