"""Reverse-path and forward-path (RFC 5321 4.1.2, RFC 6531) as they stand behind `MAIL FROM:` and `RCPT TO:`.

Read strictly on purpose: an address that two programs read differently is judged as one and delivered as another.
"""

import re

from missent.errors import PeerError

_ATOMS = r"[^\x00-\x20\x7f()<>\[\]:;@\\,\"]+"  # lenient about dots: `a..b@docomo.ne.jp` exists
_QUOTED = r'"(?:[^\x00-\x1f\x7f"\\]|\\[^\x00-\x1f\x7f])*"'
_DOMAIN = r"(?:[^\x00-\x20\x7f()<>\[\]:;@\\,\"]+|\[[^\x00-\x20\x7f<>\[\]\\]+\])"
_ROUTE = r"@[^\x00-\x20\x7f<>\[\]:;\"\\]+:"
_PATH = re.compile(rf"<(?:{_ROUTE})?(?P<box>(?:{_ATOMS}|{_QUOTED})@{_DOMAIN})>(?: +(?P<rest>.*))?")
_NULL = re.compile(r"<>(?: +(?P<rest>.*))?")
_POSTMASTER = re.compile(r"<(?P<box>postmaster)>(?: +(?P<rest>.*))?", re.IGNORECASE)


def reverse_path(text: str) -> tuple[str, str]:
    """Split what follows `FROM:` into mailbox ("" for `<>`) and parameters. Raises PeerError if it is no path."""
    return _split(text, _NULL)


def forward_path(text: str) -> tuple[str, str]:
    """Split what follows `TO:` into mailbox and parameters; `<postmaster>` needs no domain (RFC 5321 4.5.1).

    A source route is dropped, as RFC 5321 appendix C asks. Raises PeerError if it is no path.
    """
    return _split(text, _POSTMASTER)


def _split(text: str, other: re.Pattern[str]) -> tuple[str, str]:
    found = _PATH.fullmatch(text) or other.fullmatch(text)
    if found is None:
        raise PeerError("not a path")
    groups = found.groupdict()
    return groups.get("box") or "", groups["rest"] or ""
