"""A made-up ministry's archive with known exposures of every kind: what an investigation must find, and must not.

Months of ordinary mail with partners who answer, so that their domains are established; among it, at places the seed
decides, mail that went wrong. Every planted exposure is told, and so are near misses that must stay silent.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from zlib import crc32

OWN = "mod.example"
START = datetime(2023, 1, 2, 9, tzinfo=UTC)
PARTNERS = ("harbour-works.com", "northern-logistics.org", "corealty-partners.net", "quinn-emanuel-law.com", "bracepattern.com")
TYPOS = ("harbour-wroks.com", "northen-logistics.org", "corealty-partners.com", "quinnemanuel-law.com", "bracepatern.com")
"""What is typed for each of the partners: swapped, dropped, other ending, missing hyphen, dropped double letter."""

NEAR = ("harbourworks.com", "bracepatter.com")
"""Real correspondents whose names resemble a partner's: they answer as often, and must not be accused."""

STAFF = tuple(f"{first}.{last}" for first in ("anna", "ben", "chloe", "david", "emma") for last in ("clark", "hughes", "patel"))
SURNAMES = ("doe", "lopez", "chen", "ivanova", "smith", "osei", "tanaka", "moreau")


@dataclass(frozen=True, slots=True)
class Planted:
    """One exposure that is there. `kind` says how it was planted; `after` which aftermath belongs to it, `accepted` what the
    log says of it, `finding` and `category` what must stand in it.
    """

    kind: str
    message_id: str
    rcpt: str
    meant: str | None = None
    after: str = ""
    accepted: str = ""
    finding: str = ""
    category: str = ""


Kind = Callable[["Maker", int], None]
"""Plants the n-th exposure of one kind, and near misses of it, with what a `Maker` offers."""


