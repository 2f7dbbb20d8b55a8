from datetime import timedelta

from missent.nouns.hold import State
from missent.testing.holding import NOON, held_copy, hold
from missent.web.figures import figures

HOLDS = [
    hold(held_copy(rule="a"), held_copy(rule="b", state=State.SENT)),
    hold(held_copy(rule="a", state=State.SENT, corrected_to="x@army.mil"), created=NOON + timedelta(hours=1)),
    hold(held_copy(rule="a", state=State.RETURNED), held_copy(rule="a", state=State.EXPIRED)),
    hold(held_copy(rule="b", state=State.FAILED), held_copy(rule="b", state=State.SENDING, corrected_to="y@army.mil")),
    hold(held_copy(rule="c", state=State.WARNED)),
    hold(held_copy(rule="a"), created=NOON - timedelta(days=1)),
    hold(held_copy(rule="a"), created=NOON + timedelta(hours=12)),
]


def test_a_days_figures_are_counted_by_hour_and_rule():
    day = figures(HOLDS, NOON.date())
    assert day.hours[12:14] == (6, 1)
    assert sum(day.hours) == day.total.held == 7
    assert (day.failed, day.warned) == (1, 1)
    assert [(r.rule, r.held, r.corrected, r.unchanged, r.unsent, r.waiting) for r in day.rules] == [
        ("a", 4, 1, 0, 2, 1),
        ("b", 3, 1, 2, 0, 0),
    ]
    assert [r.overridden for r in day.rules] == [0.0, 2 / 3]


def test_an_empty_day_has_figures_too():
    day = figures([], NOON.date())
    assert (sum(day.hours), day.rules, day.total.overridden) == (0, (), None)
