"""A case's bundle written and verified: a zip with everything that stands behind its figures."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from missent import __version__
from missent.cases import bundle
from missent.cli.site import Site
from missent.errors import ConfigError

if TYPE_CHECKING:
    from missent.cases.bundle import Mac
    from missent.store.cases import By


def write_bundle(site: Site, id_: str, file: Path, by: "By") -> list[str]:
    """Write it; the places of messages whose original is gone. The export is an event of the chain in the bundle."""
    from missent.archive.originals import log_lines, message
    from missent.cli.case import as_dict

    cases = site.store().cases
    found = cases.get(id_)
    missing: list[str] = []
    fresh = file.with_name(file.name + ".new")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        told = _Writer(archive)
        told.add("case.json", json.dumps(as_dict(found, datetime.now(UTC)), indent=1).encode())
        told.add("exposures.jsonl", b"".join(json.dumps(dict(e.exposure)).encode() + b"\n" for e in found.entries))
        places = {tuple(e.exposure["where"]): e for e in found.entries}
        for where, entry in places.items():
            number = entry.number
            raw = message(where, str(entry.exposure["message_id"] or "").strip("<>"))
            if raw is not None:
                told.add(f"messages/{number}.eml", raw)
            lines = b"".join(place.encode() + b"\t" + line + b"\n" for place, line in log_lines(where))
            if lines:
                told.add(f"logs/{number}.txt", lines)
            if raw is None and not lines:
                missing += where[:1]
        about = {"case": id_, "missent": __version__, "exported": by.at.isoformat(), "missing": missing}
        manifest = bundle.manifest(told.digests, about)
        archive.writestr(bundle.MANIFEST, manifest)
        cases.exported(id_, hashlib.sha256(manifest).hexdigest(), by)
        archive.writestr(bundle.CHAIN, "".join(json.dumps(event) + "\n" for event in site.store().audit.export()))
    fresh.replace(file)
    return missing


def verify_bundle(file: Path, mac: "Mac | None", heads: Mapping[int, str]) -> list[str]:
    """What is wrong with a bundle. Raises ConfigError if the file is none."""
    try:
        with zipfile.ZipFile(file) as archive:
            return list(bundle.verify([i.filename for i in archive.infolist()], archive.read, mac, heads))
    except (OSError, zipfile.BadZipFile) as error:
        raise ConfigError(f"{file}: cannot be read as a bundle: {type(error).__name__}") from None


class _Writer:
    """Adds files and remembers their digests."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.digests: dict[str, tuple[str, int]] = {}

    def add(self, name: str, content: bytes) -> None:
        """One file."""
        self._archive.writestr(name, content)
        self.digests[name] = (hashlib.sha256(content).hexdigest(), len(content))


def mac_with(key: bytes) -> "Mac":
    """Reads events of an export as the chain's own MAC does."""
    from missent.store.chain import canonical, mac_of

    def mac(event: Mapping[str, Any]) -> str:
        fields = {name: event[name] for name in ("number", "at", "kind", "actor", "previous")}
        return mac_of(key, fields | {"facts": canonical(event["facts"])})

    return mac
