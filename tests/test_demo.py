"""The main job, as `make demo` runs it: a process of its own, real SMTP, real links."""

import subprocess
import sys


def test_demo_once_tells_the_whole_story_and_every_step_is_as_told(tmp_path):
    told = subprocess.run(
        [sys.executable, "-m", "missent", "demo", "--once"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    for step in ("clean", "army.ml", "asked", "correct", "Jon Smith", "OFFICIAL-SENSITIVE", "550 5.7.1", "verif"):
        assert step in told.stdout
    assert "NOT AS TOLD" not in told.stdout
    assert list(tmp_path.iterdir()) == []
