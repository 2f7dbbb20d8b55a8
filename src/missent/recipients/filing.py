"""Where names are filed so that lookalikes meet: two names that resemble share a key.

Every known name is filed under some twenty short keys, every name asked about looks under as many, and only what they
have in common is compared letter by letter. One edit: both with each letter left out once (the deletion neighbourhood,
Mor and Fraenkel 1982). Two edits in a long name: its first six or its last six letters have at most one of them, so
those are filed with a letter left out, together with the first letter and, roughly, the length. Other families have one
key each.
"""

from typing import NamedTuple

from missent.recipients.families import LONG, without_es
from missent.recipients.glyphs import blur, sound
from missent.recipients.suffixes import Split

CUTS = 3
"""Of a name of many labels the last ones are compared, and the whole."""


class Form(NamedTuple):
    """One way to read a domain: what stands left of the name, the name, its ending.

    Attributes:
        whole: False for the readings that take one label more into the ending (`army` in `army.mil.com`).
    """

    left: str
    head: str
    ending: str
    whole: bool = True


def forms(asked: Split) -> list[Form]:
    """The ways to read a domain that may be a mistyped known one, the whole name first."""
    head, ending = asked.head, asked.suffix
    found = [Form("", head, ending)]
    if "." not in head:
        return found
    labels = head.split(".")
    count = len(labels)
    found += [Form(".".join(labels[:at]), ".".join(labels[at:]), ending) for at in range(max(1, count - CUTS), count)]
    longer = f"{labels[-1]}.{ending}" if ending else labels[-1]
    found.append(Form("", ".".join(labels[:-1]), longer, whole=False))
    if count > 2:
        found.append(Form(".".join(labels[:-2]), labels[-2], longer, whole=False))
    return found


def near_keys(known: Split) -> list[str]:
    """Keys to file a known name under: itself, one edit, dots elsewhere, drawn alike, a label dropped or swapped."""
    head = known.head
    keys = [head, "." + known.letters, "~" + blur(head)]
    if len(head) > 1:
        keys += [head[:i] + head[i + 1 :] for i in range(len(head))]
    if "." in head:
        keys.append("^" + known.host.partition(".")[2])
    return keys


def far_keys(head: str, slack: int = 0) -> list[str]:
    """Keys of two edits, of the same letters in another order, and of sound; `slack` is the difference in length.

    Two edits in a long name leave the first letter alone (families weighs that) and touch its beginning or its end once
    at most.
    """
    length = len(head)
    if length < 6:
        return []
    spoken = "*" + sound(head)
    if length < LONG:
        return [spoken, "=" + "".join(sorted(head))]
    start, begin, last = head[0], head[1:6], head[-6:]
    ends = (
        f"<{start}{begin[1:]}",
        f"<{start}{begin[0]}{begin[2:]}",
        f"<{start}{begin[:2]}{begin[3:]}",
        f"<{start}{begin[:3]}{begin[4]}",
        f"<{start}{begin[:4]}",
        f">{start}{last[1:]}",
        f">{start}{last[0]}{last[2:]}",
        f">{start}{last[:2]}{last[3:]}",
        f">{start}{last[:3]}{last[4:]}",
        f">{start}{last[:4]}{last[5]}",
        f">{start}{last[:5]}",
    )
    low, high = (length - slack) // 6, (length + slack) // 6
    mark = str(low)
    keys = [end + mark for end in ends]
    if high != low:
        mark = str(high)
        keys += [end + mark for end in ends]
    keys.append(spoken)
    return keys


def whole_keys(asked: Split) -> list[str]:
    """Keys to look under for a whole domain: dots elsewhere, an ending added, a label dropped or swapped."""
    return [
        "." + asked.letters,
        "." + asked.head.replace(".", "").replace("-", ""),
        "." + asked.suffix,
        "^" + asked.host,
        "^" + asked.host.partition(".")[2],
    ]


def asked_keys(form: Form) -> list[str]:
    """Keys to look under for one reading of a domain, those of one edit."""
    head = form.head
    if not form.whole:
        return [head]
    keys = [head[:i] + head[i + 1 :] for i in range(len(head))] if len(head) > 1 else []
    keys += (head, "~" + blur(head))
    if "es" in head:
        keys += without_es(head)
    return keys
