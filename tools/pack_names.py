"""Make `src/missent/recipients/data/`: the book of names and the table of look-alike letters.

    python tools/pack_names.py FOLDER CONFUSABLES

FOLDER holds `mil_hosts.csv`, `us_gov.csv`, `uk_public_sector_email.json`, `free_mail.json` and `disposable.txt`; CONFUSABLES
is Unicode's `confusables.txt` or that of a package in JSON. Public suffixes come from the installed `publicsuffixlist`.
Run once a version, when a list has changed; `data/SOURCES` names where each comes from and its licence.
"""

import csv
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import publicsuffixlist

from missent.nouns.address import canonical_domain
from missent.recipients.book import OPEN, PACKAGED, Book, Mark, pack
from missent.recipients.endings import CLOSED
from missent.recipients.filing import near_keys
from missent.recipients.glyphs import TABLE
from missent.recipients.suffixes import split

# Mail domains that the list of `.mil` web hosts lacks.
_MILITARY_MAIL = """
mail.mil health.mil us.af.mil us.army.mil us.navy.mil navy.mil usmc.mil mcw.usmc.mil socom.mil mail.smil.mil army.mil
af.mil spaceforce.mil us.spaceforce.mil cybercom.mil cpf.navy.mil fe.navy.mil med.navy.mil navsea.navy.mil
navair.navy.mil nrl.navy.mil nmcp.med.navy.mil afit.edu js.pentagon.mil osd.mil sd.mil dla.mil dtra.mil dcsa.mil
dha.mil med.mil us.med.navy.mil conus.army.mil korea.army.mil eur.army.mil us.usmc.mil uscg.mil jcs.mil ndu.edu nga.mil
dodea.edu spacecom.mil indopacom.mil pacom.mil usace.army.mil amedd.army.mil ng.army.mil ang.af.mil diu.mil dc3.mil
disa.mil dcma.mil dcaa.mil dfas.mil dodiis.mil dia.mil whs.mil pfpa.mil sof.mil soc.mil usafa.edu usma.edu usna.edu
westpoint.edu jten.mil dsca.mil centcom.mil eucom.mil africom.mil southcom.mil northcom.mil stratcom.mil transcom.mil
"""
# The ministries, services and bodies whose mail domains stand in the United Kingdom's list only as a wildcard.
_BRITISH_MAIL = "mod.uk mod.gov.uk dstl.gov.uk mil.uk fcdo.gov.uk homeoffice.gov.uk cabinetoffice.gov.uk"
NOT_PROTECTED = frozenset(("gov.uk", "nhs.uk", "police.uk"))  # public suffixes: nobody has a mailbox there


