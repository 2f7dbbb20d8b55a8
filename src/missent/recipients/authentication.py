"""What our own server recorded about a message's author (RFC 8601): only its own fields, only those it put on top.

Anyone can write an Authentication-Results field. Ours bears our authserv-id, and whatever a message brought along stands
below it: the first field of that id counts, and those that follow it until the next Received, nothing further down.
"""

import re
from collections.abc import Iterable

_COMMENT = re.compile(r"\([^()]*+\)")
_DMARC = re.compile(r";\s*dmarc\s*=\s*([a-z]+)")


def dmarc(fields: Iterable[tuple[bytes, str]], authserv_id: str) -> str:
    """The DMARC result our server recorded, "" if none. `fields`: lower-case names and unfolded values, top first."""
    found = False
    for name, value in fields:
        if found and name == b"received":
            break
        if name == b"authentication-results" and authserv_id:
            text = _COMMENT.sub(" ", value).lower()
            who = text.partition(";")[0].split()
            if who[:1] == [authserv_id.lower()]:
                found = True
                if result := _DMARC.search(text):
                    return result[1]
    return ""


def authentic(result: str) -> bool:
    """Whether an answer may count: where DMARC was recorded it must have passed."""
    return result in {"", "pass", "bestguesspass"}
