"""Signed tokens: whoever holds one may do one thing with one hold until a day. Nothing is stored for them.

The token is the whole of a sender's authority (they have no account here), so it is signed for its purpose: a token
for a sender's page opens nothing else. What a broken one was broken by is not told apart, except that it has run out,
which only its rightful owner can see.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from missent.delivery.letterhead import Letterhead
from missent.nouns.hold import Hold

LONGEST = 512
"""Characters of a token; anything longer is not ours and is not worth hashing."""

STAYS = timedelta(days=30)
"""How long after its last copy's time a sender's page still tells how things stand."""


class Purpose(StrEnum):
    """What a token is for."""

    SENDER = "sender"
    CONSOLE = "console"


class Broken(StrEnum):
    """Why a token opens nothing."""

    INVALID = "invalid"
    EXPIRED = "expired"


class Links:
    """Makes and reads tokens with one key of 32 octets."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, purpose: Purpose, hold_id: str, until: datetime) -> str:
        """A URL-safe token for one hold, good until a moment."""
        return self._signer(purpose).dumps([hold_id, int(until.timestamp())])

    def opened(self, purpose: Purpose, token: str, now: datetime) -> str | Broken:
        """The hold a token is for, or why it opens nothing."""
        if len(token) > LONGEST:
            return Broken.INVALID
        try:
            hold_id, until = self._signer(purpose).loads(token)
        except (BadData, ValueError, TypeError):
            return Broken.INVALID
        return str(hold_id) if now <= datetime.fromtimestamp(until, UTC) else Broken.EXPIRED

    def _signer(self, purpose: Purpose) -> URLSafeSerializer:
        kwargs = {"key_derivation": "hmac", "digest_method": sha256}
        return URLSafeSerializer(self._key, salt=f"missent {purpose.value}", signer_kwargs=kwargs)


def sender_links(links: Links, head: Letterhead) -> Callable[[Hold], str]:
    """Makes the URL of a hold's page for its sender; "" where there is no `public.url`."""

    def link(hold: Hold) -> str:
        until = max((copy.expires for copy in hold.copies), default=hold.created) + STAYS
        return head.link(links.token(Purpose.SENDER, hold.id, until)) if head.url else ""

    return link
