"""One message weighed: scores against the bar of the budget, and what the doubt is about."""

from typing import NamedTuple

from missent.recipients.model.answers import WHOLE
from missent.recipients.model.explaining import facts
from missent.recipients.model.features import Look
from missent.recipients.model.letter import Mail
from missent.recipients.model.memory import Memory
from missent.recipients.model.model import Model
from missent.recipients.model.usual import absent
from missent.recipients.weighing import Doubt, Weighed

INSIDERS = 3
"""Recipients of the sender's own domain beside whom one from outside stands out in a reply to all."""


class Bars(NamedTuple):
    """A mail is prompted for above `prompt`; the surer half of the budget lies above `sure`."""

    prompt: float
    sure: float


def weigh(memory: Memory, model: Model, mail: Mail, budget: float) -> Weighed:
    """Weigh a mail by what was learned before it; `budget` prompts are allowed per 1,000 mails."""
    look = Look(memory, mail)
    scores = model.trees.scores(look.rows()).tolist()
    bars = Bars(model.bar(mail.sender, budget), model.bar(mail.sender, budget / 2))
    doubts = {
        mail.rcpts[which]: _doubt(look, model, which, score, bars) for which, score in enumerate(scores) if score > bars.prompt
    }
    return Weighed(doubts, absent(look), _newcomers(look), max(scores, default=None))


def _doubt(look: Look, model: Model, which: int, score: float, bars: Bars) -> Doubt:
    told = facts(look, model.trees, which)
    told["bar"] = round(bars.prompt, 2)
    id_ = _about(look, which)
    return Doubt(id_, score > bars.sure, round(model.sure(score), 3), _meant(look, which, id_, str(told["because"])), told)


def _meant(look: Look, which: int, id_: str, because: str) -> str:
    """The absent one: the namesake, or who wrote what is answered where that weighs against the recipient; "" if none."""
    rival = look.best_rival(look.rcpts[which], look.rivals[which])
    if id_ == "namesake" and rival is not None:
        return rival.person.address
    author = look.answered
    answered = author.parts >= WHOLE and not look.traits.passed and "answer-absent" in because.split()
    return author.person.address if answered and author.person else ""


def _about(look: Look, which: int) -> str:
    """The check that speaks: the plainest thing that can be said of the doubt."""
    rcpt = look.rcpts[which]
    rival = look.best_rival(rcpt, look.rivals[which])
    if rival is not None and rival.whole > look.fits[rcpt.address].whole:
        return "namesake"
    home = look.mail.sender.rpartition("@")[2]
    others = [r for r in look.rcpts if r.address != rcpt.address]
    if rcpt.domain != home and look.traits.reply and len(others) >= INSIDERS and all(o.domain == home for o in others):
        return "reply-all-outsider"
    return "new-to-thread" if look.stands(rcpt.address) is False else "odd-recipient"


def _newcomers(look: Look) -> dict[str, int]:
    return {r.address: len(look.last) for r in look.rcpts if look.stands(r.address) is False}
