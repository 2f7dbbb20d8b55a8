"""Slips as people make them, to learn from and to measure with: a right mail, and the addresses that would be wrong.

The kinds are those of the literature and of confessed misdirections: the list that completes the first letters
(Carvalho and Cohen 2007), the namesake, the same name at another domain, the mistyped domain, who was in the thread
before, and everybody who was. Chance is a parameter: `choose(n)` gives a number from 0 to n-1.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from missent.recipients.model.letter import Mail
from missent.recipients.model.memory import Memory

Choose = Callable[[int], int]
Maker = Callable[[Memory, Mail, str, Choose], tuple[str, ...]]
_KEYS = "qwertyuiopasdfghjklzxcvbnm"


def three_letters(book: Sequence[str], mail: Mail, right: str, choose: Choose) -> str:
    """An address of the book that begins like the right one: three letters, else two, one, none. "" if there is no other."""
    here = set(mail.rcpts)
    for length in (3, 2, 1, 0):
        if like := [a for a in book if a[:length] == right[:length] and a not in here]:
            return like[choose(len(like))]
    return ""


def _from_book(memory: Memory, mail: Mail, right: str, choose: Choose) -> tuple[str, ...]:
    sender = memory.people.known(mail.sender)
    numbers = memory.of(sender.number).rows if sender else {}
    return _one(three_letters([memory.people.numbered(n).address for n in numbers], mail, right, choose))


def _namesake(memory: Memory, mail: Mail, right: str, choose: Choose) -> tuple[str, ...]:
    """Somebody of the organisation who shares a part of the name, whether or not the sender ever wrote to them."""
    domain = mail.sender.rpartition("@")[2]
    meant = memory.people.known(right)
    if meant is None:
        return ()
    others = (memory.people.numbered(n) for n in sorted(memory.people.alike(meant)))
    like = [
        p.address for p in others
        if p.domain == domain and p.address not in mail.rcpts and any(len(part) > 2 and part in p.parts for part in meant.parts)
    ]  # fmt: skip
    return (like[choose(len(like))],) if like else ()


def _elsewhere(memory: Memory, mail: Mail, right: str, choose: Choose) -> tuple[str, ...]:
    """The same local part at another domain: an address that is known, else one at a domain that is."""
    local, _, domain = right.rpartition("@")
    meant = memory.people.known(right)
    others = [memory.people.numbered(n) for n in sorted(memory.people.alike(meant))] if meant else []
    known = [p.address for p in others if p.local == local and p.address not in mail.rcpts]
    if known:
        return (known[choose(len(known))],)
    domains = [d for d in memory.domains if d != domain]
    return _one(f"{local}@{domains[choose(len(domains))]}" if domains else "")


def _mistyped(memory: Memory, mail: Mail, right: str, choose: Choose) -> tuple[str, ...]:
    """One slip of the fingers in the domain, not in its ending."""
    local, _, domain = right.rpartition("@")
    host, dot, ending = domain.rpartition(".")
    if len(host) < 3:
        return ()
    at = 1 + choose(len(host) - 1)
    new = (
        host[:at] + host[at + 1 :],
        host[: at - 1] + host[at] + host[at - 1] + host[at + 1 :],
        host[:at] + host[at] + host[at:],
        host[:at] + _KEYS[choose(len(_KEYS))] + host[at + 1 :],
    )[choose(4)]
    wrong = f"{local}@{new}{dot}{ending}"
    return () if wrong == right or wrong in mail.rcpts or memory.people.known(wrong) else (wrong,)


def _left(memory: Memory, mail: Mail) -> list[str]:
    """Who stood in the last mail of this subject and stands in this one no more."""
    last = memory.last(mail.traits.thread)
    here = {mail.sender, *mail.rcpts}
    return [a for a in last if a not in here] if here & set(last) else []


def _former(memory: Memory, mail: Mail, right: str, choose: Choose) -> tuple[str, ...]:
    del right
    left = _left(memory, mail)
    return (left[choose(len(left))],) if left else ()


def _reply_all(memory: Memory, mail: Mail, right: str, choose: Choose) -> tuple[str, ...]:
    del right, choose
    left = _left(memory, mail)
    return tuple(left) if len(left) > 1 else ()


KINDS: Mapping[str, Maker] = MappingProxyType(
    {
        "3g": _from_book,
        "namesake": _namesake,
        "same-local": _elsewhere,
        "typo-domain": _mistyped,
        "former-member": _former,
        "reply-all": _reply_all,
    }
)
"""Kind of slip -> the wrong addresses for a mail and one of its right recipients; none where the kind does not apply."""

BESIDE = frozenset({"former-member", "reply-all"})
"""Kinds where the wrong ones stand beside all the right ones; else a wrong one may take the right one's place."""


def slip(memory: Memory, mail: Mail, kind: str, choose: Choose, *, instead: bool) -> tuple[Mail, frozenset[str]] | None:
    """A mail with a slip of this kind, and the wrong addresses in it; None where the kind does not apply.

    `instead`: the wrong address takes the right one's place (never for `BESIDE`), else it is added.
    """
    right = mail.rcpts[choose(len(mail.rcpts))]
    wrong = KINDS[kind](memory, mail, right, choose)
    if not wrong:
        return None
    kept = tuple(a for a in mail.rcpts if a != right) if instead and kind not in BESIDE else mail.rcpts
    return replace(mail, rcpts=(*kept, *wrong)), frozenset(wrong)


def _one(address: str) -> tuple[str, ...]:
    return (address,) if address else ()
