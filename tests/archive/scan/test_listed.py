"""Sources are looked up by number, one by one."""

import pytest

from missent.archive.scan import plan
from missent.archive.scan.listed import Listed
from missent.archive.scan.state import State


def test_like_the_plan(tmp_path):
    folder = tmp_path / "mail"
    folder.mkdir()
    for n in range(20):
        (folder / f"{n:02}.eml").write_bytes(b"From: a@mod.example\nTo: b@army.mil\n\nx\n")
    state = State(tmp_path / "state")
    plan.make(state, [folder], "")
    found = Listed(state)
    assert dict(found) == {number: (path, kind) for number, path, kind, _ in plan.Plan(state).listed()}
    assert len(found) == 20
    assert found[3] is found[3]
    assert -1 not in found
    with pytest.raises(KeyError):
        found[20]
