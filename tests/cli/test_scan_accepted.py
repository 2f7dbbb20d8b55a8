"""Was it accepted? A mailbox and real-looking Postfix logs in, the exposure's answer out: each way a mail can go."""

import json
from datetime import UTC, datetime

import pytest

from missent.testing.planted import OWN, bounce, mail

QUEUE = "4R1A2B3C4D"
MAIL = mail(
    {
        "From": f"anna@{OWN}",
        "To": "jane@army.ml",
        "Date": "Wed, 19 Jul 2023 10:00:00 +0000",
        "Message-ID": f"<one@{OWN}>",
        "Subject": "Plans",
    }
)


def line(text, host=f"mx.{OWN}", time="2023-07-19T10:00:05+00:00", program="smtp"):
    return f"{time} {host} postfix/{program}[1]: {text}\n"


def taken(relay, said="sent (250 2.0.0 Ok)", queue=QUEUE, **where):
    tail = f"relay={relay}, delay=1, delays=0/0/0/1, dsn=2.0.0, status={said}"
    begin = line(f"{queue}: message-id=<one@{OWN}>", program="cleanup", **where)
    begin += line(f"{queue}: from=<anna@{OWN}>, size=500, nrcpt=1 (queue active)", program="qmgr", **where)
    return begin + line(f"{queue}: to=<jane@army.ml>, {tail}", **where)


def direct(n, relay="mx.{site}[203.0.113.{n}]:25"):
    """Other mail, handed to others' own hosts: this server needs no relay."""
    site = f"partner{n}.com"
    return line(f"4R0000000{n}: to=<a@{site}>, relay={relay.format(site=site, n=n)}, dsn=2.0.0, status=sent (250 ok)")


MANY = "".join(direct(n, "mail.host.example[203.0.113.9]:25") for n in range(1, 5))
FILTER = taken(
    "127.0.0.1[127.0.0.1]:10024", "sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 5D6E7F8A9B)"
)
WAYS = {
    "the recipient's own host": (taken("mx.army.ml[203.0.113.7]:25"), "", "yes", "203.0.113.7"),
    "refused": (taken("mx.army.ml[203.0.113.7]:25", "bounced (host said: 550 5.1.1 no such user)"), "", "no", "203.0.113.7"),
    "still waiting": (taken("mx.army.ml[203.0.113.7]:25", "deferred (connection timed out)"), "", "unknown", "203.0.113.7"),
    "a host named as ours": (taken("out.filter.example[203.0.113.7]:25"), '["out.filter.example"]', "unknown", "203.0.113.7"),
    "all hosts of a filter": (taken("mx7.army.ml[203.0.113.7]:25"), '["*.army.ml"]', "unknown", "203.0.113.7"),
    "a network of relays": (taken("mx.army.ml[203.0.113.7]:25"), '["203.0.113.0/24"]', "unknown", "203.0.113.7"),
    "the next hop of the relay": (taken("hop.example[203.0.113.7]:25"), "", "unknown", "203.0.113.7"),
    "a relay that takes mail for unrelated domains": (
        MANY + taken("mail.host.example[203.0.113.9]:25"),
        "",
        "unknown",
        "203.0.113.9",
    ),
    "own network": (taken("gw.elsewhere.example[10.0.0.9]:25"), "", "unknown", "10.0.0.9"),
    "a filter, and what it queued, in one log": (
        FILTER + taken("mx.army.ml[203.0.113.7]:25", queue="5D6E7F8A9B", time="2023-07-19T10:00:07+00:00"),
        "",
        "yes",
        "203.0.113.7",
    ),
    "a filter whose queue the log does not have": (FILTER, "", "unknown", "127.0.0.1"),
    "a relay whose own log is given": (
        taken("out.filter.example[203.0.113.8]:25", "sent (250 2.0.0 Ok: queued as 6A7B8C9D0E)")
        + taken("mx.army.ml[203.0.113.7]:25", queue="6A7B8C9D0E", host="out.filter.example", time="2023-07-19T10:01:00+00:00"),
        '["out.filter.example"]',
        "yes",
        "203.0.113.7",
    ),
    "stamps without year and zone": (
        taken("mx.army.ml[203.0.113.7]:25", time="Jul 19 11:00:05"),
        "",
        "yes",
        "203.0.113.7",
    ),
}


@pytest.fixture
def asked(missent, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def scan(log, relays="", box=MAIL):
        (tmp_path / "anna.mbox").write_bytes(b"From x Wed Jul 19 10:00:00 2023\n" + box)
        (tmp_path / "mail.log").write_text(log)
        relays = f"own_relays = {relays}" if relays else ""
        (tmp_path / "missent.toml").write_text(
            f'own_domains = ["{OWN}"]\n[relay]\nnext_hop = "hop.example:25"\n[scan]\nlog_zone = "Europe/London"\n{relays}\n'
        )
        told = missent("scan", "anna.mbox", "mail.log", "--exposures", "e.jsonl")
        assert told.code == 11
        return [json.loads(each) for each in (tmp_path / "e.jsonl").read_text().splitlines()]

    return scan


@pytest.mark.parametrize("way", WAYS)
def test_the_answer(asked, way):
    log, relays, accepted, by = WAYS[way]
    (exposure,) = [one for one in asked(log, relays) if one["rcpt"] == "jane@army.ml"]
    assert (exposure["accepted"], exposure["accepted_by"]) == (accepted, by)
    assert any("mail.log:" in where for where in exposure["where"])


def test_taken_and_returned_later_stays_accepted_with_the_bounce_as_aftermath(asked):
    report = bounce(f"anna@{OWN}", "jane@army.ml", f"one@{OWN}", datetime(2023, 7, 19, 11, tzinfo=UTC))
    box = MAIL + b"\nFrom y Wed Jul 19 11:00:00 2023\n" + report
    (exposure,) = asked(taken("mx.army.ml[203.0.113.7]:25"), box=box)
    assert exposure["accepted"] == "yes"
    assert [after["kind"] for after in exposure["aftermath"]] == ["bounce"]


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ('own_relays = ["10.0.0.0/99"]', "10.0.0.0/99"),
        ('own_relays = ["a b"]', "expected a host"),
        ('log_zone = "Mars/Olympus"', "expected a zone such as Europe/London"),
    ],
)
def test_settings_that_cannot_be_meant(missent, tmp_path, setting, says):
    (tmp_path / "missent.toml").write_text(f"[scan]\n{setting}\n")
    told = missent("scan", ".")
    assert told.code == 2
    assert says in told.err
