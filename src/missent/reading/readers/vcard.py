"""Cards of people (vCard, RFC 6350): one line a card, so that they are counted as the table they are."""

from missent.reading.gathering import File, Into
from missent.reading.readers.calendar import content_lines, unescape
from missent.reading.readers.plain import text_of

_TEXTS = frozenset(["FN", "ORG", "TITLE", "ROLE", "EMAIL", "TEL", "ADR", "BDAY", "NOTE", "NICKNAME", "URL", "IMPP", "RELATED"])


def read(file: File, into: Into) -> None:
    """Name first, then what else the card says, separated by tabs."""
    cards: list[str] = []
    card: list[str] = []
    for name, _, value in content_lines(text_of(file, into)):
        if name == "BEGIN":
            card = []
        elif name == "FN":
            card.insert(0, unescape(value))
        elif name in _TEXTS:
            card.append(" ".join(part for part in unescape(value).replace("\n", " ").split(";") if part))
        elif name == "END":
            cards.append("\t".join(card))
    into.text("\n".join(cards))
