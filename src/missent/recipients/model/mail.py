"""A message's text as bare words: nothing of it outlives the call."""

import re
from dataclasses import dataclass

from missent.recipients.model.answering import NOBODY, Answered, answered

_QUOTED = re.compile(
    r"^\s*(?:>|-{3,}.{0,40}(?:original|forwarded)|.{0,60}\d\d/\d\d/\d{2,4} \d\d?:\d\d.{0,10}$|to:\s|from:\s)",
    re.IGNORECASE | re.MULTILINE,
)
_GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|dear|good \w+|morning|thanks|thank you|ok|yes|no)[ ,!]+)?([a-z][a-z'.-]{1,20})\b[ ]?", re.IGNORECASE
)
_WORD = re.compile(r"[a-z][a-z0-9'-]{2,24}")
_ADDRESS = re.compile(r"([a-z0-9][\w.+'-]{0,63})@([a-z0-9][a-z0-9.-]{0,250})")
_REPLY = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|sv|tr|antw)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
_PASSED = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc)\s*:", re.IGNORECASE)
_STOP = frozenset(
    re.findall(
        r"\w+",
        "the and for you that this with have are not but was will from your can all has our any its they been would please "
        "thanks thank what there their about which when some she him her his who how just know let get out one",
    )
)
_LINES = 3


@dataclass(frozen=True, slots=True)
class Words:
    """What is read out of a text.

    Attributes:
        own: words the sender wrote, in order, each once; quoted: words of the history below.
        subject: words of the subject; thread: the subject without reply marks, "" where it says nothing.
        greeted: the words at the beginning of the first lines that may be a name spoken to.
        reply: whether the subject bears a reply mark.
        answered: who wrote the history, whom it went to, and whether it is passed on, by subject or text.
    """

    own: tuple[str, ...]
    quoted: tuple[str, ...]
    subject: tuple[str, ...]
    thread: str
    greeted: tuple[str, ...]
    reply: bool
    answered: Answered = NOBODY


def thread_of(subject: str) -> str:
    """A subject without its reply and forward marks, in one case.

    >>> thread_of("RE: Fw: Gas  day")
    'gas day'
    """
    return " ".join(_REPLY.sub("", subject).lower().split())


def words_of(subject: str, text: str, quoted: str = "") -> Words:
    """A subject and a text as words; `quoted` is history already told apart. Never raises; linear in the texts."""
    cut = _QUOTED.search(text) if _may_quote(text) else None
    own, quoted = (text[: cut.start()], f"{text[cut.start() :]}\n{quoted}") if cut else (text, quoted)
    head = answered(own, quoted)
    thread = thread_of(subject)
    return Words(
        own=_words(own),
        quoted=_words(quoted),
        subject=_words(thread),
        thread=thread if len(thread) > 3 else "",
        greeted=_greeted(own),
        reply=bool(_REPLY.match(subject)),
        answered=head._replace(passed=head.passed or bool(_PASSED.match(subject))),
    )


def _may_quote(text: str) -> bool:
    """Whether history could begin: something that none of its beginnings lacks. Most mail is spared the search."""
    if ">" in text or "---" in text:
        return True
    if ":" not in text:
        return False
    low = text.lower()
    return "/" in text or "to:" in low or "from:" in low


def addresses_in(text: str) -> tuple[str, ...]:
    """Addresses in a text, and each one's local part before its `@`, each once.

    >>> addresses_in("write to Jo.Wood@gas.example.")
    ('jo.wood@gas.example', 'jo.wood@')
    """
    if "@" not in text:  # as in most texts; the expression would try every word of it
        return ()
    found = (m for m in _ADDRESS.finditer(text.lower()))
    return tuple(dict.fromkeys(part for m in found for part in (f"{m[1]}@{m[2].rstrip('.-')}", f"{m[1]}@")))


def _words(text: str) -> tuple[str, ...]:
    return tuple(w for w in dict.fromkeys(_WORD.findall(text.lower())) if w not in _STOP)


def _greeted(own: str) -> tuple[str, ...]:
    lines = [line.strip() for line in own.split("\n", 12) if line.strip()][:_LINES]
    found = []
    for at, line in enumerate(lines):
        if match := _GREETING.match(line):
            rest = line[match.end() :]
            if rest[:1] in {"", ",", ":", "-", "!", "."} or at == 0:
                found.append(match[1].lower().strip(".-'"))
    return tuple(dict.fromkeys(found))
