"""US control markings and their order in a banner (CAPCO Register; ISOO marking booklet; 32 CFR 2001.24).

The tables are the published ones; compartments and programmes below them are matched by their form, since their names are
not published. Short forms (portion marks) are turned into the long ones of banners.
"""

import re
from collections.abc import Iterable, Sequence

SCI = re.compile(r"(?:HCS|SI|TK|KDK|KLONDIKE|RSV|RESERVE|BUR|COMINT|ENDSEAL|EL|G)(?:-[A-Z0-9]{1,8}(?: [A-Z0-9]{2,8})*)*")
SAP = re.compile(r"(?:SAR|SPECIAL ACCESS REQUIRED)-[A-Z0-9 /-]{1,60}|SPECIAL ACCESS REQUIRED|SAR|WAIVED|HVSACO")
AEA = re.compile(
    r"(?:RESTRICTED DATA|FORMERLY RESTRICTED DATA|F?RD)(?:-(?:CNWDI|N|SG[ \d]+|SIGMA[ \d]+))*|TFNI|CNWDI|(?:DO[DE] )?UCNI|DCNI"
)
FGI = re.compile(r"(?:FGI|JOINT)(?: [A-Z]{3,4})*|(?:NATO|COSMIC|ATOMAL|BALK|BOHEMIA)")
RELEASE = re.compile(
    r"(?:REL TO|REL|RELEASABLE TO|DISPLAY ONLY|EYES ONLY) [A-Z]{3,4}(?: ?[,/ ] ?(?:AND )?[A-Z]{3,4})*|[A-Z/]{3,40} EYES ONLY"
)
DATE = re.compile(r"\d{8}|MR|X\d|25X\d|OADR|DECL(?:ON)?:?.*")
UNKNOWN = re.compile(r"[A-Z][A-Z0-9 .,&-]{1,39}")

DISSEMINATION = {
    "RSEN": "RSEN", "RS": "RSEN", "RISK SENSITIVE": "RSEN", "FOUO": "FOUO", "FOR OFFICIAL USE ONLY": "FOUO",
    "ORIGINATOR CONTROLLED": "ORCON", "ORCON": "ORCON", "OC": "ORCON", "ORCON-USGOV": "ORCON-USGOV", "OC-USGOV": "ORCON-USGOV",
    "CONTROLLED IMAGERY": "IMCON", "IMCON": "IMCON", "IMC": "IMCON",
    "NOT RELEASABLE TO FOREIGN NATIONALS": "NOFORN", "NOFORN": "NOFORN", "NF": "NOFORN",
    "PROPIN": "PROPIN", "PR": "PROPIN", "PROPRIETARY INFORMATION": "PROPIN", "RELIDO": "RELIDO",
    "REL": "REL", "FISA": "FISA", "DEA SENSITIVE": "DSEN", "DSEN": "DSEN",
}  # fmt: skip
OTHER = {
    "LIMDIS": "LIMDIS", "DS": "LIMDIS", "LIMITED DISTRIBUTION": "LIMDIS", "EXDIS": "EXDIS", "XD": "EXDIS",
    "EXCLUSIVE DISTRIBUTION": "EXDIS", "NODIS": "NODIS", "ND": "NODIS", "NO DISTRIBUTION": "NODIS", "STADIS": "STADIS",
    "SBU": "SBU", "SENSITIVE BUT UNCLASSIFIED": "SBU", "SBU NOFORN": "SBU NOFORN", "SBU-NF": "SBU NOFORN",
    "LES": "LES", "LAW ENFORCEMENT SENSITIVE": "LES", "LES NOFORN": "LES NOFORN", "LES-NF": "LES NOFORN",
    "SSI": "SSI", "SENSITIVE SECURITY INFORMATION": "SSI", "ACCM": "ACCM", "CUI": "CUI",
}  # fmt: skip
_WORDS = {**DISSEMINATION, **OTHER}
_FORMS = (SCI, SAP, AEA, FGI, RELEASE)
_TABLES = (frozenset(DISSEMINATION.values()), frozenset(OTHER.values()))
_JOINED = (_FORMS.index(SCI), _FORMS.index(AEA), len(_FORMS), len(_FORMS) + 1)
"""Categories whose entries a banner joins by `/`; the others' entries hold slashes or blanks of their own."""
_LIST = re.compile(r"^(REL TO|REL|RELEASABLE TO|DISPLAY ONLY|EYES ONLY) (.*)$")
_MOST = 24


def read(parts: Sequence[str], *, loud: bool = True) -> tuple[str, ...] | None:
    """Controls of the parts between `//`; None if one of them cannot be a control. Dates are no controls."""
    controls: list[str] = []
    for part in parts:
        for entry in _entries(part.strip()):
            if DATE.fullmatch(entry):
                continue
            control = _one(entry) or (entry if loud and UNKNOWN.fullmatch(entry) else None)
            if control is None or len(controls) >= _MOST:
                return None
            if control not in controls:
                controls.append(control)
    return tuple(controls)


def known(text: str) -> tuple[str, ...] | None:
    """Controls of a text without `//`: only those of the tables, so that prose is not taken for them."""
    controls = [_one(entry) for entry in _entries(text.strip())]
    return in_order(c for c in controls if c) if controls and all(controls) else None


def _entries(part: str) -> list[str]:
    """Entries of one category; a slash inside a list of nations parts these, not entries."""
    if part in _WORDS or part.endswith("EYES ONLY") or RELEASE.fullmatch(part):
        return [part]
    commas = [entry.strip() for entry in part.split(",")]
    if all(entry in _WORDS for entry in commas):
        return commas
    return [entry.strip() for entry in part.split("/") if entry.strip()]


def _one(entry: str) -> str | None:
    if entry in _WORDS:
        return _WORDS[entry]
    listed = _LIST.match(entry)
    if listed and RELEASE.fullmatch(entry):
        kind = {"REL": "REL TO", "RELEASABLE TO": "REL TO"}.get(listed[1], listed[1])
        return f"{kind} {', '.join(n for n in re.findall('[A-Z]+', listed[2]) if n != 'AND')}"
    return entry if any(form.fullmatch(entry) for form in _FORMS) else None


def _category(control: str) -> int:
    matches = (*(form.fullmatch(control) is not None for form in _FORMS), *(control in table for table in _TABLES), True)
    return matches.index(True)


def in_order(controls: Iterable[str]) -> tuple[str, ...]:
    """Each control once, in the order of banner categories; within one as given."""
    return tuple(sorted(dict.fromkeys(controls), key=_category))


def grouped(controls: Iterable[str]) -> list[str]:
    """Categories of a banner, entries of one joined by `/`; releases, foreign and unknown entries stand alone."""
    groups: list[str] = []
    last = -1
    for control in in_order(controls):
        category = _category(control)
        if category == last and category in _JOINED:
            groups[-1] += f"/{control}"
        else:
            groups.append(control)
        last = category
    return groups
