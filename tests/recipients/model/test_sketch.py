import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from missent.recipients.model.sketch import Sketch

KEYS = st.lists(st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1)), max_size=30)


def one(number: int) -> np.ndarray:
    return np.array([number], np.uint64)


@given(KEYS)
def test_a_count_is_never_too_low(pairs: list[tuple[int, int]]) -> None:
    sketch = Sketch(14)
    for key, fact in pairs:
        sketch.add(one(key), one(fact))
    for key, fact in pairs:
        assert sketch.counts(one(key), one(fact))[0, 0] >= pairs.count((key, fact))


def test_what_was_never_counted_is_mostly_nothing() -> None:
    sketch = Sketch(14)
    sketch.add(np.arange(20, dtype=np.uint64), np.arange(1000, 1050, dtype=np.uint64))
    others = sketch.counts(np.arange(500, 600, dtype=np.uint64), np.arange(1000, 1050, dtype=np.uint64))
    assert (others > 0).mean() < 0.05


def test_a_full_table_fades_and_stays_its_size() -> None:
    sketch = Sketch(8)
    for key in range(400):
        sketch.add(one(key), np.arange(5, dtype=np.uint64))
    assert sketch.cells.size == 256
    sketch.cells[:] = 4
    sketch.fade()
    assert (sketch.cells == 2).all()
