"""What the logs say of a message and a recipient: a table of ways."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from missent.archive.deliveries import WHYS, JoinedDeliveries, Ours, gather
from missent.archive.logs.handover import Handover, Queued

AT = datetime(2023, 7, 19, 10, 0, tzinfo=UTC)
OURS = Ours(frozenset(("mod.example",)), frozenset(("smart.isp.example",)))
ANNA = "anna@mod.example"


def hop(
    rcpt: str = "jane@army.ml", relay: str = "mx.army.ml", ip: str = "192.0.2.7", status: str = "sent", **given: object
) -> Handover:
    facts = dict.fromkeys(Handover._fields[:-2], "") | {"at": AT.timestamp(), "host": "mx", "queue_id": "4A1B2C3D4E"}
    facts |= {"message_id": "one@mod.example", "sender": ANNA, "rcpt": rcpt, "response": "250 ok"}
    facts |= {"relay_host": relay, "relay_ip": ip, "status": status}
    facts |= given
    facts.setdefault("where", f"mail.log:{hash(tuple(facts.values())) & 0xFFFFFF}")
    return Handover(**facts)


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Callable[..., JoinedDeliveries]]:
    opened: list[JoinedDeliveries] = []

    def gathered(*told: Handover | Queued, ours: Ours = OURS) -> JoinedDeliveries:
        path = tmp_path / f"ledger{len(opened)}"
        gather(told, path)
        opened.append(JoinedDeliveries(path, ours))
        return opened[-1]

    yield gathered
    for one in opened:
        one.close()


DIRECT = tuple(
    hop(f"a@{site}", f"mx.{site}", message_id=f"{site}@mod.example", queue_id=f"D{n}")
    for n, site in enumerate(("a.com", "b.org", "c.net"))
)
THREE = tuple(
    hop(f"a@{site}", "mail.host.example", message_id=f"{site}2@mod.example", queue_id=f"E{n}")
    for n, site in enumerate(("a.com", "b.org", "c.net"))
)
CASES: dict[str, tuple[tuple[Handover, ...], str, str]] = {
    "the recipient's own host": ((hop(),), "yes", "named-alike"),
    "a provider's exchanger": ((hop(relay="alt1.aspmx.l.google.com"),), "yes", "known-exchanger"),
    "a tenant of that name": ((hop(relay="army-ml.mail.protection.outlook.com"),), "yes", "named-alike"),
    "our own tenant": ((hop(relay="mod-example.mail.protection.outlook.com"),), "unknown", "unsure"),
    "a provider's relay": ((hop(relay="smtp-relay.gmail.com"),), "unknown", "known-relay"),
    "a host of another name": ((hop(relay="mail.host.example"),), "unknown", "unsure"),
    "that takes mail for this domain only, from a server that delivers directly": (
        (*DIRECT, hop(relay="mail.host.example")),
        "yes",
        "takes-only-this-domain",
    ),
    "that takes mail for many": ((*DIRECT, *THREE, hop(relay="mail.host.example")), "unknown", "many-domains"),
    "a private address": ((hop(ip="10.1.2.3"),), "unknown", "own-network"),
    "the loopback": ((hop(relay="127.0.0.1", ip="127.0.0.1"),), "unknown", "own-network"),
    "a host below our own domain": ((hop(relay="filter.mod.example"),), "unknown", "own-network"),
    "a relay we named": ((hop(relay="smart.isp.example"),), "unknown", "configured-relay"),
    "refused": ((hop(status="bounced"),), "no", "refused"),
    "deferred": ((hop(status="deferred"),), "unknown", "deferred"),
    "deferred, then taken": ((hop(status="deferred"), hop(at=AT.timestamp() + 60)), "yes", "named-alike"),
    "deferred, then given up": (
        (hop(status="deferred"), hop("", "", "", "expired", at=AT.timestamp() + 60)),
        "no",
        "expired",
    ),
    "taken; another recipient of the queue given up": (
        (hop(), hop("", "", "", "expired", at=AT.timestamp() + 60)),
        "yes",
        "named-alike",
    ),
    "dropped": ((hop(status="discarded"),), "no", "discarded"),
    "nobody of that name in the envelope": ((hop("ben@army.ml"),), "unknown", "not-in-envelope"),
    "another message": ((hop(message_id="two@mod.example", at=AT.timestamp() + 9999),), "unknown", "not-in-logs"),
    "through a filter that keeps the Message-ID": (
        (hop(relay="127.0.0.1", ip="127.0.0.1", next_queue_id="5D6E7F"), hop(queue_id="5D6E7F", at=AT.timestamp() + 1)),
        "yes",
        "named-alike",
    ),
    "through a relay that changes the Message-ID": (
        (
            hop(relay="smart.isp.example", next_queue_id="5D6E7F"),
            hop(queue_id="5D6E7F", host="smart", message_id="other@isp", at=AT.timestamp() + 1),
        ),
        "yes",
        "named-alike",
    ),
    "through a relay that refuses later": (
        (
            hop(relay="smart.isp.example", next_queue_id="5D6E7F"),
            hop(queue_id="5D6E7F", host="smart", status="bounced", at=AT.timestamp() + 1),
        ),
        "no",
        "refused",
    ),
    "through a relay whose answer names no queue": (
        (hop(relay="smart.isp.example"), hop(queue_id="99", host="smart", status="bounced", at=AT.timestamp() + 1)),
        "no",
        "refused",
    ),
    "a queue name used for something else months later": (
        (
            hop(relay="smart.isp.example", next_queue_id="5D6E7F"),
            hop(queue_id="5D6E7F", host="smart", message_id="x", at=AT.timestamp() + 9e6),
        ),
        "unknown",
        "configured-relay",
    ),
    "a list's member": ((hop("sue@army.ml", orig_rcpt="jane@army.ml"),), "yes", "named-alike"),
    "one copy refused, one taken": ((hop(status="bounced"), hop(queue_id="B", at=AT.timestamp() + 1)), "yes", "named-alike"),
    "case is no difference": ((hop("Jane@ARMY.ML", "MX.Army.ML."),), "yes", "named-alike"),
}


@pytest.mark.parametrize("case", CASES)
def test_was_it_accepted(logs: Callable[..., JoinedDeliveries], case: str) -> None:
    told, state, why = CASES[case]
    answer = logs(*told).of("one@mod.example", ANNA, "jane@army.ml", AT)
    assert (answer.accepted, answer.why) == (state, why)
    assert answer.why in WHYS


def test_the_answer_names_host_reply_time_and_the_lines_of_the_way(logs: Callable[..., JoinedDeliveries]) -> None:
    first = hop(relay="127.0.0.1", ip="127.0.0.1", next_queue_id="5D6E7F", where="a:1")
    second = hop(queue_id="5D6E7F", at=AT.timestamp() + 1, where="b:2", response="250 thanks")
    answer = logs(second, first).of("one@mod.example", ANNA, "jane@army.ml", AT)
    assert answer[1:5] == ("mx.army.ml", "192.0.2.7", ("250 ok", "250 thanks"), ("a:1", "b:2"))


def test_our_own_recipient_on_our_own_server_has_it(logs: Callable[..., JoinedDeliveries]) -> None:
    inside = hop("ben@mod.example", "store.mod.example", "10.1.2.3")
    filtered = hop("sue@mod.example", "127.0.0.1", "127.0.0.1", message_id="two@mod.example")
    boxed = hop("tom@mod.example", "local", "", "delivered", message_id="three@mod.example")
    joined = logs(inside, filtered, boxed)
    assert joined.of("one@mod.example", ANNA, "ben@mod.example", AT).why == "own-mailbox"
    assert joined.of("two@mod.example", ANNA, "sue@mod.example", AT).why == "own-network"
    assert joined.of("three@mod.example", ANNA, "tom@mod.example", AT).why == "own-mailbox"


@pytest.mark.parametrize(
    ("told", "message_id", "state"),
    [
        ((hop(message_id="made-by-the-server@mx"),), "", "yes"),
        ((hop(message_id=""),), "one@mod.example", "yes"),
        ((hop(message_id="two@mod.example"),), "one@mod.example", "unknown"),  # a Message-ID of its own: another message
        ((hop(message_id=""), hop(message_id="", queue_id="B")), "one@mod.example", "unknown"),  # two: which?
        ((hop(message_id="", at=AT.timestamp() + 3600),), "one@mod.example", "unknown"),
        ((hop(message_id="", sender="ben@mod.example"),), "one@mod.example", "unknown"),
    ],
)
def test_without_a_message_id_the_envelope_and_the_time_join(
    logs: Callable[..., JoinedDeliveries], told: tuple[Handover, ...], message_id: str, state: str
) -> None:
    assert logs(*told).of(message_id, ANNA, "jane@army.ml", AT).accepted == state


def test_of_messages_with_one_message_id_that_of_the_time_counts(logs: Callable[..., JoinedDeliveries]) -> None:
    later = hop(at=(AT + timedelta(days=90)).timestamp(), queue_id="B", status="bounced")
    joined = logs(hop(), later)
    assert joined.of("one@mod.example", ANNA, "jane@army.ml", AT).accepted == "yes"
    assert joined.of("one@mod.example", ANNA, "jane@army.ml", AT + timedelta(days=90)).accepted == "no"


def test_a_guessed_year_is_put_right_by_the_message(logs: Callable[..., JoinedDeliveries]) -> None:
    answer = logs(hop(at=AT.replace(year=2025).timestamp(), sure=False)).of("one@mod.example", ANNA, "jane@army.ml", AT)
    assert answer.accepted == "yes"


def test_a_message_queued_in_one_file_and_delivered_in_the_next(logs: Callable[..., JoinedDeliveries]) -> None:
    queued = Queued(AT.timestamp() - 5, "mx", "4A1B2C3D4E", "one@mod.example", ANNA)
    older = Queued(AT.timestamp() - 9999, "mx", "4A1B2C3D4E", "zero@mod.example", ANNA)
    elsewhere = Queued(AT.timestamp() - 1, "my", "4A1B2C3D4E", "two@mod.example", ANNA)
    joined = logs(hop(message_id="", sender=""), queued, older, elsewhere)
    assert joined.of("one@mod.example", ANNA, "jane@army.ml", AT).accepted == "yes"
    assert [(one.message_id, one.mail_from) for one in joined.transits()] == [("one@mod.example", ANNA)]


def test_transits_are_the_envelopes_recipients(logs: Callable[..., JoinedDeliveries]) -> None:
    """Bcc, members of lists, and messages that lie in no archive."""
    joined = logs(
        hop(),
        hop("bcc@navy.mi", status="deferred", at=AT.timestamp() + 2),
        hop("ann@x.example", orig_rcpt="list@mod.example", at=AT.timestamp() + 3),
        hop("list@mod.example", status="expanded"),
        hop("Bcc@Navy.mi", at=AT.timestamp() + 4),
        hop("c@y.example", message_id="two@z", sender=""),
        hop("d@y.example", message_id="", queue_id="F"),
        hop("d@y.example", message_id="", queue_id="G"),
    )
    assert [(one.message_id, one.mail_from, one.rcpt, one.acceptance.accepted) for one in joined.transits()] == [
        ("", ANNA, "d@y.example", "unknown"),
        ("", ANNA, "d@y.example", "unknown"),
        ("one@mod.example", ANNA, "jane@army.ml", "yes"),
        ("one@mod.example", ANNA, "bcc@navy.mi", "unknown"),
        ("one@mod.example", ANNA, "ann@x.example", "unknown"),
        ("two@z", "", "c@y.example", "unknown"),
    ]


def test_nobody_named_is_nobodys_side(logs: Callable[..., JoinedDeliveries]) -> None:
    """A trace tells an address alone, and a recipient may have no domain."""
    joined = logs(hop("jane", relay="", ip=""), hop(relay="", message_id="two@mod.example"))
    assert joined.of("one@mod.example", ANNA, "jane@", AT).why == "unsure"
    assert joined.of("two@mod.example", ANNA, "jane@army.ml", AT).why == "unsure"


def test_nothing_gathered_knows_nothing(logs: Callable[..., JoinedDeliveries]) -> None:
    assert logs().of("one@mod.example", ANNA, "jane@army.ml", AT).why == "not-in-logs"
