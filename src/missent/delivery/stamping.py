"""What stands on top of all mail of ours that leaves, so that it is known when the next hop brings it back."""

from dataclasses import replace
from datetime import datetime

from missent.delivery.composing import Outgoing
from missent.delivery.worker import Composes
from missent.holds import passes
from missent.nouns.posting import Posting


class Stamping:
    """A composer whose mail bears a pass (`missent.holds.passes`), each try one of its own, above the field `processed`.

    Args:
        composer: makes the mail.
        processed: a field by which others know that it has been here; "" for none.
        key: the passes' key; None makes none.
    """

    def __init__(self, composer: Composes, processed: str, key: bytes | None) -> None:
        self._composer = composer
        self._processed = f"{processed}\r\n".encode("ascii") if processed else b""
        self._key = key

    def compose(self, posting: Posting, now: datetime) -> Outgoing | None:
        """As the composer does."""
        mail = self._composer.compose(posting, now)
        if mail is None:
            return None
        raw = self._processed + mail.raw
        if self._key is not None:
            id_ = f"{posting.parcel.value}.{posting.copy_ids[0]}.{posting.id}.{posting.attempts}"
            raw = passes.made(self._key, id_, passes.Bearer(mail.mail_from, mail.rcpt.address, raw), now) + raw
        return replace(mail, raw=raw)
