"""By what two transactions are known to carry the same message: Exchange splits one by recipient, clients retry."""

import hashlib
import json
from datetime import timedelta

from missent.nouns.address import Address
from missent.nouns.hold import HeldCopy, Hold, State

JOINS_WITHIN = timedelta(hours=1)


def hold_key(mail_from: Address | None, message_id: str, body_sha256: str) -> str:
    """Digest (hex) of reverse-path, Message-ID and body hash, as JSON so that none runs into the next."""
    parts = (mail_from.key if mail_from else "", message_id, body_sha256)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def apart_key(key: str, what: str) -> str:
    """The key of a hold that joins none with `key`, but others that are apart for the same reason.

    >>> apart_key("k", "1.2.0") == apart_key("k", "1.2.0") != apart_key("k", "1.2.1")
    True
    """
    return hashlib.sha256(json.dumps((key, what)).encode()).hexdigest()


def joins(new: Hold, old: Hold) -> bool:
    """Whether a message belongs to a hold with the same key.

    With a Message-ID it is the same message for an hour, even if its copies are decided by then: a client that retries
    asks nobody twice. Without one, two alike may well be two: they join only while a copy waits. A mailbox
    warned of before and now to be kept back needs a hold of its own: joined, its copy would be neither sent nor kept.
    """
    warned = {copy.rcpt.key for copy in old.copies if copy.state is State.WARNED}
    kept_back = {copy.rcpt.key for copy in new.copies if copy.state is not State.WARNED}
    if abs(new.created - old.created) >= JOINS_WITHIN or warned & kept_back:
        return False
    return bool(new.message_id) or any(copy.state is State.HELD for copy in old.copies)


def lacking(old: tuple[HeldCopy, ...], new: tuple[HeldCopy, ...]) -> tuple[HeldCopy, ...]:
    """Those of `new` whose mailbox has no copy in `old`, one a mailbox, in order."""
    present = {copy.rcpt.key for copy in old}
    first: dict[str, HeldCopy] = {}
    for copy in new:
        if copy.rcpt.key not in present:
            first.setdefault(copy.rcpt.key, copy)
    return tuple(first.values())