@dataclass(slots=True)
class Archive:
    """Mail by mailbox, and what is wrong in it."""

    boxes: dict[str, list[tuple[datetime, bytes]]] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)
    log: list[str] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """One mbox a mailbox, and the mail server's log."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, mails in self.boxes.items():
            (folder / f"{name}.mbox").write_bytes(b"".join(_separated(at, raw) for at, raw in sorted(mails)))
        if self.log:
            (folder / "mail.log").write_text("".join(sorted(self.log)))


def mail(fields: dict[str, str], body: str = "See the notes of today's meeting.\n") -> bytes:
    """One message as octets."""
    return "".join(f"{name}: {value}\n" for name, value in fields.items() if value).encode() + b"\n" + body.encode()


def plant(seed: int = 1, each: int = 4, ordinary: int = 400, more: Iterable[Kind] = ()) -> Archive:
    """An archive with `each` exposures of every kind among about `ordinary` others; `more` kinds need a register or
    content (`missent.testing.planted_kinds`).
    """
    return Maker(Random(seed), each, ordinary).make(tuple(more))  # noqa: S311 - made-up mail, no secret


class Maker:
    """Makes the archive; what kinds of other modules use of it is public.

    Attributes:
        archive: what is made so far.
        random: the same on every run with the same seed.
    """

    def __init__(self, random: Random, each: int, ordinary: int) -> None:
        self.random = random
        self._each = each
        self._ordinary = ordinary
        self.archive = Archive(silent=set(NEAR))
        self._number = 0

    def make(self, more: tuple[Kind, ...] = ()) -> Archive:
        """All of it: conversations, then each kind."""
        self._conversations()
        for kind in (self._by_suffix, self._by_typo, self._seen_by_a_colleague, self._blind, self._without_id, self._answered):
            for n in range(self._each):
                kind(n)
        for n in range(self._each):
            self._logged(n)
        for after in ("bounce", "wrong-address", "delete-request", "recall", "sent-again"):
            for n in range(self._each):
                self._followed(after, n)
        for planting in more:
            for n in range(self._each):
                planting(self, n)
        return self.archive

    def _conversations(self) -> None:
        everyone = (*PARTNERS, *NEAR, "army.mil")
        for n in range(self._ordinary):
            sender, domain = self.staff(n), everyone[n % len(everyone)]
            rcpt = f"{SURNAMES[n % len(SURNAMES)]}@{domain}"
            at = self.at(n % 150, n)
            asked = self.put(sender, [rcpt], at)
            self.put_in(sender, at + timedelta(hours=3), {"From": rcpt, "To": f"{sender}@{OWN}", "In-Reply-To": f"<{asked}>"})
            if n % 3 == 0:
                self.put(sender, [f"{self.staff(n + 1)}@{OWN}"], at)

    def _by_suffix(self, n: int) -> None:
        """`army.ml` for `army.mil`, in the sender's own copy."""
        self._exposed("suffix", n, f"{SURNAMES[n % 8]}@army.ml", f"{SURNAMES[n % 8]}@army.mil")

    def _by_typo(self, n: int) -> None:
        """A slip in the name of a partner one converses with."""
        at = n % len(TYPOS)
        self._exposed("typo", n, f"{SURNAMES[n % 8]}@{TYPOS[at]}", f"{SURNAMES[n % 8]}@{PARTNERS[at]}")

    def _seen_by_a_colleague(self, n: int) -> None:
        """The sender's copy is gone; a colleague who got it too still has it."""
        at, sender, other = self.at(20 + n, n), self.staff(n), self.staff(n + 7)
        rcpt = f"copy{n}.{SURNAMES[n % 8]}@army.ml"
        fields = {"From": f"{sender}@{OWN}", "To": f"{other}@{OWN}", "Cc": rcpt}
        self.plant("recipient-copy", self.put_in(other, at, fields), rcpt, rcpt.replace(".ml", ".mil"))

    def _blind(self, n: int) -> None:
        """The wrong recipient stands in Bcc, in the sender's copy alone; the colleague's copy is the same mail."""
        at, sender, other = self.at(40 + n, n), self.staff(n), self.staff(n + 4)
        rcpt = f"blind{n}@{TYPOS[n % len(TYPOS)]}"
        fields = {"From": f"{sender}@{OWN}", "To": f"{other}@{OWN}", "Message-ID": self._new_id()}
        self.put_in(other, at, fields)
        self.put_in(sender, at, fields | {"Bcc": rcpt})
        self.plant("bcc", fields["Message-ID"].strip("<>"), rcpt, f"blind{n}@{PARTNERS[n % len(PARTNERS)]}")

    def _without_id(self, n: int) -> None:
        """The same mail in two boxes without a Message-ID: one exposure, two places."""
        at, sender, other = self.at(60 + n, n), self.staff(n), self.staff(n + 2)
        rcpt = f"noid{n}@army.ml"
        raw = mail(self._dated(at, {"From": f"{sender}@{OWN}", "To": f"{rcpt}, {other}@{OWN}", "Subject": f"No id {n}"}))
        for box in (sender, other):
            self.archive.boxes.setdefault(box, []).append((at, raw))
        self.plant("no-message-id", "", rcpt, f"noid{n}@army.mil")

    def _answered(self, n: int) -> None:
        """A squatter at a name like a protected one answers twice: the worst case, and no acquittal."""
        rcpt, sender = f"squatter{n}@navy.ml", self.staff(n)
        for day in (70, 72, 74):
            at = self.at(day + n, n)
            asked = self.put(sender, [rcpt], at)
            self.plant("answered", asked, rcpt, f"squatter{n}@navy.mil")
            answer = {"From": rcpt, "To": f"{sender}@{OWN}", "In-Reply-To": f"<{asked}>"}
            self.put_in(sender, at + timedelta(hours=2), answer)

    def _logged(self, n: int) -> None:
        """Of the first no copy is left; the second went to a Bcc that no copy shows. Only the log knows either."""
        sender, other, at = self.staff(n), self.staff(n + 3), self.at(110 + n, n)
        answers = (
            ("unknown", "mx.army.ml[192.0.2.7]:25", "deferred (451 later)"),
            ("yes", "mx.army.ml[192.0.2.7]:25", "sent (250 2.0.0 ok)"),
            ("no", "mx.army.ml[192.0.2.7]:25", "bounced (550 no)"),
        )
        accepted, relay, said = (*answers, ("unknown", "relay.isp.example[192.0.2.99]:25", "sent (250 2.0.0 queued)"))[
            (n + 1) % 4
        ]
        kept = self.put_in(other, at, {"From": f"{sender}@{OWN}", "To": f"{other}@{OWN}"})
        for kind, message_id in (("log-only", f"gone{n}@{OWN}"), ("log-bcc", kept)):
            rcpt = f"{kind}{n}@army.ml"
            self.archive.log += _log_lines(at, message_id, (f"{sender}@{OWN}", rcpt), (relay, said))
            planted = Planted(kind, message_id, rcpt, rcpt.replace(".ml", ".mil"), accepted=accepted)
            self.archive.planted.append(planted)

    def _followed(self, after: str, n: int) -> None:
        at, sender = self.at(90 + n, n), self.staff(n + len(after))
        rcpt, right = f"{after}{n}@army.ml", f"{after}{n}@army.mil"
        subject = f"About {after} {n}"
        asked = self.put(sender, [rcpt], at, subject)
        self.plant("followed", asked, rcpt, right, (after, "no" if after == "bounce" else ""))
        me, later = f"{sender}@{OWN}", at + timedelta(minutes=20)
        if after == "bounce":
            self.archive.boxes[sender].append((later, bounce(me, rcpt, asked, later)))
        elif after == "wrong-address":
            fields = {"From": rcpt, "To": me, "In-Reply-To": f"<{asked}>", "Subject": f"Re: {subject}"}
            self.put_in(sender, later, fields, "I am afraid you have the wrong address.\n")
        elif after == "delete-request":
            self.put(sender, [rcpt], later, f"Re: {subject}", "Sent in error, please delete the message.\n")
            self.plant("followed", self._last, rcpt, right)  # the request went to the wrong address as well
        elif after == "recall":
            self.put(sender, [rcpt], later, f"Recall: {subject}")
            self.plant("followed", self._last, rcpt, right)
        else:
            self.put(sender, [right], later, subject)

    _last = ""

    def _exposed(self, kind: str, n: int, rcpt: str, meant: str) -> None:
        self.plant(kind, self.put(self.staff(n), [rcpt], self.at(10 + n, n)), rcpt, meant)

    def plant(self, kind: str, message_id: str, rcpt: str, meant: str | None, after: tuple[str, str] = ("", "")) -> None:
        """Tell an exposure; `after`: aftermath and what the log says."""
        self.archive.planted.append(Planted(kind, message_id, rcpt, meant, *after))

    def put(self, sender: str, rcpts: list[str], at: datetime, subject: str = "", body: str = "") -> str:
        """A mail of one of the staff in the sender's mailbox; its Message-ID."""
        fields = {"From": f"{sender}@{OWN}", "To": ", ".join(rcpts), "Subject": subject}
        return self.put_in(sender, at, fields, body)

    def put_in(self, box: str, at: datetime, fields: dict[str, str], body: str = "") -> str:
        """A mail in a mailbox; its Message-ID."""
        fields = self._dated(at, {"Message-ID": self._new_id()} | {name: value for name, value in fields.items() if value})
        self._last = fields["Message-ID"].strip("<>")
        raw = mail(fields, body or f"Paragraph {self.random.random()}.\n")
        self.archive.boxes.setdefault(box, []).append((at, raw))
        return self._last

    def _dated(self, at: datetime, fields: dict[str, str]) -> dict[str, str]:
        return {"Subject": f"Meeting {self.random.randrange(10**6)}"} | fields | {"Date": format_datetime(at)}

    def _new_id(self) -> str:
        self._number += 1
        return f"<{self._number}@{OWN}>"

    @staticmethod
    def staff(n: int) -> str:
        """The n-th of the staff: a local part, and the name of the mailbox."""
        return STAFF[n % len(STAFF)]

    @staticmethod
    def at(day: int, n: int) -> datetime:
        """A moment of a day of the archive."""
        return START + timedelta(days=day, minutes=n % 480)


