"""Fields that exist to say a marking: header fields of standards and of classification products, and document properties.

What stands there is meant as a marking, so a bare word counts whatever its case. Names are a table; a value may be a
marking, `key=value` pairs or a form of its own (Email Protective Marking Standard, `msip_labels`, SIO-Label of RFC 7444,
Sensitivity of RFC 4021).
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from missent.content.markings import au_pspf, commercial, msip, nato_labels, titus
from missent.content.markings.found import Reading

Whole = Callable[[str], tuple[Reading, ...]]
"""Reads a text that is a marking as a whole, in any scheme."""

_HEADERS = """
x-protective-marking x-classification x-security-classification x-protective-marking-label x-tituslabel x-titus-classification
x-tituslabs-classifications-30 x-titusconfigdata x-bjprotect x-boldonjames-classification x-boldon-james-classification
x-bj-classification x-bjclassification x-janusseal-classification x-januslabel x-fortra-classification x-sensitivity-label
x-ms-exchange-organization-classification x-microsoft-classification x-ms-sensitivity-label x-marking x-security-label x-label
x-gpms x-gsc-classification classification protective-marking x-tlp x-x400-security-label
"""
_PROPERTIES = """
classification security-classification securityclassification protective-marking protectivemarking titusclassification
tituslabel bjclassification bjdocumentlabel bjdocumentsecuritylabel bjlabel docclassification document-classification
documentclassification marking sensitivity sensitivity-label sensitivitylabel tlp capcolevel classificationlevel
"""
NAMES = {"header": frozenset(_HEADERS.split()), "property": frozenset(_PROPERTIES.split())}
"""Names in lower case, blanks and underscores as hyphens, by kind of piece."""

_TITUS = "x-titus-metadata-40"
_OWN_FORMS = frozenset(("msip_labels", "sio-label", "sensitivity", _TITUS))
_SENSITIVITY = {"company-confidential": "CONFIDENTIAL", "personal": "", "private": "", "normal": ""}
_PAIRS = re.compile(r"([A-Za-z][\w.-]{1,39}) ?[=:] ?([^;|\r\n]{1,200})")
_KEYS = re.compile(r"(?i)class|mark|label|level|caveat|sec\b|tlp")
_LEVEL_KEYS = re.compile(r"(?i)caveat|handling|descriptor")
_MOST = 100_000
_LONGEST = 8_000


@lru_cache(maxsize=1024)  # the same few dozen stand in nearly all mail
def declares(kind: str, name: str) -> bool:
    """Whether a header field or property of this lower-case name may say a marking, so that it has to be read."""
    return name in _OWN_FORMS or name.startswith("msip_label_") or re.sub("[ _]", "-", name) in NAMES.get(kind, ())


def read(kind: str, name: str, value: str, whole: Whole) -> tuple[Reading, ...]:
    """Readings of one header field or property; empty for a field that is not for markings."""
    value = value[:_MOST]
    if name.startswith("msip_label"):
        labels = msip.read_header(value) if name == "msip_labels" else msip.read_property(name, value)
        return (*labels, *_known(labels, whole))
    if name == "sio-label":
        marking, xml = nato_labels.read_sio(value)
        return nato_labels.read(xml) or whole(marking)
    if name == _TITUS:
        return _paired(titus.read(value), whole)
    if name == "sensitivity":
        level = _SENSITIVITY.get(value.strip().lower(), "") if kind == "header" else value
        return (Reading(commercial.SCHEME, level),) if level and kind == "header" else whole(level)
    if re.sub("[ _]", "-", name) not in NAMES.get(kind, ()):
        return ()
    return _declared(name, value, whole)


def _declared(name: str, value: str, whole: Whole) -> tuple[Reading, ...]:
    """A value that is a marking: by the Email Protective Marking Standard, as a whole, or in pairs."""
    value = value[:_LONGEST]
    pspf = au_pspf.read_pairs(value) if re.search(r"(?i)\bsec\s*=", value) else None
    if pspf:
        return (pspf,)
    if name.endswith("tlp") and ":" not in value:
        value = f"TLP:{value.strip()}"
    direct = whole(value)
    if direct:
        return direct
    return _paired([(k.strip(), v.strip().strip('"')) for k, v in _PAIRS.findall(value)[:50]], whole)


def _paired(given: Iterable[tuple[str, str]], whole: Whole) -> tuple[Reading, ...]:
    """What is named a level, with the caveats beside it."""
    pairs = [(k, v) for k, v in given if _KEYS.search(k)]
    levels = [v for k, v in pairs if not _LEVEL_KEYS.search(k)]
    caveats = [v for k, v in pairs if _LEVEL_KEYS.search(k) and v]
    for level in levels:
        readings = whole("//".join((level, *caveats))) or whole(" - ".join((level, *caveats))) or whole(level)
        if readings:
            return readings
    return ()


def _known(labels: tuple[Reading, ...], whole: Whole) -> tuple[Reading, ...]:
    """A label's name read as a marking of a published scheme (`OFFICIAL-SENSITIVE`); a bare `Confidential` stays a name."""
    return tuple(r for label in labels for r in whole(label.level) if r.scheme not in ("", commercial.SCHEME))
