"""The page, with planted exposures: its figures are the answer's, it loads nothing, and says no more of people than it may."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from markupsafe import escape

from missent.archive.item import REASONS
from missent.archive.report import charts
from missent.archive.report.gathering import gather, gravity
from missent.archive.report.method import method
from missent.archive.report.page import page
from missent.archive.report.redaction import in_full, redacted
from missent.archive.report.said import AFTERMATH, FINDINGS, reason
from missent.archive.report.texts import excerpts
from missent.archive.scan import running
from missent.archive.scan.examining import Bench
from missent.archive.scan.exposure import ASKED, Exposure
from missent.archive.scan.plan import Plan
from missent.archive.scan.pool import here
from missent.archive.scan.state import State
from missent.archive.scan.summary import Summary
from missent.archive.scan.weighing import LEAST
from missent.policy.reading import default_policy
from missent.testing.planted import OWN, plant

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NOW = datetime(2023, 8, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    plant(each=3, ordinary=200).write(folder / "mail")
    (folder / "mail" / "broken.bin").write_bytes(b"\x00\x01" * 3000)
    state = State(folder / "state")
    told = running.scan(
        running.Request((folder / "mail",), Bench(frozenset([OWN]), default_policy())), state, here, lambda *_: None
    )
    return told, state


def made(scanned, shown=redacted):
    told, state = scanned
    said = method(Plan(state), "missent scan mail", "sha256:abc", NOW)
    return page(told, gather(running.exposures(state)), said, shown)


def test_the_headline_is_the_answer(scanned):
    told = scanned[0]
    html = made(scanned)
    assert f"<strong>{told.exposures:,}</strong>" in html
    assert f"At least {told.at_least:,}, at most {told.at_most:,}." in html
    assert "not-a-known-type" in html
    assert "army.mil" in html
    assert "missent scan mail" in html


def test_it_loads_nothing(scanned):
    html = made(scanned)
    assert "default-src 'none'" in html
    assert "<script" not in html
    assert not re.search(r'(?:src|href)="(?!#)', html.replace('xlink:href="#', 'href="#'))


def test_people_are_shortened_unless_asked_for(scanned):
    _, state = scanned
    html, full = made(scanned), made(scanned, in_full)
    senders = {e.sender for e in running.exposures(state)}
    assert not [sender for sender in senders if sender in html]
    assert [sender for sender in senders if sender in full]
    assert "a\N{HORIZONTAL ELLIPSIS}@mod.example" in html


def test_nothing_of_a_mail_but_addresses_is_shown(scanned):
    assert "Meeting" not in made(scanned, in_full)
    assert "Paragraph" not in made(scanned, in_full)


def test_texts_stand_only_in_a_report_in_full(scanned):
    told, state = scanned
    figures = gather(running.exposures(state))
    said = method(Plan(state), "", "", NOW)
    texts = excerpts(figures.worst)
    assert len(texts) > 10
    html = page(told, figures, said, in_full, texts)
    assert all(escape(texts[e.number].subject) in html for e in figures.worst if e.number in texts)
    assert "Paragraph 0." in html
    assert "not to be passed on" in html


def test_ids_are_said_in_words(scanned):
    html = made(scanned)
    assert "is at a domain like one that is known" in html
    assert "the content is of no known kind of archive" in html
    assert "sender recalled it" in html


def test_every_finding_aftermath_and_reason_has_words():
    assert set(LEAST) | {ASKED} <= FINDINGS.keys()
    assert set(AFTERMATH) == {"bounce", "wrong-address", "delete-request", "recall", "sent-again"}
    assert all(reason(name) for name in REASONS)


def test_a_wrong_person_is_no_wrong_domain(scanned):
    _, state = scanned
    wrong = exposure(rcpt="john.smyth@army.mil", meant="john.smith@army.mil", findings=("lookalike-address",))
    alone = Summary()
    alone.add(wrong)
    html = page(alone, gather([wrong]), method(Plan(state), "", "", NOW))
    assert "<td>army.mil</td><td>another person there</td>" in html


def test_the_same_answer_is_the_same_page(scanned):
    assert made(scanned) == made(scanned)


def test_the_sources_are_named_by_digest(scanned, tmp_path):
    from hashlib import sha256

    _, state = scanned
    said = method(Plan(state), "", "", NOW)
    path, size, digest = said.sources[0]
    content = Path(path).read_bytes()
    assert (len(content), sha256(content).hexdigest()) == (size, digest)


def exposure(number=1, **facts):
    base = {"number": number, "message_id": "", "at": NOW, "sender": "a@mod.example", "rcpt": "b@army.ml"}
    return Exposure(**(base | {"findings": ("asked",), "confidence": 1.0, "sure": True} | facts))


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"marking": ("uk-gscp", "SECRET", "SECRET"), "accepted": "no"}, {"marking": ("uk-gscp", "OFFICIAL", "OFFICIAL")}),
        ({"accepted": "yes"}, {"accepted": "unknown", "categories": ("travel",)}),
        ({"accepted": "unknown"}, {"accepted": "no"}),
        ({"categories": ("identity", "travel")}, {"categories": ("travel",)}),
        ({"answered": True}, {}),
    ],
)
def test_what_weighs_more(worse, better):
    assert gravity(exposure(**worse)) > gravity(exposure(**better))


def test_the_twenty_worst_are_kept():
    many = [exposure(n, categories=("x",) * (n % 40)) for n in range(500)]
    worst = gather(many).worst
    assert [len(e.categories) for e in worst[:12]] == [39] * 12
    assert len(worst) == 20


HOSTILE = "<script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}$x^2$@evil.ml"


def test_hostile_addresses_stay_text(scanned):
    told, state = scanned
    figures = gather([exposure(sender=HOSTILE, rcpt=HOSTILE.replace("evil.ml", "<b>.ml"))])
    html = page(told, figures, method(Plan(state), "", "", NOW), in_full)
    assert "<script" not in html
    assert "<b>.ml" not in html
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in html


def test_charts_of_nothing_and_of_wrong_clocks():
    from collections import Counter

    assert charts.timeline(Counter()) == charts.tiles({}) == charts.bars(Counter(), "x") == ""
    assert "<svg" in charts.timeline(Counter({"1980-01": 1, "2001-03": 5, "2044-07": 1}))


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_real_browser(scanned, tmp_path, scheme):
    from tests.web.browser import Browser

    path = tmp_path / "report.html"
    path.write_text(made(scanned))
    with Browser(CHROMIUM, tmp_path / "profile", width=1000, height=1400) as browser:
        browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.open(path.as_uri())
        heights = browser.value("[...document.querySelectorAll('svg')].map(s => s.getBoundingClientRect().height)")
        charts_shown = [height for height in heights if height]  # each is drawn for a page and for a phone
        assert (len(heights), len(charts_shown)) == (6, 3)
        assert min(charts_shown) > 60
        ink, paper = (browser.value(f"getComputedStyle(document.body).{what}") for what in ("color", "backgroundColor"))
        assert ink != paper
        chart_text = browser.value("getComputedStyle(document.querySelector('svg text')).fill")
        assert chart_text == ink
        assert browser.value("document.documentElement.scrollWidth") <= 1000
        shot = browser.ask("Page.captureScreenshot", format="png")["data"]
        assert len(shot) > 30_000
        assert [params for name, params in browser.events if name == "Log.entryAdded"] == []
        asked = {params["request"]["url"] for name, params in browser.events if name == "Network.requestWillBeSent"}
        assert asked == {path.as_uri()}


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_on_a_phone_nothing_is_cut_off_and_charts_can_be_read(scanned, tmp_path):
    from tests.web.browser import Browser

    path = tmp_path / "report.html"
    path.write_text(made(scanned))
    with Browser(CHROMIUM, tmp_path / "profile", width=375, height=800) as browser:
        browser.open(path.as_uri())
        assert browser.value("document.documentElement.scrollWidth") <= 375
        shown = "[...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().height)"
        assert browser.value(f"{shown}.length") == 3
        texts = browser.value(f"{shown}[0].querySelectorAll('text').length")
        letters = browser.value(f"[...{shown}[0].querySelectorAll('text')].map(t => t.getBoundingClientRect().height)")
        assert len(letters) == texts > 3
        assert min(letters) > 8
        labels = browser.value("getComputedStyle(document.querySelector('table.worst td'), '::before').content")
        assert labels == '"Date"'


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_as_pdf(scanned, tmp_path):
    from missent.archive.report.pdf import write_pdf

    write_pdf(made(scanned), tmp_path / "report.pdf")
    content = (tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(content) > 20_000


def test_without_a_browser_a_pdf_is_refused_in_one_line(monkeypatch, tmp_path):
    from missent.archive.report import pdf
    from missent.errors import ConfigError

    monkeypatch.setattr(pdf, "BROWSERS", ("no-such-browser",))
    with pytest.raises(ConfigError, match="Chromium, which is not installed"):
        pdf.write_pdf("<p>", tmp_path / "r.pdf")


def test_people_who_are_shown_alike_have_each_their_row(scanned):
    told, state = scanned
    figures = gather(exposure(n, sender=f"a{n % 3}@mod.example") for n in range(9))
    html = page(told, figures, method(Plan(state), "", "", NOW))
    row = '<tr><td>a\N{HORIZONTAL ELLIPSIS}@mod.example</td><td class="n">3</td></tr>'
    assert html.count(row) == 3
