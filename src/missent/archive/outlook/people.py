"""Who wrote and who was written to, from MAPI properties ([MS-OXOMSG] 2.2.1, 2.2.3)."""

from typing import NamedTuple

from missent.archive.outlook.properties import Properties

KINDS = {1: "To", 2: "Cc", 3: "Bcc"}
"""PidTagRecipientType -> header field; other kinds (0: the author) are no recipients."""

_RECIPIENT_TYPE, _ADDRESS_TYPE, _ADDRESS, _SMTP, _NAME, _DISPLAY = 0x0C15, 0x3002, 0x3003, 0x39FE, 0x3001, 0x5FF6
_SUBMITTED = 0x10000000


class Person(NamedTuple):
    """A name and an SMTP address; the address is "" where the store knows only a directory's entry."""

    name: str
    address: str


def recipient(properties: Properties) -> tuple[str, Person]:
    """Header field and person of a recipient; "" for a row that is none."""
    kind = KINDS.get(properties.number(_RECIPIENT_TYPE) & 0x0F, "")
    name = properties.text(_DISPLAY, _NAME)
    return kind, Person(name, _address(properties, (_SMTP, _ADDRESS, _NAME, _DISPLAY)))


def author(properties: Properties) -> Person:
    """For whom it was sent (PidTagSentRepresenting…), else who sent it."""
    found = Person(properties.text(0x0042), _address(properties, (0x5D02, 0x0065, 0x0042)))
    return found if found.address else sender(properties)


def sender(properties: Properties) -> Person:
    """Who sent it (PidTagSender…)."""
    return Person(properties.text(0x0C1A), _address(properties, (0x5D01, 0x0C1F, 0x0C1A)))


def _address(properties: Properties, ids: tuple[int, ...]) -> str:
    """The first of these texts that is an SMTP address: an entry of a directory (`/O=…`) has a slash and no `@`."""
    for one in ids:
        text = properties.text(one).strip("<>'\" ")
        local, at, domain = text.rpartition("@")
        if at and local and domain and not text.startswith("/") and not any(c.isspace() for c in domain):
            return text
    return ""