def hash_of(text: str) -> int:
    """A number that is the same on every run."""
    return crc32(text.encode())


def bounce(to: str, failed: str, about: str, at: datetime) -> bytes:
    """A delivery report (RFC 3464) about one recipient."""
    lines: Iterator[str] = iter(
        (
            f"From: MAILER-DAEMON@mx.{OWN}\nTo: {to}\nDate: {format_datetime(at)}\nSubject: Returned mail",
            f"Message-ID: <dsn.{about}>\nMIME-Version: 1.0\nAuto-Submitted: auto-replied",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nNot delivered.\n\n--b',
            f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.{OWN}\n\nFinal-Recipient: rfc822; {failed}",
            f"Action: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{about}>\n\n--b--\n",
        )
    )
    return "\n".join(lines).encode()


def _log_lines(at: datetime, message_id: str, way: tuple[str, str], answer: tuple[str, str]) -> Iterator[str]:
    """What Postfix writes of one recipient."""
    begin = f"{at.isoformat()} mx.{OWN} postfix/"
    queue = f"4R{abs(hash_of(message_id + way[1])) % 16**8:08X}"
    yield f"{begin}cleanup[1]: {queue}: message-id=<{message_id}>\n"
    yield f"{begin}qmgr[2]: {queue}: from=<{way[0]}>, size=500, nrcpt=1 (queue active)\n"
    dsn = "5.1.1" if "bounced" in answer[1] else "2.0.0"
    timing = "delay=1, delays=0/0/0/1, "
    yield f"{begin}smtp[3]: {queue}: to=<{way[1]}>, relay={answer[0]}, {timing}dsn={dsn}, status={answer[1]}\n"
    yield f"{begin}qmgr[4]: {queue}: removed\n"


def _separated(at: datetime, raw: bytes) -> bytes:
    return f"From x@{OWN} {at:%a %b %d %H:%M:%S %Y}\n".encode() + raw.rstrip(b"\n") + b"\n\n"
