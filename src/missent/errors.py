"""The few errors missent raises on purpose.

Each class answers four questions: whose fault is it, does it pass with time, what is the peer told, what does the
operator do. A peer is never told more than `reply` says; `str(error)` is for the operator and names no content.
"""

from typing import ClassVar


class MissentError(Exception):
    """Anything missent raises on purpose.

    Attributes:
        reply: SMTP code, enhanced code (RFC 3463) and text a peer may be told.
        passes: whether trying again later can succeed.
    """

    reply: ClassVar[str] = "451 4.3.0 Temporary failure, please try again later"
    passes: ClassVar[bool] = True


class ConfigError(MissentError):
    """The operator's settings are wrong: one line with file, key and what was expected. Mend the file."""

    passes = False


class PolicyError(ConfigError):
    """A policy file is wrong; the policy in force stays in force."""


class MessageError(MissentError):
    """The sender's message cannot be read as what it claims to be. Judged as far as it was read."""

    reply = "550 5.6.0 Message cannot be read"
    passes = False


class LimitExceeded(MessageError):
    """A message is larger, deeper or more numerous than the limits allow."""

    reply = "552 5.3.4 Message exceeds a limit of this system"


class PeerError(MissentError):
    """The other side of a connection broke its protocol. Its connection is closed; others go on."""

    reply = "421 4.5.0 Protocol error, closing connection"
    passes = False


class StoreError(MissentError):
    """The store is busy, full or gone. The sender's server keeps the message and tries again."""


class AuditBroken(StoreError):
    """The chain of evidence does not verify. Nothing mends it; keep both it and the log of heads."""

    passes = False


class RelayError(MissentError):
    """The next hop refused, deferred or went away; `code` and `text` are its own words.

    Attributes:
        code: SMTP reply code, 400-599.
        text: the reply's text as the next hop gave it.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"next hop said {code} {text}")
        self.code = code
        self.text = text


class CaseError(MissentError):
    """A step that the state of an exposure does not allow, or a case that does not exist."""

    passes = False


class HoldError(MissentError):
    """A decision on a held copy that its state does not allow, or a hold that does not exist."""

    passes = False
