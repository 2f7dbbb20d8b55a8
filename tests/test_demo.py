"""The main job, as `make demo` runs it: a process of its own, real SMTP, real links."""

import subprocess
import sys

import pytest

EXTRAS = (
    "backports.zstd", "calamine", "compressed_rtf", "distributed", "duckdb", "hyperscan", "imapclient", "libarchive", "lxml",
    "matplotlib", "numpy", "olefile", "psycopg", "py7zr", "pyarrow", "pypdfium2", "pypff", "python_calamine", "scipy",
    "selectolax", "sklearn", "squarify", "striprtf", "tnefparse",
)  # fmt: skip
CORE_ALONE = f"import sys; sys.modules.update(dict.fromkeys({EXTRAS!r})); from missent.cli import main; main()"
"""missent where `make demo` has installed nothing but the core: every module of an extra is missing."""


@pytest.mark.parametrize("missent", [["-m", "missent"], ["-c", CORE_ALONE]], ids=["with every extra", "with the core alone"])
def test_demo_once_tells_the_whole_story_and_every_step_is_as_told(tmp_path, missent):
    told = subprocess.run(
        [sys.executable, *missent, "demo", "--once"],
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
