"""Secrets as programs and their configuration write them: a name that says what it is, a sign that assigns, a value.

`client_secret = "…"`, `API_KEY: …`, `machine … login … password …` (netrc), a user and a password in a call or in an element of
XML, a private key in base64. A name alone proves nothing in code, so the value must look like one: random, or in quotation
marks and no expression.
"""

import re
from base64 import b64encode

from missent.content.matching.pattern import Pattern

_KINDS = ("RSA ", "DSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "")
_HEADS = "|".join(b64encode(f"-----BEGIN {kind}PRIVATE KEY-----".encode())[:35].decode() for kind in _KINDS)
"""Header lines of private keys (RFC 7468) as base64 shows them, as far as the next line does not change them."""
_NAME = (
    r"(?:(?:client|app|api|shared|signing|encryption|master|webhook|jwt|oauth|auth|github|consumer)[ _.-]?secret(?:[ _.-]?key)?"
    r"|secret[ _.-]?(?:access[ _.-]?)?key|(?:api|secret|preshared|private|access|app|application)[ _.-]?key|token"
    r"|licen[cs]e[ _.-]?key|client[ _.-]?credential|jwt:\s{1,8}secret|password)"
)

RANDOM = (
    Pattern("assigned", rf"(?i)(?<![?&;/=]){_NAME}[\"'`]?[ \t]{{0,20}}(?::=|=>|:|=)[ \t]{{0,20}}[\"'`]?([A-Za-z0-9_~+/.-]{{20,128}}={{0,2}})(?![\w(\[.])"),
)  # fmt: skip
"""The value must look random."""
QUOTED = (
    Pattern("quoted-password", r"(?i)(?:pass ?word|passwd|pwd|passphrase|(?<![a-z])pass)[\"'`]?[ \t]{0,20}(?::=|=>|:|=)[ \t]{0,20}([\"'])([^\"'\s<>]{4,64})\1"),
    Pattern("credential-call", r"(?i)\b(?:network|directory|username ?password|ps)(?:credentials?|entry)\([^()]{2,120},\s{0,24}[\"']([^\"'\n]{3,60})[\"']\s?\)"),
    Pattern("credential-element", r"(?i)(?:password|passwd|pwd|secret)[\"']\s{1,8}value\s?=\s?[\"']([^\"'\n]{3,100})[\"']"),
    Pattern("netrc", r"(?:^|[\s\"'`])(?:machine\s{1,4}\S{1,80}|default)\s{1,8}login\s{1,4}\S{1,80}\s{1,8}password\s{1,4}(\S{3,80})"),
)  # fmt: skip
"""The value must be no expression."""
ENCODED_KEY = Pattern("encoded-private-key", rf"(?<![A-Za-z0-9+/])(?:{_HEADS})[A-Za-z0-9+/=]{{60,200}}")

_EXPRESSION = re.compile(
    r"(?i)[\\]?\$[({]|[\\]?\$(?:_|[A-Z_]{4,}$|\w*_\w*$)|[#%][{<]|[@<{(\[.,;|&)+]|.*[({\[][\w'\"$]*[)}\]]|.*(?:::|->|\(\)|\.\w+\(|;$)"
    r"|/|#[a-z]+(?:-[a-z]+)*$|[*_#x.-]+$|:|arn:|https?:|cms/|\w*pass ?(?:word|wd)?s?$|pwd$|secret$|char$|string$|str$|null$|nil$|none$|self\b|this\b|os\.|env\b|process\."
)


def expression(value: str) -> bool:
    """Whether a value is code, a variable or a stand-in rather than a secret."""
    return _EXPRESSION.match(value) is not None
