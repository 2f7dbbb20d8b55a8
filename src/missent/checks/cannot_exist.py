"""`cannot-exist`: no mailbox can have this address.

Knows: the syntax of addresses, the top level of the root zone, and what this site itself uses.
Matters: such mail bounces hours later, or a host on the way guesses what was meant; said at once, it is mended at once.
Does not say: that an address it passes exists. Dots in odd places (`a..b@`) are left alone, since mailboxes with them
are in use. Own, registered and established domains, and names below them, always can exist; special-use names
(RFC 2606, RFC 6761: `.test`, `.local`, …) can wherever register or history have met them. `postmaster` needs no domain.
Cost when wrong: mail refused (`high`, blocked by the packaged policy): hence the exceptions. Automatic mail too.
RFC 5321 4.1.2 and 4.1.3 (syntax, address literals), 4.5.1 (postmaster), 4.5.3.1 (lengths); RFC 1123 2.1; RFC 5890.
"""

import re
from collections.abc import Iterator

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "cannot-exist"

SPECIAL_USE = frozenset({"test", "example", "invalid", "localhost", "local", "onion", "internal", "alt", "arpa", "home"})
"""Top levels that the root zone will never delegate: RFC 2606, 6761, 6762, 7686, 8375, 9476, ICANN 2024."""

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient that cannot exist, with the reason as evidence."""
    for rcpt in recipients(envelope):
        reason = wrong_with(rcpt, context)
        if reason:
            evidence = {"reason": reason}
            if reason == "no-such-suffix":
                evidence["suffix"] = rcpt.domain.rpartition(".")[2]
            yield Finding(ID, Severity.HIGH, 1.0, rcpt.key, evidence=evidence)


def wrong_with(address: Address, context: Context) -> str | None:
    """Why the address cannot exist, as an id; None if it can."""
    if not address.domain:
        return None if address.local.casefold() == "postmaster" else "no-domain"
    wrong = _wrong_domain(address.domain, context)
    return _wrong_local(address) or (wrong if wrong and not _in_use(address.domain, context) else None)


def _wrong_local(address: Address) -> str | None:
    if not address.local:
        return "no-local-part"
    if len(address.local.encode("utf-8", "replace")) > 64:
        return "local-part-too-long"
    unquoted_space = " " in address.local and not address.written.lstrip().startswith('"') and address.written
    return "bad-local-part" if _CONTROL.search(address.local) or unquoted_space else None


def _wrong_domain(domain: str, context: Context) -> str | None:
    if domain.startswith("["):
        return None if _literal(domain) else "bad-literal"
    if context.names.can_exist(domain):
        return None
    labels = domain.split(".")
    host = len(domain) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    return "no-such-suffix" if host and not labels[-1].isdigit() else "bad-domain"


def _literal(domain: str) -> bool:
    import ipaddress  # address literals are rare, and its import is not free

    inside = domain.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(inside.removeprefix("ipv6:"))
    except ValueError:
        return False
    return domain.endswith("]")


def _in_use(domain: str, context: Context) -> bool:
    """Whether this site itself uses the name or one it stands below, or has met it in a special-use zone."""
    if context.own(domain):
        return True
    facts = context.known.domain(domain)
    if facts.established or (domain.rpartition(".")[2] in SPECIAL_USE and (facts.sent or facts.received)):
        return True
    labels = domain.split(".")[:127]
    return any(_vouched(".".join(labels[n:]), context) for n in range(len(labels)))


def _vouched(domain: str, context: Context) -> bool:
    return context.names.kind(domain) is not None or domain in context.register.known
