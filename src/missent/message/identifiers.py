"""Message-IDs: what ties an answer to the message it answers (RFC 5322 3.6.4)."""

import re

_BRACKETED = re.compile(r"<([^<>]{1,998})>")
_SPACE = re.compile(r"\s+")
MOST = 100
"""Message-IDs kept of one message's references, newest first: no thread needs more, and history is asked about each."""


def message_id(text: str) -> str:
    """The Message-ID without brackets and folds; what stands there without brackets if there are none."""
    found = _BRACKETED.search(text)
    return _SPACE.sub("", found[1] if found else text[:998])


def references(in_reply_to: str, refs: str) -> tuple[str, ...]:
    """Message-IDs of In-Reply-To, then of References from the newest back; each once."""
    ids = [*_BRACKETED.findall(in_reply_to), *reversed(_BRACKETED.findall(refs))]
    return tuple(dict.fromkeys(_SPACE.sub("", found) for found in ids))[:MOST]
