"""From a file's octets to what its sender is told: the workbook in which one sees 150 people and sends 1,500."""

import time
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from itertools import islice, product

from missent.judging import Judging
from missent.message.reading import read
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.policy.reading import default_policy
from missent.reading.opener import Opener
from missent.recipients.history import NoHistory
from missent.recipients.names import Names
from missent.words import explain

from . import making

OWN = frozenset({"mod.example"})
FIRST = ("Ahmad", "Mary", "John", "Fatima", "Omar", "Sara", "Peter", "Anna", "Karim", "Laila")
MIDDLE = (
    "Abel",
    "Berta",
    "Carl",
    "Dora",
    "Emil",
    "Frida",
    "Gustav",
    "Hanna",
    "Ivan",
    "Jana",
    "Kurt",
    "Lena",
    "Max",
    "Nina",
    "Otto",
)
LAST = ("Khan", "Smith", "Rahimi", "Jones", "Noori", "Brown", "Azizi", "Clark", "Wali", "Green")


def workbook():
    people = [
        (f"{f} {m} {s}", f"19{60 + n % 40}-0{1 + n % 9}-1{n % 9}", f"{f}.{m}.{s}@example.org".lower())
        for n, (f, m, s) in enumerate(islice(product(FIRST, MIDDLE, LAST), 1500))
    ]
    shown = [("Name", "Date of birth", "E-mail"), *people]
    return making.xlsx([making.sheet(making.rows(shown, hidden=range(152, 1502)))])


def test_the_sender_is_told_what_they_do_not_see():
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@mod.example", "someone@gmail.com", "the list"
    mail.set_content("As promised.\n")
    kind = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    mail.add_attachment(workbook(), maintype="application", subtype=kind, filename="canary.xlsx")
    raw = mail.as_bytes(policy=SMTP)
    message = read(raw)
    judging = Judging(OWN, Names(OWN), NoHistory(), default_policy(), time.perf_counter)
    to = (Recipient(Address.parse("someone@gmail.com")),)
    with Opener() as opener:
        opened = opener.open(raw, message)
    envelope = Envelope(Address.parse("a@mod.example"), to, client=Client(own=True))
    verdict = judging.judge(message, envelope, datetime.now(UTC), opened)
    (rcpt,) = verdict.recipients
    said = {f.id: explain(f) for f in (*verdict.findings, *rcpt.findings)}
    assert (rcpt.action.word, rcpt.ruling.rule) == ("hold", "misdirected")
    assert "you see 151 rows, and it holds 1,501 (hidden rows)" in said["hidden-content"]
    assert "about 1,500 people" in said["many-people"]
    assert "canary" not in str(said) + str([dict(f.evidence) for f in (*verdict.findings, *rcpt.findings)])
