"""Text in which a space at a line's end means that it goes on (RFC 3676, format=flowed)."""


def unfold(text: str, *, delsp: bool = False) -> str:
    """The paragraphs as they were written. Quoted lines keep one mark per level; the signature line is never joined."""
    out: list[str] = []
    open_depth = -1
    for line in text.splitlines():
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body.removeprefix(" ")
        flows = body.endswith(" ") and body != "-- "
        shown = body[:-1] if flows and delsp else body
        if depth == open_depth and body != "-- ":
            out[-1] += shown
        else:
            out.append(">" * depth + " " * (depth > 0) + shown)
        open_depth = depth if flows else -1
    return "\n".join(out) + "\n" * text.endswith("\n")
