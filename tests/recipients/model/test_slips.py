import random

import pytest

from missent.recipients.model.slips import BESIDE, KINDS, slip, three_letters

from .site import JO, KIM, LEE, STEVE, STEVEN, mail, memory

SITE = memory()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("instead", [False, True])
def test_a_slip_is_in_the_mail_and_was_not_before(kind: str, instead: bool) -> None:
    right = mail((STEVEN, JO), subject="Re: Pipeline capacity")
    for seed in range(20):
        if made := slip(SITE, right, kind, random.Random(seed).randrange, instead=instead):
            wrong = made[1]
            assert wrong <= set(made[0].rcpts)
            assert not wrong & set(right.rcpts)
            kept = 1 if instead and kind not in BESIDE else 2
            assert len(set(made[0].rcpts) & set(right.rcpts)) == kept


@pytest.mark.parametrize(("right", "expected"), [((STEVEN,), STEVE), ((STEVE,), STEVEN), ((KIM,), None)])
def test_the_list_completes_the_first_letters(right: tuple[str, ...], expected: str | None) -> None:
    book = (STEVEN, STEVE, LEE, KIM)
    found = three_letters(book, mail(right), right[0], lambda n: 0)
    assert found == (expected or STEVEN)


def test_no_other_no_slip() -> None:
    assert three_letters((JO,), mail((JO,)), JO, lambda n: 0) == ""


def test_who_left_the_thread_and_everybody_in_it() -> None:
    right = mail((STEVEN,), subject="Pipeline capacity")
    former = slip(SITE, right, "former-member", random.Random(1).randrange, instead=False)
    everybody = slip(SITE, right, "reply-all", random.Random(1).randrange, instead=False)
    assert former
    assert former[1] < {JO, KIM}
    assert everybody
    assert everybody[1] == {JO, KIM}
    assert slip(SITE, mail((STEVEN,), subject="Another matter"), "reply-all", random.Random(1).randrange, instead=False) is None
