"""A message as Outlook keeps it: properties of the message, of each recipient, of each attachment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Union

from missent.archive.outlook.properties import Properties


@dataclass(slots=True)
class Attached:
    """An attachment: octets, or a message of its own."""

    properties: Properties
    content: Union[bytes, "Note"]


@dataclass(slots=True)
class Note:
    """One message.

    Attributes:
        rtf: the body as RTF, unpacked; b"" where there is none.
        missing: reasons why something of it could not be read.
    """

    properties: Properties
    recipients: Sequence[Properties] = ()
    attachments: Sequence[Attached] = ()
    rtf: bytes = b""
    missing: list[str] = field(default_factory=list)
