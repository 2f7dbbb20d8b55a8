"""Given names in full and in short: Bill is William, and a greeting or a display name may have either."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("data") / "nicknames.txt"


def also_called(name: str) -> frozenset[str]:
    """What somebody with this given name, in lower case, may be called besides; empty if no form is known.

    >>> sorted(also_called("bill"))
    ['billy', 'liam', 'will', 'william', 'willie']
    """
    return _forms().get(name, frozenset())


@cache
def _forms() -> Mapping[str, frozenset[str]]:
    forms: dict[str, set[str]] = {}
    for line in TABLE.read_text("utf-8").splitlines():
        group = () if line.startswith("#") else line.split()
        for name in group:
            forms.setdefault(name, set()).update(group)
    return {name: frozenset(others - {name}) for name, others in forms.items()}
