"""How a figure came to be, so that anybody can come to it again: versions, sources with their digests, the command."""

import hashlib
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from missent import __version__
from missent.archive.objects import opened
from missent.archive.scan.plan import Plan

MOST_LISTED = 200
"""Sources listed; the digest of the list covers all."""

_PACKAGES = ("publicsuffixlist", "rapidfuzz", "matplotlib", "pyarrow", "distributed")


@dataclass(frozen=True, slots=True)
class Method:
    """What stands on the method page.

    Attributes:
        sources: path, octets and SHA-256 of the first ones; `of_all` is the SHA-256 of all their digests in order.
        command: as it was given.
        policy: version of the policy in force.
    """

    at: datetime
    command: str
    policy: str
    versions: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, int, str], ...]
    count: int
    of_all: str


def method(plan: Plan, command: str, policy: str, at: datetime) -> Method:
    """Read every source once more for its digest."""
    whole = hashlib.sha256()
    listed: list[tuple[str, int, str]] = []
    count = 0
    for _, path, _, size in plan.listed():
        digest = sha256_of(path)
        whole.update(digest.encode())
        count += 1
        if len(listed) < MOST_LISTED:
            listed.append((str(path), size, digest))
    return Method(at, command, policy, tuple(_versions(_PACKAGES)), tuple(listed), count, whole.hexdigest())


def sha256_of(path: Path) -> str:
    """The digest of a file, "not readable" if it cannot be read."""
    try:
        with opened(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except OSError:
        return "not readable"


def _versions(packages: Iterable[str]) -> Iterable[tuple[str, str]]:
    yield "missent", __version__
    yield "Python", platform.python_version()
    for package in packages:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue
