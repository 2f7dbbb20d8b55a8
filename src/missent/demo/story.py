"""The main job, step by step: each step sends real mail, waits for what should happen, and says whether it did."""

import email
import email.policy
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from missent.demo.post import compose, press, send

PATIENCE = 20.0
"""Seconds a step waits for what should arrive."""

ANNA = "anna.clark@mod.example"
PROGRAMME = "OFFICIAL-SENSITIVE\n\nProgramme of the visit\n\n09:30 Main gate\n\nOFFICIAL-SENSITIVE\n"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story plays.

    Attributes:
        relay: host and port of the gateway.
        inbox: messages the next hop has got for one recipient, newest last.
        verify: verifies the audit chain and returns the number of its events, -1 if it is broken.
    """

    relay: tuple[str, int]
    inbox: Callable[[str], Sequence[bytes]]
    verify: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its title, what really happened, and whether that is as it should be."""

    title: str
    told: tuple[str, ...]
    as_told: bool


def tell(stage: Stage, *, decide: bool) -> Iterator[Step]:
    """Play the story. With `decide`, the links are pressed as Anna would; without, they wait for whoever watches."""
    yield _clean(stage)
    typo, link = _typo(stage)
    yield typo
    yield _notice(link)
    if decide:
        yield _correct(stage, link)
    yield _namesake(stage)
    yield _marked(stage)
    yield _blocked(stage)
    yield _evidence(stage)


def _clean(stage: Stage) -> Step:
    sent = _write(stage, ["jane.doe@army.mil"], "Visit on Thursday")
    came = _arrived(stage, "jane.doe@army.mil", "Visit on Thursday")
    told = ("Anna Clark writes to Jane Doe at army.mil, as she does most weeks.", f"delivered at once: {_yes(came)}")
    return Step("A clean message passes", told, sent and came is not None)


def _typo(stage: Stage) -> tuple[Step, str]:
    subject = "Travel of the delegation"
    rcpts = ["jane.doe@army.ml", "r.lopez@navy.mil", "m.chen@state.gov"]
    sent = _write(stage, rcpts, subject)
    good = [_arrived(stage, rcpt, subject) is not None for rcpt in rcpts[1:]]
    notice = _arrived(stage, ANNA, "army.ml")
    leaked = bool(stage.inbox(rcpts[0]))
    told = (
        "Anna writes to three people; one address ends in .ml (Mali), not .mil.",
        f"r.lopez@navy.mil and m.chen@state.gov got theirs at once: {_yes(all(good) or None)}",
        f"the copy for jane.doe@army.ml is held: {_yes(None if leaked else True)}",
    )
    return Step("Of three recipients, the one at army.ml is held", told, sent and all(good) and not leaked), _link(notice)


def _notice(link: str) -> Step:
    told = ("A real mail to Anna says what waits and why, with one link:", link or "no notice came")
    return Step("The sender is asked, once", told, bool(link))


def _correct(stage: Stage, link: str) -> Step:
    before = len(stage.inbox("jane.doe@army.mil"))
    pressed = bool(link) and press(link, "suggestion")
    _wait(lambda: len(stage.inbox("jane.doe@army.mil")) > before)
    copies = stage.inbox("jane.doe@army.mil")[before:]
    to = str(_parsed(copies[-1])["To"]) if copies else ""
    good = pressed and "jane.doe@army.mil" in to and "army.ml" not in to and not stage.inbox("jane.doe@army.ml")
    told = (
        "Anna opens the link and presses *I meant jane.doe@army.mil: send it there* (correct).",
        f"her copy arrives at army.mil, with this To: {to or 'nothing came'}",
    )
    return Step("One click puts it right", told, good)


def _namesake(stage: Stage) -> Step:
    subject = "Appraisal"
    sent = _write(stage, ["jon.smith@mod.example"], subject)
    notice = _arrived(stage, ANNA, "jon.smith@mod.example")
    leaked = any(_parsed(m)["Subject"] == subject for m in stage.inbox("jon.smith@mod.example"))
    told = (
        "Anna always writes to John Smith; this time the address book offered Jon Smith.",
        f"the copy is held and she is asked: {_yes(notice)}",
    )
    return Step("A colleague's name chosen wrongly is asked about", told, sent and notice is not None and not leaked)


def _marked(stage: Stage) -> Step:
    subject, rcpts = "Programme of the visit", ["jane.doe@army.mil", "bookings@wayfarer-travel.example"]
    mail = compose(f"Anna Clark <{ANNA}>", rcpts, subject, "See attached.\n", PROGRAMME)
    sent = send(stage.relay, mail, ANNA, rcpts).accepted
    came = _arrived(stage, rcpts[0], subject)
    notice = _arrived(stage, ANNA, rcpts[1])
    leaked = any(_parsed(m)["Subject"] == subject for m in stage.inbox(rcpts[1]))
    told = (
        "Anna sends a programme to Jane Doe and to her travel agent; on the attached page stands OFFICIAL-SENSITIVE.",
        f"Jane, who is registered up to SECRET, got hers at once: {_yes(came)}",
        f"the agent is registered up to OFFICIAL: that copy waits for a reviewer, and Anna knows: {_yes(notice)}",
    )
    good = sent and came is not None and notice is not None and not leaked
    return Step("A marked file to a partner who may not have it is held", told, good)


def _blocked(stage: Stage) -> Step:
    mail = compose(f"Anna Clark <{ANNA}>", ["desk@ministry.kp"], "Hello", "A made-up message.\n")
    sent = send(stage.relay, mail, ANNA, ["desk@ministry.kp"])
    code, text = sent.refused.get("desk@ministry.kp", (0, "accepted"))
    told = (
        "The register blocks .kp. While Anna's mail program is still connected, RCPT is answered:",
        *(f"{code} {line}" for line in text.splitlines()),
    )
    return Step("A blocked country is refused with words that help", told, code == 550 and text.startswith("5.7.1"))


def _evidence(stage: Stage) -> Step:
    events = stage.verify()
    return Step("The evidence verifies", (f"{events} audit events, chain unbroken: {_yes(events > 0 or None)}",), events > 0)


def _write(stage: Stage, rcpts: list[str], subject: str) -> bool:
    mail = compose(f"Anna Clark <{ANNA}>", rcpts, subject, "A made-up message of a made-up ministry.\n")
    return send(stage.relay, mail, ANNA, rcpts).accepted


def _arrived(stage: Stage, rcpt: str, words: str) -> bytes | None:
    """The newest message for a recipient that has these words in its subject or text; waits for it."""
    found: list[bytes] = []

    def look() -> bool:
        found[:] = [m for m in stage.inbox(rcpt) if words in _text(m)]
        return bool(found)

    _wait(look)
    return found[-1] if found else None


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not until() and time.monotonic() < end:
        time.sleep(0.05)


def _link(notice: bytes | None) -> str:
    found = re.search(r"https?://\S+/h/[\w.~-]+", _text(notice)) if notice else None
    return found[0] if found else ""


def _text(raw: bytes) -> str:
    mail = _parsed(raw)
    body = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{body.get_content() if body else ''}"


def _parsed(raw: bytes) -> EmailMessage:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 — that is what this policy makes
    return mail


def _yes(came: object | None) -> str:
    return "no" if came is None else "yes"