def listed(folder: Path) -> Iterator[str]:
    """Every protected name of the registries."""
    for name in ("mil_hosts.csv", "us_gov.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            yield from (row[0].strip().lower() for row in list(csv.reader(file))[1:] if row)
    patterns = json.loads((folder / "uk_public_sector_email.json").read_text("utf-8"))["domains"]
    yield from (pattern["domain_pattern"].lower().removeprefix("*.") for pattern in patterns)
    yield from _MILITARY_MAIL.split()
    yield from _BRITISH_MAIL.split()


def rules() -> Iterator[tuple[str, Mark]]:
    """The Public Suffix List, private section included; top levels of its ICANN section are those of the root zone."""
    path = Path(publicsuffixlist.__file__).with_name("public_suffix_list.dat")
    icann = False
    for line in path.read_text("utf-8").splitlines():
        if "===BEGIN" in line:
            icann = "ICANN" in line
        rule = line.split()[0] if line.split() else ""
        if not rule or rule.startswith("//"):
            continue
        kind = Mark.WILDCARD if rule.startswith("*.") else Mark.EXCEPTION if rule.startswith("!") else Mark.RULE
        name = canonical_domain(rule.removeprefix("*.").removeprefix("!"))
        yield name, kind
        above = name
        while above := above.partition(".")[2]:
            yield above, Mark.ABOVE
        if kind is Mark.WILDCARD:
            yield name, Mark.ABOVE
        if icann:
            yield name.rpartition(".")[2], Mark.ROOT


def book(folder: Path) -> bytes:
    """The packed book."""
    marks: dict[str, int] = defaultdict(int)
    for name, mark in rules():
        marks[name] |= mark
    for name in json.loads((folder / "free_mail.json").read_text("utf-8")):
        marks[canonical_domain(name)] |= Mark.FREE_MAIL
    for name in (folder / "disposable.txt").read_text("utf-8").split():
        marks[canonical_domain(name)] |= Mark.DISPOSABLE
    names = sorted({canonical_domain(name) for name in listed(folder)} - NOT_PROTECTED)
    plain = Book(pack(marks, {}))
    for name in names:
        marks[name] |= Mark.LISTED
    splits = [split(plain, name) for name in names]
    return pack(marks, {one.host: near_keys(one) if one.suffix in CLOSED else [OPEN] for one in splits})


_NAMED = re.compile(
    r"LATIN (?:SMALL |CAPITAL )?(?:LETTER|LIGATURE) (?:SMALL CAPITAL |SCRIPT |TURNED |REVERSED |OPEN |DOTLESS |SHARP )*"
    r"([A-Z])(?: .*)?$"
)
_BY_EYE = """
    ƅb ьb вb ԍg ƨ2 ƽ5 ʒ3 ƻ2 з3 ɩi ıi əa ƿp þp ĸk кk ðd đd ŋn пn нh ħh тt ŧt мm гr яr иu уy łl øo
"""
BY_EYE = {pair[0]: pair[-1] for pair in _BY_EYE.split()} | {"ß": "ss", "æ": "ae", "œ": "oe"}


def glyphs(confusables: Mapping[str, str]) -> dict[str, str]:
    """Letter -> ASCII letters it passes for: by Unicode's table, else by its name; marks are left to NFKD."""
    found: dict[str, str] = {}
    for code in range(0x80, 0x1FFFF):
        letter = chr(code)
        if (
            unicodedata.category(letter)[0] not in "LN"
            or unicodedata.normalize("NFKD", letter) != letter
            or letter.lower() != letter
        ):
            continue
        target, steps = letter, 0
        while not target.isascii() and target in confusables and steps < 5:
            target, steps = unicodedata.normalize("NFKD", confusables[target]), steps + 1
        named = _NAMED.match(unicodedata.name(letter, ""))
        passes = BY_EYE.get(letter) or (named[1] if named and len(named[1]) == 1 else target)
        passes = "".join(c for c in passes.lower() if not unicodedata.combining(c))
        if passes and passes.isascii() and passes.isalnum():
            found[letter] = passes
    return found


def read_confusables(path: Path) -> dict[str, str]:
    """Source character -> prototype."""
    if path.suffix == ".json":
        rows = json.loads(path.read_text("utf-8"))
        return {source: near[0]["c"] for source, near in rows.items() if len(source) == 1 and not source.isascii()}
    found = {}
    for line in path.read_text("utf-8-sig").splitlines():
        parts = line.split("#")[0].split(";")
        if len(parts) >= 2 and " " not in parts[0].strip():
            found[chr(int(parts[0], 16))] = "".join(chr(int(p, 16)) for p in parts[1].split())
    return {source: target for source, target in found.items() if not source.isascii()}


def main(folder: Path, confusables: Path) -> None:
    """Write both files and say how large they are."""
    rows: dict[str, list[str]] = defaultdict(list)
    for letter, passes in glyphs(read_confusables(confusables)).items():
        rows[passes].append(letter)
    lines = [f"{passes} {''.join(sorted(letters))}" for passes, letters in sorted(rows.items())]
    TABLE.write_text("\n".join(("# ASCII, and letters that pass for it (see SOURCES)", *lines, "")), "utf-8")
    PACKAGED.write_bytes(book(folder))
    print(f"{TABLE}: {len(lines)} rows; {PACKAGED}: {PACKAGED.stat().st_size:,} octets")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
