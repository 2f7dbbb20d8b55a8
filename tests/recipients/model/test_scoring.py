"""What a doubt is about, who is missed, and who is new to a thread."""

import pytest

from missent.recipients.model import scoring, usual
from missent.recipients.model.features import Look
from missent.recipients.model.scoring import weigh
from missent.recipients.weighing import Weighed

from .site import JO, KIM, LEE, SENDER, STEVE, STEVEN, mail, memory
from .test_explaining import TREES

SITE = memory()
OUTSIDER = "someone@far.example"


class Suspicious:
    """A model that doubts every recipient."""

    trees = TREES

    @staticmethod
    def bar(sender: str, budget: float) -> float:
        return -99.0 if budget >= 2 else 99.0

    @staticmethod
    def sure(score: float) -> float:
        return 0.5


def weighed(*rcpts: str, subject: str = "", text: str = "") -> Weighed:
    return weigh(SITE, Suspicious, mail(rcpts, subject=subject, text=text), 2)


def test_a_namesake_is_named_with_whom_it_is_like() -> None:
    doubt = weighed(STEVE, JO, KIM, subject="Pipeline capacity", text="turbine outage").doubts[STEVE]
    assert (doubt.id, doubt.meant, doubt.sure, doubt.confidence) == ("namesake", STEVEN, False, 0.5)
    assert doubt.facts["bar"] == -99.0


QUOTED = "Fine.\n-----Original Message-----\nFrom: Kim Reed\nSubject: Pipeline capacity"


def told(look: Look, trees: object, which: int) -> dict[str, object]:
    return {"because": "answer-absent" if look.answered.person else "words"}


@pytest.mark.parametrize(
    ("subject", "text", "meant"), [("Re: it", QUOTED, KIM), ("FW: it", QUOTED, ""), ("Re: it", "Fine.", ""), ("it", "", "")]
)
def test_who_wrote_what_is_answered_is_meant(subject: str, text: str, meant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where that weighs against the recipient: made to here, whatever the trees say."""
    monkeypatch.setattr(scoring, "facts", told)
    doubt = weighed(LEE, subject=subject, text=text).doubts[LEE]
    assert (doubt.id, doubt.meant) == ("odd-recipient", meant)


def test_an_outsider_in_a_reply_to_colleagues() -> None:
    colleagues = [f"{name}@site.example" for name in ("uma.vale", "ned.york", "ida.zorn")]
    assert weighed(OUTSIDER, *colleagues, subject="Re: lunch today").doubts[OUTSIDER].id == "reply-all-outsider"
    assert weighed(OUTSIDER, *colleagues, subject="lunch today").doubts[OUTSIDER].id == "odd-recipient"
    assert weighed(OUTSIDER, *colleagues[:2], subject="Re: lunch today").doubts[OUTSIDER].id == "odd-recipient"
    assert weighed(OUTSIDER, *colleagues, JO, subject="Re: lunch today").doubts[OUTSIDER].id == "odd-recipient"


def test_new_to_the_thread_and_not_in_another() -> None:
    found = weighed(LEE, JO, subject="Re: Pipeline capacity")
    assert found.doubts[LEE].id == "new-to-thread"
    assert found.newcomers == {LEE: 4}
    assert weighed(LEE, subject="Another matter").newcomers == {}
    assert weighed(JO, subject="Re: Pipeline capacity").newcomers == {}


@pytest.mark.parametrize(
    ("rcpts", "missed"),
    [((JO,), {JO: {STEVEN, KIM}}), ((JO, KIM), {JO: {STEVEN}, KIM: {STEVEN}}), ((JO, KIM, STEVEN), {}), ((OUTSIDER,), {})],
)
def test_who_nearly_always_stands_beside_a_recipient_is_missed(rcpts: tuple[str, ...], missed: dict[str, set[str]]) -> None:
    found = weighed(*rcpts).absent
    assert found.keys() == missed.keys()
    assert all(found[rcpt].address in who for rcpt, who in missed.items())
    assert all((one.together, one.of) == (20, 20) for one in found.values())
    assert all(one.address != SENDER for one in found.values())


def test_a_few_mails_make_nobody_usual() -> None:
    few = memory(usual.LEAST - 1)
    assert usual.absent(Look(few, mail((JO,)))) == {}
