"""The words of a refusal at RCPT: what is wrong, and to our own people what was probably meant. Pure."""

import textwrap
from collections.abc import Callable

from missent.nouns.address import Address
from missent.nouns.envelope import Client
from missent.nouns.finding import Finding
from missent.nouns.verdict import RecipientVerdict
from missent.smtp.reply import Reply

_WIDTH = 400
"""Characters of one line: RFC 5321 4.5.3.1.5 allows 512 octets with code and line end."""


def refusal(
    verdict: RecipientVerdict, client: Client, explain: Callable[[Finding, Address], str] | None, *, utf8: bool = False
) -> Reply:
    """`550 5.7.1` for a blocked recipient: the rule, the worst findings' words, a suggestion only to clients of our own.

    Strangers get no suggestion: it would name our partners to whoever guesses. ASCII unless SMTPUTF8 is in use.
    """
    spec = verdict.address.written or verdict.address.spec
    said = [f"<{spec}> is refused by this organisation's policy (rule {verdict.ruling.rule})"]
    worst = max((finding.severity for finding in verdict.findings), default=None)
    for finding in (f for f in verdict.findings if f.severity is worst):
        said.append(explain(finding, verdict.address) if explain and client.own else finding.id)
        if finding.suggestion and client.own:
            said.append(f"Did you mean <{finding.suggestion}>?")
    lines = [line for text in said for line in textwrap.wrap(_plain(text, utf8=utf8), _WIDTH)]
    return Reply(550, tuple(f"5.7.1 {line}" for line in lines))


def _plain(text: str, *, utf8: bool) -> str:
    return text if utf8 else text.encode("ascii", "backslashreplace").decode("ascii")
