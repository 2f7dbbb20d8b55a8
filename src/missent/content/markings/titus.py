"""Fortra's (Titus) metadata of mail: `x-titus-metadata-40`, JSON in base64.

`{"Metadata": {"props": [{"n": "Classification", "vals": [{"value": "SECRET"}]}, …]}}`. Names and values are each organisation's
own; what is named as a classification or marking is told, with what is named as a caveat behind it.
"""

import json
from base64 import b64decode
from typing import Any

_LONGEST = 50_000
_MOST = 50


def read(value: str) -> tuple[tuple[str, str], ...]:
    """Name and value of each property, in order; empty for what is no such metadata."""
    try:
        told: Any = json.loads(b64decode("".join(value[:_LONGEST].split()), validate=True))
        given = told["Metadata"]["props"][:_MOST]
        return tuple((str(one["n"]), str(said["value"])) for one in given for said in one["vals"][:_MOST])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
