"""The sender's contacts, arranged so that only those near a recipient are looked at closely.

A person may have thousands of contacts, and every recipient not yet known is compared with them while a mail server
waits. So the contacts are laid out as lines of one text each for addresses and names, and found by searching it.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property

from missent.checks.display_names import words
from missent.checks.local_parts import Shape, rewritten
from missent.recipients.history import Contact

_ACCENTS = re.compile("[\N{COMBINING GRAVE ACCENT}-\N{COMBINING LATIN SMALL LETTER X}]")


class Circle:
    """Contacts by address key, less some (`but`) who are not to be found: those present, and the sender."""

    def __init__(self, contacts: Mapping[str, Contact], but: Container[str]) -> None:
        self._contacts = contacts
        self._but = but

    def written_like(self, local: Shape, domain: str) -> dict[str, Contact]:
        """Usual contacts at a domain whose local part may be `alike` to this one, by key.

        One slip leaves a beginning or an end whole; other orders and initials are looked up as they are written.
        """
        at, box, half = "@" + domain, local.mailbox, len(local.mailbox) // 2
        heads = {box[: max(half - 1, 1)], local.stem[:2], local.stem[:1] + ".", local.stem[-1:] + "."}
        heads |= {word[:3] for word in local.words}
        found = [key for head in heads for key in _lines(self._keys, "\n" + head) if key.endswith(at)]
        for tail in {box[half + 1 :], box[:-1], local.stem[-3:], *(word[-3:] for word in local.words)}:
            found += _lines(self._keys, f"{tail}{at}\n")
        return self._usual((*found, *(written + at for written in rewritten(local))))

    def named_like(self, name: str) -> dict[str, Contact]:
        """Usual contacts anywhere whose display names share a word with this one, by key."""
        keys = [*self._contacts]
        numbers = {line.rpartition("\t")[2] for word in words(name) for line in _lines(self._names, word)}
        return self._usual(keys[int(number)] for number in numbers if number.isdecimal() and int(number) < len(keys))

    @cached_property
    def _keys(self) -> str:
        return "\n" + "\n".join(self._contacts) + "\n"

    @cached_property
    def _names(self) -> str:
        lines = [f"{c.address.name}\t{n}" for n, c in enumerate(self._contacts.values()) if " " in c.address.name]
        text = "\n".join(("", *lines, "")).casefold().replace("'", "")
        return text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text))

    def _usual(self, keys: Iterable[str]) -> dict[str, Contact]:
        found = ((key, self._contacts.get(key)) for key in keys if key not in self._but)
        return {key: c for key, c in found if c is not None and c.sent and c.sent + c.received > 1}


def _lines(text: str, needle: str) -> Iterator[str]:
    """The lines a needle stands in; a line feed at its beginning or end holds it to the line's."""
    at = text.find(needle)
    while at >= 0:
        inside = at + 1 if needle[0] == "\n" else at
        end = text.find("\n", inside)
        if end < 0:
            return
        yield text[text.rfind("\n", 0, inside) + 1 : end]
        at = text.find(needle, end)
