from dataclasses import replace
from datetime import timedelta

import pytest

from missent.errors import StoreError
from missent.nouns.address import Address
from missent.nouns.hold import State
from missent.testing.holding import NOON, held_copy
from missent.web.links import Purpose

FORM = {"content-type": "application/x-www-form-urlencoded"}


def path(held):
    return f"/holds/{held.id}"


def decide(office, held, button, reason="", headers=None, **other):
    form = office.links.token(Purpose.CONSOLE, held.id, office.now + timedelta(hours=1))
    data = {"form": form, "copy": str(held.copies[0].id), "button": button, "reason": reason} | other
    return office.console.post(path(held), data=data, headers=headers)


def test_the_queue_lists_holds_with_state_and_delivery(office):
    held = office.keep()
    (notice,) = office.book.outbox.lease(office.now, "w")
    office.book.outbox.again(notice, NOON + timedelta(minutes=1), "451 4.4.1 Next hop is away")
    page = office.console.get("/").text
    for word in (
        path(held),
        "alex.kim@mod.example",
        "jane.doe@army.ml",
        ">held<",
        "lookalike-domain",
        "1 try",
        "451 4.4.1 Next hop is away",
    ):
        assert word in page
    assert "canary" not in page
    assert "Itinerary" not in page


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", True),
        ("state=held", True),
        ("state=sent", False),
        ("state=nonsense", True),
        ("age=new", True),
        ("age=old", False),
        ("age=due", False),
        ("leaving=waiting", True),
        ("leaving=failed", False),
        ("state=held&age=old", False),
        ("age=%3Cscript%3E", True),
    ],
)
def test_the_queue_is_filtered(office, query, seen):
    held = office.keep()
    assert (path(held) in office.console.get(f"/?{query}").text) == seen


def test_an_empty_queue_says_so(office):
    assert "No mail is held" in office.console.get("/").text


def test_a_hold_shows_its_reasons_in_words_and_facts(office):
    page = office.console.get(path(office.keep())).text
    for word in (
        "differs only in its ending",
        "lookalike-domain",
        "high, confidence 0.99",
        "misdirection-high",
        "sha256:000",
        "resembles",
        "army.mil",
    ):
        assert word in page
    assert "canary" not in page


def test_each_view_is_recorded_before_it_is_shown(office):
    held = office.keep()
    for count in (1, 2):
        office.console.get(path(held))
        assert office.book.viewed[held.id] == count


def test_a_view_that_cannot_be_recorded_is_not_shown(office):
    held = office.keep()

    def away(*_):
        raise StoreError("locked")

    office.book.view = away
    answer = office.console.get(path(held))
    assert answer.status_code == 503
    assert "jane.doe" not in answer.text


def test_release_and_return(office):
    held = office.keep(held_copy(decide="reviewer"), held_copy("b@army.ml"))
    assert "Let go" in decide(office, held, "release").text
    assert "Returned to its sender" in decide(office, held, "return", "not theirs", copy=str(held.copies[1].id)).text
    first, second = office.book.get(held.id).copies
    assert (first.state, first.decided_by) == (State.RELEASED, "console")
    assert (second.state, second.reason) == (State.RETURNED, "not theirs")


def test_a_return_needs_a_reason(office):
    held = office.keep()
    assert "needs a reason" in decide(office, held, "return", "  ").text
    assert office.states(held) == ["held"]


def test_a_second_decision_is_told_how_it_stands(office):
    held = office.keep()
    decide(office, held, "release")
    assert "decided before" in decide(office, held, "return", "late").text
    assert office.states(held) == ["released"]


@pytest.mark.parametrize("button", ["confirm", "correct", "expire", "send", ""])
def test_there_are_no_other_steps(office, button):
    held = office.keep()
    decide(office, held, button)
    assert office.states(held) == ["held"]


