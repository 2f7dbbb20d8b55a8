"""The store gone or its disk full while mail comes in: 451, nothing half done, and everything goes on once it is back."""

import resource

import pytest

from .test_two_nodes import until, until_taken

ON_SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)


@ON_POSTGRESQL
def test_a_database_that_crashes_and_comes_back(nodes, hop, opened, postgres):
    (node,) = nodes(1)
    node.start()
    until_taken([node, node], 1)
    postgres.stop()
    try:
        for number in range(2, 5):
            assert "451" in node.send(f"m{number}", f"joe+{number}@army.mil", f"jane+{number}@army.ml")
            assert hop.got(f"joe+{number}@army.mil") == 0
        assert not node.died
    finally:
        postgres.resume()
    for number in range(2, 5):
        until_taken([node, node], number)
    with opened() as store:
        assert sorted(c.rcpt.spec for h in store.holds.find() for c in h.copies) == [f"jane+{n}@army.ml" for n in range(1, 5)]
        assert store.audit.verify().faults == ()
    until(lambda: hop.got("anna@mod.example") == 4, 40)
    assert all(hop.got(f"joe+{number}@army.mil") == 1 for number in range(1, 5))


@ON_SQLITE
def test_a_disk_that_is_full_and_has_room_again(nodes, hop, opened, tmp_path):
    """The limit on the size of its files stands for the disk: it is met in the midst of a transaction just the same."""
    (node,) = nodes(1)
    node.start()
    full = (tmp_path / "missent.db-wal").stat().st_size + 200_000
    resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
    taken = 0
    while not (said := node.send(f"m{taken}", f"jane+{taken}@army.ml", text="x" * 70 + "\r\n", times=700)):
        taken += 1
        assert taken < 30
    assert "451" in said
    assert "451" in node.send("again", "jane@army.ml", text="y" * 70 + "\r\n", times=700)
    assert not node.died
    resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert node.send(f"m{taken}", f"jane+{taken}@army.ml", text="x" * 70 + "\r\n", times=700) == ""
    with opened() as store:
        holds = store.holds.find(limit=100)
        assert sorted(c.rcpt.spec for h in holds for c in h.copies) == sorted(f"jane+{n}@army.ml" for n in range(taken + 1))
        assert all(len(store.holds.body(kept.id)) == kept.size > 49_000 for kept in holds)
        assert store.audit.verify().faults == ()
    assert not any(hop.got(f"jane+{n}@army.ml") for n in range(taken + 1))
