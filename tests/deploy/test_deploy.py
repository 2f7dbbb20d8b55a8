"""What is ready to be copied onto a server is read by the programs that will read it there."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from missent import settings
from missent.testing.postfix import MAIN, why_not

DEPLOY = Path(__file__).parents[2] / "deploy"
SNIPPETS = sorted(folder.name for folder in (DEPLOY / "postfix").iterdir())


def ran(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def unit(tmp_path):
    """The unit, with a program that exists here."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    text = (DEPLOY / "systemd" / "missent.service").read_text()
    copy = tmp_path / "missent.service"
    copy.write_text(text.replace("/opt/missent/bin/missent", sys.executable))
    return copy


def test_systemd_understands_the_unit(unit):
    status, said = ran("systemd-analyze", "verify", "--man=no", unit)
    assert (status, [line for line in said.splitlines() if "missent" in line]) == (0, [])


def test_the_unit_is_hardened(unit):
    """Exposure as systemd reckons it: 10 is a service without any protection, below 2 it says OK or SAFE."""
    _, said = ran("systemd-analyze", "security", "--offline=true", "--no-pager", unit)
    assert float(re.search(r"exposure level for missent\.service: ([\d.]+)", said)[1]) < 2.0


@pytest.mark.parametrize("name", SNIPPETS)
def test_postfix_understands_the_snippet(name, tmp_path):
    if reason := why_not():
        pytest.skip(reason)
    added = {path.name: path.read_text() for path in (DEPLOY / "postfix" / name).iterdir()}
    master = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\n"
    (tmp_path / "main.cf").write_text(MAIN.format(d=tmp_path, next_hop=2525) + added.get("main.cf", ""))
    (tmp_path / "master.cf").write_text(master + added.get("master.cf", ""))
    for what in ("-n", "-M", "-P"):
        status, said = ran("postconf", "-c", tmp_path, what)
        warned = [line for line in said.splitlines() if "warning" in line and "overriding earlier entry" not in line]
        assert (status, warned) == (0, [])
    _, services = ran("postconf", "-c", tmp_path, "-M")
    assert services.count("inet") >= 1 + added.get("master.cf", "").count(" inet ")
    if "main.cf" in added:
        _, values = ran("postconf", "-c", tmp_path, "-h", *re.findall(r"^(\w+) =", added["main.cf"], re.MULTILINE))
        assert "missent" in values or "10025" in values


PAGES = [path for path in sorted((DEPLOY.parent / "docs").rglob("*.md")) if "\nsmtpd_" in path.read_text()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_postfix_knows_every_setting_that_a_page_names(page):
    if reason := why_not():
        pytest.skip(reason)
    blocks = "\n".join(re.findall(r"^```text\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL))
    names = {*re.findall(r"^([a-z_0-9]+) = ", blocks, re.MULTILINE), *re.findall(r"-o ([a-z_0-9]+)=", blocks)}
    status, said = ran("postconf", "-d", *sorted(names))
    assert (status, "unknown" in said, len(names) > 2) == (0, False, True), said


def blocks(page):
    """Blocks of `missent.toml` on a page; policies, their cases and own patterns are other files."""
    found = re.findall(r"^```toml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    return [block for block in found if not tomllib.loads(block).keys() & {"rule", "case", "pattern"}]


@pytest.mark.parametrize(
    "page", list(filter(blocks, sorted((DEPLOY.parent / "docs").rglob("*.md")))), ids=lambda page: page.stem
)
def test_missent_knows_every_setting_that_a_page_names(page, tmp_path):
    """Each block by itself: what it leaves out has its default."""
    for block in blocks(page):
        (tmp_path / "missent.toml").write_text(block)
        settings.read(tmp_path / "missent.toml")


def test_the_container_file_copies_only_what_is_there():
    text = (DEPLOY / "container" / "Containerfile").read_text()
    root = DEPLOY.parent
    for line in re.findall(r"^COPY (?!--from)(.*)", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (root / source).exists(), source
    assert "USER 10001" in text
