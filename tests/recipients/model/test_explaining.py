import random

import pytest

from missent.recipients.model.explaining import KINDS, explain, facts
from missent.recipients.model.features import Look
from missent.recipients.model.slips import slip
from missent.recipients.model.training import Example, columns, table, train
from missent.recipients.model.trees import Trees

from .site import JO, KIM, STEVE, STEVEN, history, mail, memory

SITE = memory()


def learned() -> Trees:
    rng = random.Random(2)
    found, names = [], ()
    for one in history():
        rows = Look(SITE, one).rows()
        names = columns(rows[0])
        found.append(Example(table(rows), (False,) * len(rows)))
        made = [slip(SITE, one, kind, rng.randrange, instead=False) for kind in ("3g", "namesake", "typo-domain")]
        found += [Example(table(Look(SITE, m).rows()), tuple(a in w for a in m.rcpts)) for m, w in filter(None, made)]
    return train(names, found, rounds=30)


TREES = learned()


def test_every_feature_has_a_kind() -> None:
    assert {f for features in KINDS.values() for f in features} == set(TREES.names)


def test_the_namesake_is_scored_above_the_right_ones_and_told_by_counts() -> None:
    look = Look(SITE, mail((STEVE, JO, KIM), subject="Pipeline capacity", text="turbine outage nominations"))
    scores = TREES.scores(look.rows())
    assert scores.argmax() == 0
    reasons = explain(look, TREES, 0)
    assert TREES.start + sum(r.weight for r in reasons) == pytest.approx(scores[0])
    assert [abs(r.weight) for r in reasons] == sorted((abs(r.weight) for r in reasons), reverse=True)


def test_facts_add_up_to_the_score_and_count_the_senders_own_mail() -> None:
    look = Look(SITE, mail((STEVE, JO, KIM), subject="Pipeline capacity", text="turbine outage nominations"))
    told = facts(look, TREES, 0)
    weights = sum(value for name, value in told.items() if name.startswith("weight_"))
    assert weights + told["start"] + told["rest"] == pytest.approx(told["score"])
    assert told["score"] == pytest.approx(float(TREES.scores(look.rows())[0]), abs=0.01)
    assert (told["sent"], told["rival"], told["rival_sent"], told["others"]) == (20, STEVEN, 20, 2)
    assert len(told["because"].split()) <= 3
    assert "turbine" not in str(told)
