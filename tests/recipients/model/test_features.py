import pytest

from missent.recipients.model.features import Look
from missent.recipients.model.people import person
from missent.recipients.model.resembling import alike

from .site import JO, KIM, LEE, STEVE, STEVEN, mail, memory


def rows(*rcpts: str, subject: str = "", text: str = "") -> dict[str, dict[str, float]]:
    looked = Look(memory(), mail(rcpts, subject=subject, text=text)).rows()
    return dict(zip(rcpts, looked, strict=True))


def test_the_usual_one_is_the_rival_of_the_namesake() -> None:
    row = rows(STEVE, JO, KIM, subject="Pipeline capacity", text="turbine outage")[STEVE]
    assert row["rival-is"] == 1
    assert row["rival-company"] > 0.5
    assert row["rival-words"] > 0.5
    assert row["company"] < 0


def test_the_right_one_has_company_words_and_thread() -> None:
    row = rows(STEVEN, JO, KIM, subject="Re: Pipeline capacity", text="Steven, turbine outage")[STEVEN]
    assert min(row["company"], row["own"], row["thread"], row["thread-member"]) > 0
    assert row["named"] == 2


def test_topic_judges_a_well_known_wrong_one() -> None:
    found = rows(STEVEN, LEE, text="turbine outage nominations")
    assert found[STEVEN]["own"] > found[LEE]["own"]


QUOTED = "Fine.\n-----Original Message-----\nFrom: Steven Harris\nTo: Anna May"


def test_who_wrote_what_is_answered_is_told_from_who_did_not() -> None:
    assert rows(STEVEN, text=QUOTED)[STEVEN]["author"] == 2
    row = rows(LEE, text=QUOTED)[LEE]
    assert (row["author"], row["author-absent"], row["author-other"]) == (-1, 2, 0)
    assert row["absent-ties"] > -1
    beside = rows(LEE, STEVEN, text=QUOTED)[LEE]
    assert (beside["author"], beside["author-absent"], beside["author-other"]) == (-1, 2, 2)  # Steve is a Steven
    assert rows(LEE, text="Fine.")[LEE]["author"] == 0


def test_a_greeting_may_have_the_name_in_short() -> None:
    greeted = "bill.reed@gas.example"
    assert rows(greeted, text="William,\nfine")[greeted]["named"] == 2
    assert rows(greeted, text="Steven,\nfine")[greeted]["named"] == -1


@pytest.mark.parametrize(
    ("address", "grade"),
    [
        ("jo.wood@gsa.example", 3),
        ("new.one@gqs.example", 2),
        ("jo.wood@elsewhere.example", 1),
        ("jo.wood@gas.example", 0),
        ("n@far.example", 0),
    ],
)
def test_slips_of_the_domain(address: str, grade: float) -> None:
    assert rows(address)[address]["slip-of-domain"] == grade


def test_doubles_in_one_mail_that_never_stood_together() -> None:
    found = rows(STEVEN, STEVE)
    assert found[STEVE]["double-is"] == 1
    assert found[STEVE]["double-met"] == 0
    assert rows(STEVEN, JO)[JO]["double-met"] == -1


@pytest.mark.parametrize(
    ("one", "other", "grade"),
    [
        ("a.b@x.example", "a.b@y.example", 4),
        ("harris@x.example", "haris@x.example", 3),
        ("s.harris@x.example", "anna.harris@x.example", 2),
        ("harris.anna@x.example", "j.harris.kim@x.example", 1),
        ("wendy1@x.example", "wenzel2@x.example", 0.5),
        ("jo@x.example", "al@x.example", 0),
    ],
)
def test_how_alike_addresses_are(one: str, other: str, grade: float) -> None:
    assert alike(person(2, one), person(3, other)) == grade


def test_a_site_without_a_past_gives_finite_numbers() -> None:
    from missent.recipients.model.memory import Memory

    looked = Look(Memory(bits=8), mail(("a@x.example", "b@x.example"), text="hello")).rows()
    assert all(abs(value) < 100 for row in looked for value in row.values())
