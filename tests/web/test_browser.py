"""The pages in a real browser, on a phone, without scripts; skipped where Chromium is not installed."""

import shutil
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn

from missent.nouns.finding import Finding, Severity
from missent.testing.holding import NOON, held_copy
from missent.testing.ports import free_port
from missent.web import console

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


@contextmanager
def threaded(app, port=0):
    """An application on a socket; the origin's URL."""
    config = uvicorn.Config(app, port=port, log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def served(office):
    """The sender's pages on a socket; the origin's URL."""
    with threaded(office.public.app) as url:
        yield url


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


NAMESAKE = {
    "because": "words company thread-out", "weight_1": 2.1, "weight_2": 1.4, "weight_3": 0.75, "start": -5.5, "rest": 3.25,
    "score": 2.0, "bar": 1.65, "sent": 162, "received": 40, "others": 2, "rival": "steven.harris@army.mil", "rival_sent": 142,
}  # fmt: skip
STEVE = Finding("namesake", Severity.HIGH, 0.4, "jane.doe@army.ml", "steven.harris@army.mil", NAMESAKE)


def test_what_the_model_doubts_is_told_in_words_on_a_phone(office, served, browser):
    held = office.keep(held_copy(findings=(STEVE,), suggestion="steven.harris@army.mil"))
    browser.open(served + office.page(held))
    assert browser.value("document.documentElement.scrollWidth") <= 375
    shown = browser.value("document.body.innerText")
    assert "You wrote to steven.harris@army.mil 142 times" in shown
    assert "it did not stand in the last mail of this thread" in shown
    assert "score" not in shown
    assert "canary" not in shown
    assert "Itinerary" not in shown


@pytest.fixture
def desk(office):
    """The console on a socket; its URL."""
    port = free_port()
    app = console.app(console.Desk(office.book, office.book.outbox, office.links, lambda: NOON), port)
    with threaded(app, port) as url:
        yield url


def test_a_reviewer_sees_how_the_score_comes_about(office, desk, browser):
    held = office.keep(held_copy(findings=(STEVE,)))
    browser.open(f"{desk}/holds/{held.id}")
    rows = browser.value("[...document.querySelectorAll('table.sum tr')].map(r => r.innerText.replace(/\\s+/g, ' ')).join('|')")
    told = [row.rpartition(" ") for row in rows.split("|")]
    numbers = [float(number) for _, _, number in told]
    assert [text for text, _, _ in told][0::6] == ["before anything is looked at", "asked about above"]
    assert sum(numbers[:-2]) == pytest.approx(numbers[-2])
    shown = browser.value("document.body.innerText")
    assert "weight_1" not in shown
    assert "canary" not in shown
    assert "Itinerary" not in shown


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
