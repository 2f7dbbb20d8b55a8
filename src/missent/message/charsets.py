"""Octets to text under a character set named by a stranger.

Mail names sets that do not exist, names the wrong one, and could name codecs that are no character sets at all or take
quadratic time (punycode, idna). Text is always made; whether it can be trusted is said beside it.
"""

import codecs
from functools import lru_cache

_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_MEANT = {
    "us-ascii": "ascii",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "utf8mb4": "utf-8",
    "ansi_x3.4-1968": "ascii",
}
"""What senders mean, as the WHATWG Encoding Standard has it: supersets that read the subset alike."""


@lru_cache(maxsize=512)
def known(charset: str) -> str:
    """The codec for a charset name, or "" if there is none that is a character set."""
    wanted = charset.strip().strip("\"'").lower()
    try:
        found = codecs.lookup(_MEANT.get(wanted, wanted))
        b"a a ".decode(found.name)  # codecs that are no character sets refuse bytes.decode
    except (LookupError, UnicodeError, ValueError):
        return "" if wanted not in {"utf-16", "utf-32"} else wanted
    return "" if found.name in _REFUSED else found.name


def decode(data: bytes, charset: str = "utf-8") -> tuple[str, bool]:
    """Text, and whether all of it was in that set. An unknown or false set is read as UTF-8, else as Windows-1252."""
    codec = known(charset)
    if codec:
        try:
            return data.decode(codec), True
        except UnicodeError:
            pass
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), False
