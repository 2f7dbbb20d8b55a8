"""Text in which a space at a line's end means that it goes on (RFC 3676, format=flowed)."""

from missent.message.content_type import content_type
from missent.message.header import section
from missent.message.model import Part


def flowing(raw: bytes, part: Part) -> tuple[bool, bool]:
    """Whether a part's text is flowed, and whether the space at a line's end is dropped (DelSp)."""
    head = raw[part.head : min(part.start, part.head + 16_384)]
    if b"flowed" not in head.lower():
        return False, False
    values = [content_type(head[f.start : f.end]) for f in section(head, len(head)).fields if f.name == b"content-type"]
    said = values[0].parameters if values else {}
    return said.get("format", "").lower() == "flowed", said.get("delsp", "").lower() == "yes"


def unfold(text: str, *, delsp: bool = False) -> str:
    """The paragraphs as they were written. Quoted lines keep one mark per level; the signature line is never joined."""
    out: list[list[str]] = []
    open_depth = -1
    for line in text.splitlines():
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body.removeprefix(" ")
        flows = body.endswith(" ") and body != "-- "
        shown = body[:-1] if flows and delsp else body
        if depth == open_depth and body != "-- ":
            out[-1].append(shown)
        else:
            out.append([">" * depth + " " * (depth > 0) + shown])
        open_depth = depth if flows else -1
    return "\n".join("".join(line) for line in out) + "\n" * text.endswith("\n")
