"""Confidentiality labels in XML (STANAG 4774, ADatP-4774) and the SIO-Label header field that carries such in mail (RFC
7444).

`<PolicyIdentifier>` names the owner of the scheme, `<Classification>` the level, `<Category TagName=…><GenericValue
Value=…>` the controls. It is read by form rather than with an XML parser: a hostile document type cannot hurt, and a
label cut short is still seen.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from itertools import islice

from missent.content.markings.found import Reading
from missent.content.markings.schemes import SCHEMES, Scheme

NAMESPACE = "urn:nato:stanag:4774:"
_MOST = 200_000

_LABEL = re.compile(r"<(?:\w{1,30}:)?PolicyIdentifier\b[^<>]{0,500}>([^<]{1,200})<")
_CLASSIFICATION = re.compile(r"<(?:\w{1,30}:)?Classification\b[^<>]{0,500}>([^<]{1,200})<")
_CATEGORY = re.compile(r"<(?:\w{1,30}:)?Category\b([^<>]{0,500})>")
_VALUE = re.compile(
    r"<(?:\w{1,30}:)?(?:GenericValue|CountryCode)\b(?:[^<>]{0,200}Value=\"([^\"]{1,100})\"|[^<>]{0,200}>([^<]{1,100})<)"
)
_TAG = re.compile(r"TagName=\"([^\"]{1,100})\"")
_PARAMETER = re.compile(r"\b(marking|label|type)(\*\d{1,3})? ?= ?(?:\"([^\"]*)\"|([^;\"]*))")

_POLICIES = {
    "NATO": "nato", "OTAN": "nato", "NATO/EAPC": "nato", "UK": "uk-gscp", "GBR": "uk-gscp", "UK GSC": "uk-gscp",
    "UK GPMS": "uk-gpms", "US": "us-eo13526", "USA": "us-eo13526", "US CUI": "us-cui",
    "AUS": "au-pspf", "AU": "au-pspf", "AU PSPF": "au-pspf",
}  # fmt: skip


def read(xml: str) -> tuple[Reading, ...]:
    """Every label of a text whose policy is known; empty if there is none."""
    xml = xml[:_MOST]
    readings = (_one(policy[1], inside) for policy, inside in _parts(_LABEL, xml))
    return tuple(r for r in readings if r)


def _parts(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each match (at most fifty) with the text up to the next."""
    starts = list(islice(pattern.finditer(text), 50))
    ends = [m.start() for m in starts[1:]] + [len(text)]
    for match, end in zip(starts, ends[: len(starts)], strict=True):
        yield match, text[match.end() : end]


def _one(policy: str, inside: str) -> Reading | None:
    said = _CLASSIFICATION.search(inside)
    name = _POLICIES.get(" ".join(policy.upper().split()))
    if name is None or said is None:
        return None
    word = " ".join(said[1].upper().replace("_", " ").split())
    for scheme in (SCHEMES[name], *([SCHEMES["uk-gpms"]] if name == "uk-gscp" else [])):
        level = _level(scheme, word)
        if level:
            return Reading(scheme.name, level, _categories(inside))
    return None


def _level(scheme: Scheme, word: str) -> str | None:
    own = {level.upper().replace("-", " "): level for level in scheme.levels}
    return own.get(word.replace("-", " ")) or scheme.bare.get(word)


def _categories(inside: str) -> tuple[str, ...]:
    controls: list[str] = []
    for category, said in _parts(_CATEGORY, inside):
        tag = _TAG.search(category[1])
        values = [(a or b).strip().upper() for a, b in _VALUE.findall(said)[:50]]
        if tag and tag[1].upper().startswith("RELEASABLE"):
            controls.append(f"REL TO {', '.join(values)}")
        else:
            controls += values
    return tuple(dict.fromkeys(c for c in controls if c))


def read_sio(value: str) -> tuple[str, str]:
    """The display marking and the XML label of an SIO-Label value, each "" if absent or unreadable."""
    said: dict[str, list[str]] = {}
    for match in _PARAMETER.finditer(value[:_MOST]):
        said.setdefault(match[1], []).append((match[3] or match[4] or "").strip())
    label = re.sub(r"\s+", "", "".join(said.get("label", [])))
    try:
        xml = base64.b64decode(label, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        xml = ""
    return "".join(said.get("marking", [])), xml
