"""Wrong persons by the recipient model, looking back: each mail of ours is weighed by what came before, and by what came after.

A memory is told all mail in the order of time and asked about each before it learns it; then another is told all in the
opposite order, as if time ran backwards. Who looks odd before and belongs later is acquitted: the doubt that counts is the
lesser of the two. Where one side knows nothing yet (the beginning or the end of the archive), the other decides. What is
left is ranked, and only the top is accused: so many of 1,000 mails, and nobody whom the widest bar lets pass on either side.
"""

import heapq
import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from missent.archive.scan import facts, plan, words
from missent.archive.scan.accused import Accusation
from missent.archive.scan.pool import Engine
from missent.archive.scan.state import State, attached, whole
from missent.archive.scan.taking import Progress
from missent.recipients.weighing import Doubt, Weighed, Weighing

if TYPE_CHECKING:
    from missent.recipients.model.letter import Mail
    from missent.recipients.model.model import Model

MOST = 50
"""Of 1,000 mails that may be accused; the model keeps no finer account of right mail."""
_SPARE = 10
"""Doubts kept for each that may be accused: the other direction acquits most."""

_MAILS = """SELECT mail.id, mail.at, mail.own, mail.sender, octets FROM words.word JOIN mail ON mail.id = word.mail
WHERE mail.sender != 0 ORDER BY mail.at {order}, mail.id {order}"""
_RCPTS = "SELECT person FROM rcpt WHERE mail = ? AND person != ? ORDER BY person"
_WHO = """SELECT local || '@' || domain, coalesce((SELECT min(name) FROM name WHERE name.person = person.id), '')
FROM person WHERE id = ?"""


@dataclass(frozen=True, slots=True)
class Asked:
    """How wrong persons are looked for.

    Attributes:
        model: trees and confidences.
        rate: how many of 1,000 mails sent from here may be accused, 0 to `MOST`.
    """

    model: "Model"
    rate: float


def accuse(asked: Asked, state: State, engine: Engine, show: Callable[[Progress], None]) -> str:
    """Find wrong persons and write them to the state folder; a digest of all it depends on. The same again if it is there."""
    digest = sha256(json.dumps([plan.digest_of(state), asked.rate, asked.model.as_dict()]).encode()).hexdigest()
    if state.accused.is_file() and _head(state)["digest"] == digest:
        return digest
    key = plan.digest_of(state).encode()[:32]
    words.gather(state, key, engine, show)
    with facts.opened(state) as db, attached(db, state.words, "words"):
        found, judged = _both_ways(db, asked, key)
    lines = [{"digest": digest, "judged": judged}, *(one.as_dict() for one in found)]
    with whole(state.accused) as fresh:
        fresh.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return digest


def _both_ways(db: sqlite3.Connection, asked: Asked, key: bytes) -> tuple[list[Accusation], int]:
    """Those to be accused, and of how many mails."""
    own = db.execute("SELECT count(*) FROM mail WHERE own AND person").fetchone()[0]
    most = int(own * asked.rate / 1000)
    ahead: list[tuple[float, int, str, Doubt]] = []
    judged, unknown = 0, set[int]()
    for mail, weighed in _weighed(db, asked.model, key, backwards=False):
        judged += weighed.score is not None
        if weighed.score is None:
            unknown.add(mail)
        for rcpt, doubt in weighed.doubts.items():
            heapq.heappush(ahead, (float(doubt.facts["score"]), -mail, rcpt, doubt))
            if len(ahead) > _SPARE * most + 1:
                heapq.heappop(ahead)
    before: dict[int, dict[str, Doubt]] = {}
    for _, mail, rcpt, doubt in ahead:
        before.setdefault(-mail, {})[rcpt] = doubt
    found: list[Accusation] = []
    for mail, weighed in _weighed(db, asked.model, key, backwards=True, wanted=unknown | before.keys()):
        judged += weighed.score is not None and mail in unknown
        found += lesser(mail, before.pop(mail, None), weighed)
    return _top(found, most, asked.model), judged


def lesser(mail: int, before: dict[str, Doubt] | None, after: Weighed) -> Iterator[Accusation]:
    """What both directions leave of a mail's doubts; `before`: None where what came before knew nothing."""
    if before is None or after.score is None:
        for rcpt, doubt in (after.doubts if before is None else before).items():
            yield Accusation(mail, rcpt, float(doubt.facts["score"]), doubt)
        return
    for rcpt, doubt in before.items():
        if rcpt in after.doubts:
            score = min(float(doubt.facts["score"]), float(after.doubts[rcpt].facts["score"]))
            yield Accusation(mail, rcpt, score, doubt)


def _top(found: list[Accusation], most: int, model: "Model") -> list[Accusation]:
    """The most doubtful mails; the surer half of them are `sure`."""
    ranked = sorted(found, key=lambda one: (-one.score, one.mail, one.rcpt))
    mails = list(dict.fromkeys(one.mail for one in ranked))
    kept, sure = set(mails[:most]), set(mails[: (most + 1) // 2])
    bar = next((one.score for one in ranked if one.mail not in kept), None)
    return [_told(one, bar, model, sure=one.mail in sure) for one in ranked if one.mail in kept]


def _told(one: Accusation, bar: float | None, model: "Model", *, sure: bool) -> Accusation:
    told = dict(one.doubt.facts) | {"hindsight": round(one.score, 2)}
    told.pop("bar", None)
    if bar is not None:
        told["bar"] = round(bar, 2)
    return one._replace(doubt=replace(one.doubt, sure=sure, confidence=round(model.sure(one.score), 3), facts=told))


def _weighed(
    db: sqlite3.Connection, model: "Model", key: bytes, *, backwards: bool, wanted: Collection[int] | None = None
) -> Iterator[tuple[int, Weighed]]:
    """Mails of ours, each weighed by those before it (or after it, `backwards`); `wanted`: only these."""
    from missent.recipients.in_memory.weighing import weighed  # needs NumPy, as the model did
    from missent.recipients.model.memory import Memory

    memory = Memory(key)
    for mail, own, one in _mails(db, backwards=backwards):
        if own and (wanted is None or mail in wanted):
            asked = Weighing(one.sender, one.rcpts, one.names, one.at, one.traits.pack(), MOST)
            yield mail, weighed(memory, model, asked)
        memory.learn(one)


def _mails(db: sqlite3.Connection, *, backwards: bool) -> Iterator[tuple[int, bool, "Mail"]]:
    """All mail in the order of time; backwards, with moments that rise as they go back."""
    from missent.recipients.model.letter import Mail
    from missent.recipients.model.traits import Traits

    who: dict[int, tuple[str, str]] = {}

    def known(person: int) -> tuple[str, str]:
        if person not in who:
            if len(who) >= 200_000:
                who.clear()
            who[person] = db.execute(_WHO, (person,)).fetchone()
        return who[person]

    latest = db.execute("SELECT max(at) FROM mail").fetchone()[0] or 0
    with closing(db.execute(_MAILS.format(order="DESC" if backwards else "ASC"))) as rows:
        for mail, at, own, sender, octets in rows:
            people = [known(person) for (person,) in db.execute(_RCPTS, (mail, sender)).fetchall()]
            if not people:
                continue
            author = known(sender)
            names = {key: name for key, name in (author, *people) if name}
            moment = float(2 * latest - at if backwards else at)
            yield mail, bool(own), Mail(author[0], tuple(key for key, _ in people), moment, Traits.unpack(octets), names)


def _head(state: State) -> dict[str, Any]:
    with state.accused.open() as file:
        head: dict[str, Any] = json.loads(next(file))
        return head
