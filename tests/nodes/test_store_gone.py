"""The store gone or its disk full while mail comes in: 451, nothing half done, and everything goes on once it is back."""

import contextlib
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from missent.testing.postgres import Postgres

from .test_two_nodes import until, until_taken

ON_SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)


@ON_POSTGRESQL
@pytest.mark.parametrize("how", ["crash", "SIGKILL"])
def test_a_database_that_crashes_and_comes_back(nodes, hop, opened, postgres, how):
    (node,) = nodes(1)
    node.start()
    until_taken([node, node], 1)
    postgres.kill() if how == "SIGKILL" else postgres.stop()
    try:
        for number in range(2, 5):
            assert "451" in node.send(f"m{number}", f"joe+{number}@army.mil", f"jane+{number}@army.ml")
            assert hop.got(f"joe+{number}@army.mil") == 0
        assert not node.died
    finally:
        postgres.revive()
    for number in range(2, 5):
        until_taken([node, node], number)
    with opened() as store:
        assert sorted(c.rcpt.spec for h in store.holds.find() for c in h.copies) == [f"jane+{n}@army.ml" for n in range(1, 5)]
        assert store.audit.verify().faults == ()
    until(lambda: hop.got("anna@mod.example") == 4, 40)
    assert all(hop.got(f"joe+{number}@army.mil") == 1 for number in range(1, 5))


@pytest.fixture
def little(tmp_path):
    """A PostgreSQL of its own on a disk of 100 MB."""
    disk = Path(tempfile.mkdtemp(prefix="missent-disk-"))  # where the server's own user can go
    disk.chmod(0o755)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m,mode=755", "none", disk], check=False).returncode:
        disk.rmdir()
        pytest.xfail("a small disk cannot be mounted here, which may be even where everything is installed")
    server = None
    try:
        (disk / "pg").mkdir(mode=0o700)
        server = Postgres.start(disk / "pg", "-c max_wal_size=8MB -c min_wal_size=4MB")
        yield server
    finally:
        if server is not None:
            server.end()
        subprocess.run(["umount", "-l", disk], check=True)
        disk.rmdir()


@pytest.mark.parametrize("store_url", ["little"], indirect=True)
def test_a_database_whose_disk_is_full_and_has_room_again(nodes, hop, opened, little):
    """Whether the server refuses or goes down with it: what was taken is there, what was not is deferred, and it goes on."""
    (node,) = nodes(1)
    node.start()
    ballast, letter = little.folder / "ballast", {"text": "x" * 70 + "\r\n", "times": 7000}
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        for _ in range(shutil.disk_usage(little.folder).free // 100_000 - 40):
            file.write(bytes(100_000))
    taken = 0
    while not (said := node.send(f"m{taken}", f"jane+{taken}@army.ml", **letter)):
        taken += 1
        assert taken < 100
    assert "451" in said
    assert "451" in node.send("again", "jane+again@army.ml", **letter)
    assert not node.died
    ballast.unlink()
    with contextlib.suppress(subprocess.CalledProcessError):  # it runs, if it only refused
        little.revive(5)
    until_taken([node, node], 1000)
    with opened() as store:
        holds = store.holds.find(limit=200)
        held = {c.rcpt.spec for h in holds for c in h.copies}
        assert {f"jane+{n}@army.ml" for n in range(taken)} <= held
        assert all(len(store.holds.body(kept.id)) == kept.size for kept in holds)
        assert store.audit.verify().faults == ()
    until(lambda: hop.got("joe+1000@army.mil") == 1, 40)
    assert not any(hop.got(spec) for spec in held)


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
