"""What others build on is documented, and the pages made from the code are up to date."""

import re
import subprocess
import sys
from pathlib import Path

from missent.checks.registry import CHECKS
from missent.cli import COMMANDS
from missent.content.detectors.registry import DETECTORS

ROOT = Path(__file__).parent.parent
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def test_the_pages_made_from_the_code_are_up_to_date():
    told = subprocess.run([sys.executable, "docs/build.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.stdout == "up to date\n", told.stdout + told.stderr


def test_each_check_is_one_file_one_table_one_page_by_the_same_word():
    for check in CHECKS:
        assert ID.fullmatch(check.id)
        module = check.id.replace("-", "_")
        assert (ROOT / "src/missent/checks" / f"{module}.py").is_file()
        assert (ROOT / "docs/checks" / f"{check.id}.md").read_text().startswith(f"# `{check.id}`")
        assert (ROOT / "tests/checks" / f"{check.id}.toml").is_file() or (ROOT / "tests/checks" / f"test_{module}.py").is_file()


def test_each_detector_is_one_file_one_table_one_page_by_the_same_word():
    for detector in DETECTORS:
        assert ID.fullmatch(detector.id)
        assert (ROOT / "src/missent/content/detectors" / f"{detector.id.replace('-', '_')}.py").is_file()
        assert (ROOT / "tests/content/detectors" / f"{detector.id}.toml").is_file()
        assert f"# `{detector.id}`\n" in (ROOT / "docs/detectors" / f"{detector.id}.md").read_text()


def test_each_command_is_one_file_and_stands_in_the_docs():
    page = (ROOT / "docs/commands.md").read_text()
    for name, (module, line) in COMMANDS.items():
        assert (ROOT / "src/missent/cli" / f"{module}.py").is_file()
        assert f"## `missent {name}`" in page
        assert line in page


def test_every_link_in_the_docs_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    lost = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not lost


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120


def test_nothing_committed_names_an_index_or_a_path_of_the_machine_it_was_written_on():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    words = ("--index-url", "--extra-index-url", "--find-links", "/tmp/wt/", "/work/main", "/work/shared")
    forbidden = re.compile("|".join(words).encode())
    named = [
        f
        for f in tracked
        if f and f != "tests/test_docs.py" and (ROOT / f).is_file() and forbidden.search((ROOT / f).read_bytes())
    ]
    assert not named
