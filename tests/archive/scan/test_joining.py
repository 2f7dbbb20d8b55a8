"""Joining in ranges tells what counting one by one does, whatever mails are the same and wherever their numbers lie."""

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from missent.archive.scan import facts, joining
from missent.archive.scan.pool import here
from missent.archive.scan.state import State, connected
from missent.archive.scan.taking import OWN, PERSON, RANGES, SCHEMA, range_of

ONES = [-(1 << 63), -(1 << 61) - 1, -(1 << 61), -1, 0, 1, (1 << 61) - 1, 1 << 61, (1 << 63) - 1]
COPY = st.tuples(
    st.sampled_from(ONES),
    st.integers(1, 12),
    st.integers(-1, 3),
    st.sampled_from([0, 50, 51]),
    st.frozensets(st.integers(60, 63), max_size=3),
)


def joined(folder, shards, monkeypatch):
    state = State(folder)
    state.make()
    for number, copies in enumerate(shards):
        with connected(state.shard(number)) as db:
            db.executescript(SCHEMA)
            for begin, (one, same, at, sender, rcpts) in enumerate(copies):
                row = (one, same, 0, at, sender, OWN | PERSON, number, begin, "", 9)
                db.execute(f"INSERT INTO copy{range_of(one)} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
                db.executemany(f"INSERT INTO rcpt{range_of(one)} VALUES (?, ?)", [(one, person) for person in rcpts])
    monkeypatch.setattr(joining.Plan, "shards", lambda _: len(shards))
    joining.join(state, here)
    with facts.opened(state) as db:
        return (
            {(source, begin): mail for source, begin, mail in db.execute("SELECT source, begin, mail FROM copy")},
            {row[0]: row[1:] for row in db.execute("SELECT id, at, sender, copies FROM mail")},
            set(db.execute("SELECT mail, person FROM rcpt")),
            {row[:2]: row[2:] for row in db.execute("SELECT sender, rcpt, sent, first, last, asked FROM pair")},
        )


def counted(shards):
    """The same one by one."""
    copies = [(source, begin, *copy) for source, shard in enumerate(shards) for begin, copy in enumerate(shard)]
    mail = {one: one for _, _, one, *_ in copies}
    for _ in copies:  # at most so many steps from one to the lowest it is the same as
        alike = defaultdict(set)
        for _, _, one, same, *_ in copies:
            alike[same].add(mail[one])
        for _, _, one, same, *_ in copies:
            mail[one] = min(mail[one], *alike[same])
        for _, _, one, *_ in copies:
            mail[one] = min(mail[one], mail[mail[one]])
    of = defaultdict(list)
    for _source, _begin, one, _same, at, sender, rcpts in copies:
        of[mail[one]].append((at, sender, rcpts))
    mails = {
        m: (min((at for at, _, _ in told if at >= 0), default=-1), max(sender for _, sender, _ in told), len(told))
        for m, told in of.items()
    }
    rcpt = {(m, person) for m, told in of.items() for _, _, rcpts in told for person in rcpts}
    pairs = defaultdict(list)
    for m, person in rcpt:
        if sender := mails[m][1]:
            pairs[sender, person].append(mails[m][0])
    return (
        {(source, begin): mail[one] for source, begin, one, *_ in copies},
        mails,
        rcpt,
        {key: (len(at), min(at), max(at), min((a for a in at if a >= 0), default=None)) for key, at in pairs.items()},
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shards=st.lists(st.lists(COPY, max_size=8), min_size=1, max_size=3))
def test_as_counted_one_by_one(shards, tmp_path_factory, monkeypatch):
    assert joined(tmp_path_factory.mktemp("state"), shards, monkeypatch) == counted(shards)


def test_a_long_chain_of_copies_is_one_mail(tmp_path, monkeypatch):
    copies = [((n - 29) << 58, same, 1, 50, frozenset({60})) for n in range(58) for same in (n, n + 1)]
    mails = joined(tmp_path, [copies[::2], copies[1::2]], monkeypatch)[1]
    assert [told[2] for told in mails.values()] == [len(copies)]


@pytest.mark.parametrize("one", ONES)
def test_every_number_has_a_range(one):
    assert 0 <= range_of(one) < RANGES


def test_what_is_joined_is_not_joined_again(tmp_path, monkeypatch):
    copies = [[(1, 1, 1, 50, frozenset({60}))]]
    joined(tmp_path, copies, monkeypatch)
    assert not list((tmp_path / "joining").iterdir())
    joining.join(State(tmp_path), lambda *_: pytest.fail("nothing is left to do"))


def test_a_part_that_is_there_is_kept(tmp_path, monkeypatch):
    """A scan that was killed while it joined goes on with what was done."""
    state = State(tmp_path)
    done = []

    def half(tasks, show):
        for task in list(tasks)[:3]:
            done.append((state.joined(task.step, task.part), task))
            task.run(show)
        raise KeyboardInterrupt

    monkeypatch.setattr(joining.Plan, "shards", lambda _: 0)
    state.make()
    with pytest.raises(KeyboardInterrupt):
        joining.join(state, half)
    times = [path.stat().st_mtime_ns for path, _ in done]
    for path, task in done:
        task.run(lambda _: None)
        assert path.is_file()
    assert times == [path.stat().st_mtime_ns for path, _ in done]