def test_a_post_without_this_holds_own_fresh_token_does_nothing(office):
    held, other = office.keep(), office.keep(id="other", key="other")
    late = NOON - timedelta(seconds=1)
    for form in (
        "",
        "made-up",
        office.links.token(Purpose.CONSOLE, other.id, NOON + timedelta(hours=1)),
        office.links.token(Purpose.SENDER, held.id, NOON + timedelta(hours=1)),
        office.links.token(Purpose.CONSOLE, held.id, late),
    ):
        assert decide(office, held, "release", form=form).status_code == 403
    assert office.states(held) == ["held"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_posts_of_other_sites_are_refused(office, headers):
    held = office.keep()
    assert decide(office, held, "release", headers=headers).status_code == 403
    assert office.states(held) == ["held"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:10080", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:10080", ""]
)
def test_a_name_that_only_resolves_here_is_refused(office, host):
    held = office.keep()
    answer = office.console.get(path(held), headers={"host": host})
    assert answer.status_code == 403
    assert "army.ml" not in answer.text
    assert office.book.viewed[held.id] == 0


@pytest.mark.parametrize("host", ["127.0.0.1:10080", "localhost:10080", "LOCALHOST:10080", "[::1]:10080"])
def test_loopbacks_own_names_are_answered(office, host):
    assert office.console.get("/", headers={"host": host}).status_code == 200


def test_a_post_from_our_own_page_is_taken(office):
    held = office.keep()
    headers = {"origin": "http://127.0.0.1:10080", "sec-fetch-site": "same-origin"}
    assert decide(office, held, "release", headers=headers).status_code == 200
    assert office.states(held) == ["released"]


def test_nothing_acts_but_post(office):
    held = office.keep()
    form = office.links.token(Purpose.CONSOLE, held.id, NOON + timedelta(hours=1))
    query = f"?form={form}&copy={held.copies[0].id}&button=release"
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        office.console.request(method, path(held) + query, headers=FORM)
    assert office.states(held) == ["held"]


def test_what_is_not_there_is_said_so(office):
    assert office.console.get("/holds/none").status_code == 404
    assert office.console.get("/nothing").status_code == 404
    assert decide(office, replace(office.keep(), id="gone"), "release").status_code == 404


def test_every_response_is_locked_down(office):
    held = office.keep()
    answers = [office.console.get(url) for url in ("/", path(held), "/figures", "/nothing")]
    answers.append(office.console.get("/", headers={"host": "evil.example"}))
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "same-origin"  # no-referrer would make Origin null


NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e\r\n"


def test_nasty_names_are_only_text(office):
    copy = replace(held_copy(suggestion=NASTY, rule=NASTY), rcpt=Address(NASTY, "army.ml", NASTY))
    held = office.keep(copy, mail_from=Address(NASTY, "mod.example"), message_id=NASTY)
    (notice,) = office.book.outbox.lease(office.now, "w")
    office.book.outbox.failed(notice, office.now, f"550 {NASTY}")
    pages = [office.console.get(url) for url in ("/", path(held), "/figures")]
    pages.append(decide(office, held, "return", NASTY))
    for page in pages:
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert "\u202e" not in page.text


@pytest.mark.parametrize(
    ("day", "heading"),
    [("2026-11-23", "Monday 23 November 2026"), ("x", "Monday 23"), ("9999-12-31", "Monday 23"), ("0001-01-01", "1 January")],
)
def test_figures_of_any_day(office, day, heading):
    office.keep()
    page = office.console.get(f"/figures?day={day}")
    assert page.status_code == 200
    assert heading in page.text
    assert "<svg" in page.text


def test_a_warning_is_called_one_and_has_no_buttons(office):
    held = office.keep(held_copy(state=State.WARNED, rule="doubtful"))
    assert "let go with a warning" in office.console.get("/?state=warned").text
    page = office.console.get(path(held)).text
    assert "let go with a warning" in page
    assert "lookalike-domain" in page
    assert "<button" not in page.partition("<main")[2]
    assert "decided by" not in page
    figures = office.console.get(f"/figures?day={NOON.date()}").text
    assert "<b>1</b><span>let go with a warning" in figures
    assert "<b>0</b><span>copies held" in figures
