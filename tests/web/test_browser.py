"""The pages in a real browser, on a phone, without scripts; skipped where Chromium is not installed."""

import shutil
import threading
import time

import pytest
import uvicorn

from missent.nouns.finding import Finding, Severity
from missent.testing.holding import held_copy

from .browser import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

ABOVE = {
    "marking": "OFFICIAL-SENSITIVE",
    "scheme": "uk-gscp",
    "where": "attachment:1.2",
    "place": "cleared",
    "comparable": True,
    "ceiling": "OFFICIAL",
}
CARD = {"kinds": "payment card", "where": "body", "count": 1, "place": "new"}
ROWS = {"kind": "hidden-rows", "where": "attachment:1.2", "shown": 150, "held": 18714}
LONG = "carol.o-brien-with-a-rather-long-local-part@a-navy-logistics-command-of-some-length.ml"


@pytest.fixture
def served(office):
    """The sender's pages on a socket; the origin's URL."""
    config = uvicorn.Config(office.public.app, port=0, log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def browser(tmp_path):
    with Browser(CHROMIUM, tmp_path / "profile") as browser:
        yield browser


MARKED = (
    Finding("above-ceiling", Severity.HIGH, 0.95, "jane.doe@army.ml", evidence=ABOVE),
    Finding("unmarked-sensitive", Severity.MEDIUM, 0.9, "jane.doe@army.ml", evidence=CARD),
    Finding("hidden-content", Severity.MEDIUM, 0.95, evidence=ROWS),
    Finding("not-inspected", Severity.LOW, 1.0, evidence={"where": "attachment:1.3", "reason": "encrypted-archive"}),
)


def test_markings_and_content_are_told_in_words_on_a_phone(office, served, browser):
    held = office.keep(held_copy(findings=MARKED, decide="reviewer", rule="not-cleared"))
    browser.open(served + office.page(held))
    assert browser.value("document.documentElement.scrollWidth") <= 375
    shown = browser.value("document.body.innerText")
    for words in (
        "marked OFFICIAL-SENSITIVE in an attachment",
        "may receive up to OFFICIAL.",
        "looks sensitive (payment card, in the text)",
        "you see 150 rows, and it holds 18,714 (hidden rows)",
        "could not be read",
        "A reviewer decides whether it goes there.",
    ):
        assert words in shown
    assert browser.value("[...document.querySelectorAll('button')].map(b => b.value).join()") == "suggestion,return,correct"
    browser.click("button[value=return]")
    assert office.states(held) == ["returned"]


def test_a_sender_corrects_on_a_phone_without_scripts(office, served, browser):
    held = office.keep(held_copy(), held_copy(LONG))
    browser.open(served + office.page(held))
    assert office.states(held) == ["held", "held"]
    assert browser.value("document.documentElement.scrollWidth") <= 375
    assert browser.value("Math.min(...[...document.querySelectorAll('form.buttons button')].map(b => b.offsetHeight))") >= 44
    assert browser.value("getComputedStyle(document.querySelector('button.main')).backgroundColor") == "rgb(26, 79, 139)"
    browser.click("button.main")
    assert office.states(held) == ["corrected", "held"]
    assert "on its way to jane.doe@army.mil" in browser.value("document.body.innerText")
    asked = {params["request"]["url"] for method, params in browser.events if method == "Network.requestWillBeSent"}
    assert asked == {served + office.page(held)}
    assert [params for method, params in browser.events if method == "Log.entryAdded"] == []
