"""US Controlled Unclassified Information: 32 CFR 2002.20, the CUI marking handbook, the CUI registry.

A banner is `CUI//category/category//dissemination`; a specified category bears `SP-`. `CONTROLLED` may stand for `CUI`.
In a portion `(CUI//SP-CTI)`. `CUI` in a classified banner is a control of `us-eo13526`. `CONTROLLED` alone is a bare
word.
"""

from missent.content.markings import us_controls
from missent.content.markings.cui_categories import CATEGORIES
from missent.content.markings.found import Reading

SCHEME = "us-cui"
LEVELS = ("CUI",)
BARE = {"CONTROLLED": "CUI"}

DISSEMINATION = {
    "NOFORN": "NOFORN", "NF": "NOFORN", "FED ONLY": "FED ONLY", "FEDCON": "FEDCON", "NOCON": "NOCON", "DL ONLY": "DL ONLY",
    "RELIDO": "RELIDO", "ATTORNEY-CLIENT": "ATTORNEY-CLIENT", "AC": "ATTORNEY-CLIENT", "ATTORNEY-WP": "ATTORNEY-WP",
    "AWP": "ATTORNEY-WP", "DELIBERATIVE": "DELIBERATIVE", "DP": "DELIBERATIVE", "PRIV": "PRIV",
}  # fmt: skip
_HEADS = ("CUI", "CONTROLLED", "CONTROLLED UNCLASSIFIED INFORMATION", "(U) CUI", "UNCLASSIFIED//CUI", "U//CUI")


def read(text: str, *, loud: bool = True) -> Reading | None:
    """Read a whole upper-case banner, portion or tag; None if it is none of this scheme's. `loud`: it was in capitals."""
    for head in ("UNCLASSIFIED//", "U//"):
        text = text.removeprefix(head) if text.startswith(f"{head}CUI") else text
    first, *parts = [p.strip() for p in text.split("//")]
    if first not in _HEADS:
        return None
    if not parts:
        return Reading("", "CONTROLLED", syntax=False) if first == "CONTROLLED" else Reading(SCHEME, "CUI")
    controls: list[str] = []
    for part in parts:
        for entry in [part] if part in DISSEMINATION else part.split("/"):
            control = _control(entry.strip(), loud=loud)
            if control is None:
                return None
            if control and control not in controls:
                controls.append(control)
    return Reading(SCHEME, "CUI", in_order(controls))


def _control(entry: str, *, loud: bool) -> str | None:
    """One category or dissemination control in its long form; "" for nothing; None if it cannot be one."""
    if not entry or entry in DISSEMINATION:
        return DISSEMINATION.get(entry, "")
    if entry.removeprefix("SP-") in CATEGORIES:
        return entry
    known = us_controls.known(entry)
    if known:
        return known[0]
    return entry if loud and us_controls.UNKNOWN.fullmatch(entry) else None


def _category(control: str) -> int:
    if control.removeprefix("SP-") in CATEGORIES:
        return 0 if control.startswith("SP-") else 1
    return 2


def in_order(controls: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Specified categories, basic ones, then dissemination; the first two by letter, as the handbook asks."""
    return tuple(sorted(dict.fromkeys(controls), key=lambda c: (_category(c), c)))


def canonical(level: str, controls: tuple[str, ...]) -> str:
    """The banner line."""
    categories = "/".join(c for c in controls if _category(c) < 2)
    dissemination = "/".join(c for c in controls if _category(c) == 2)
    return "//".join(part for part in (level, categories, dissemination) if part)
