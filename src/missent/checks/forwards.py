"""Whether a message passes on somebody else's, by its subject's prefix: FW, Fwd, WG, TR, RV, I, VS, VB."""

import re

_PREFIX = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|i|vs|vb|doorst)\s*:", re.IGNORECASE)


def forwards(subject: str) -> bool:
    """Whether a mail program marked it as forwarded, in one of the languages these come in."""
    return _PREFIX.match(subject) is not None
