"""What is agreed on when a mail server connects (SMFIC_OPTNEG), after Sendmail's `mfdef.h` and Postfix's `milter8.c`.

Every event that needs no answer saves a round trip per header line; what cannot be agreed on is answered instead.
"""

from enum import IntFlag

VERSION = 6
OLDEST = 2
"""Before it there was no SMFIR_PROGRESS and no end of header."""


class Edits(IntFlag):
    """SMFIF_*: what a filter may do to a message at its end."""

    ADD_HEADERS = 0x01
    CHANGE_BODY = 0x02
    ADD_RCPT = 0x04
    DEL_RCPT = 0x08
    CHANGE_HEADERS = 0x10
    QUARANTINE = 0x20
    CHANGE_FROM = 0x40
    ADD_RCPT_PAR = 0x80
    SET_MACROS = 0x100


class Steps(IntFlag):
    """SMFIP_*: which events are not sent (NO), not answered (QUIET), or sent in another form."""

    NO_UNKNOWN = 0x100
    NO_DATA = 0x200
    QUIET_HEADER = 0x80
    QUIET_CONNECT = 0x1000
    QUIET_HELO = 0x2000
    QUIET_MAIL = 0x4000
    QUIET_RCPT = 0x8000
    QUIET_DATA = 0x10000
    QUIET_UNKNOWN = 0x20000
    QUIET_END_OF_HEADER = 0x40000
    QUIET_BODY = 0x80000
    LEADING_SPACE = 0x100000


NEEDED = Edits.DEL_RCPT | Edits.CHANGE_HEADERS | Edits.ADD_HEADERS
"""Without the first nothing can be held back for some and go on for others; the second takes a pass off again, the third
puts a field on that tells others that the message was here.
"""

WANTED = (
    Steps.NO_UNKNOWN
    | Steps.NO_DATA
    | Steps.QUIET_HEADER
    | Steps.QUIET_CONNECT
    | Steps.QUIET_HELO
    | Steps.QUIET_MAIL
    | Steps.QUIET_DATA
    | Steps.QUIET_UNKNOWN
    | Steps.QUIET_END_OF_HEADER
    | Steps.QUIET_BODY
    | Steps.LEADING_SPACE
)
"""RCPT and the end of the message are all that is answered. Refused recipients (SMFIP_RCPT_REJ) are not asked for:
whom the server has refused is nobody's recipient."""
