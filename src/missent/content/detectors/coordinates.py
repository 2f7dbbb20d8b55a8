"""`coordinates`: a place on the earth to within metres: where somebody is, or will be.

Latitude and longitude in degrees, minutes and seconds, or as decimals to four places and more; a grid reference of the Military Grid
Reference System with its zone, or of Ordnance Survey with a word. Ranges are checked: latitude 90, longitude 180, MGRS band and
columns by zone (NGA.SIG.0012). Maps are sent for good reasons, so it is medium at most.
"""

import re
from collections.abc import Iterator

from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit, bare, beside
from missent.content.detectors.numbers import words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_DEGREES = r"\d{1,3}[ ]?(?:\xb0|deg\.?|d)[ ]?\d{1,2}(?:\.\d{1,6})?[ ]?['m]?[ ]?(?:\d{1,2}(?:\.\d{1,4})?[ ]?(?:\"|''|s)?)?[ ]?"
_DMS = rf"(?<![\w.])({_DEGREES})([NS])[ ,;/]{{1,4}}({_DEGREES})([EW])(?![A-Za-z0-9])"
_DECIMAL = r"(?<![\w.,$-])(-?\d{1,2}\.\d{4,9})\xb0?[ ]?([NS])?[ ]?[,;/ ][ ]?(-?\d{1,3}\.\d{4,9})\xb0?[ ]?([EW])?(?![\w%]|\.\d)"
_MGRS = r"(?<![\w.-])(\d{1,2})([C-HJ-NP-X])[ ]?([A-HJ-NP-Z])([A-HJ-NP-V])[ ]?(\d{8}|\d{10}|\d{4} \d{4}|\d{5} \d{5})(?![\w-])"
_OS = r"(?<![\w-])([HNOST][A-HJ-Z])[ ]?(\d{6}|\d{8}|\d{10}|\d{3} \d{3}|\d{4} \d{4}|\d{5} \d{5})(?![\w-]|[.,]\d)"
_PLACE = words(
    "lat(?:itude)?", "long?(?:itude)?", "coord\\w*", "gps", "grid", "located", "position", "waypoint", "wgs ?84", "map"
)
_GRID = words("grid ref\\w*", "os grid", "ngr", "os ref\\w*", "map ref\\w*")
_COLUMNS = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")
_PRECISE = re.compile(r"\.\d{5}")
"""Decimals that a place on the earth is written with to a metre, and few other pairs of numbers."""
_PAIR = Grade(Severity.LOW, 0.5)
_ENOUGH = Grade(Severity.MEDIUM, 0.9)


def _find(text: str, found: Found) -> Iterator[Hit]:
    for match in found.get("dms", ()):
        if _degrees(match[1]) <= 90 and _degrees(match[3]) <= 180:
            yield Hit("degrees", bare(match[0]), _ENOUGH)
    for match in found.get("decimal", ()):
        told = (match[2] and match[4]) or beside(text, match, _PLACE)
        if told and abs(float(match[1])) <= 90 and abs(float(match[3])) <= 180:
            yield Hit("decimal", match[1] + " " + match[3], _ENOUGH)
        elif all(_PRECISE.search(match[n]) for n in (1, 3)) and abs(float(match[1])) <= 90 and abs(float(match[3])) <= 180:
            yield Hit("decimal", match[1] + " " + match[3], _PAIR)
    for match in found.get("mgrs", ()):
        zone = int(match[1])
        if 1 <= zone <= 60 and match[3] in _COLUMNS[zone % 3]:
            yield Hit("mgrs", bare(match[0]), Grade(Severity.MEDIUM, 0.95))
    for match in found.get("os-grid", ()):
        if beside(text, match, _GRID):
            yield Hit("os-grid", bare(match[0]), Grade(Severity.MEDIUM, 0.85))


def _degrees(text: str) -> float:
    parts = [float(p) for p in re.findall(r"\d+(?:\.\d+)?", text)]
    if any(p >= 60 for p in parts[1:]):
        return 999.0
    return sum(part / 60.0**place for place, part in enumerate(parts))


DETECTOR = Detector(
    "coordinates",
    Category.LOCATION,
    (Pattern("dms", _DMS), Pattern("decimal", _DECIMAL), Pattern("mgrs", _MGRS), Pattern("os-grid", _OS, gate=_GRID)),
    _find,
)
