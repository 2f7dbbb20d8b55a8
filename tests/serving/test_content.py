"""What a message holds decides who gets it: through a running node, its store and a real next hop."""

import asyncio
import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.hold import State
from missent.recipients.register import Clearance, Partner
from missent.serving.again import judge_again

ANNA, JANE, BOB = "anna@mod.example", "jane@halberd-arms.com", "bob@wayfarer-travel.com"
NOW = datetime.now(UTC)


def mail(number, subject="the papers", file=""):
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = ANNA, subject, f"<c{number}@mod.example>"
    made.set_content("As discussed.\n")
    if file:
        made.add_attachment(b"%PDF-1.7 canary " * 500, maintype="application", subtype="pdf", filename=file)
    return made.as_bytes(policy=SMTP)


def post(h, raw, rcpt):
    with smtplib.SMTP("127.0.0.1", h.ports["relay"], timeout=20) as smtp:
        smtp.sendmail(ANNA, [rcpt], raw)


async def send(h, raw, rcpt):
    await asyncio.to_thread(post, h, raw, rcpt)


def held(h):
    return [copy for hold in h.store.holds.find() for copy in hold.copies if copy.state is State.HELD]


def test_a_marked_message_waits_for_a_reviewer_until_its_recipient_is_registered(house):
    async def play():
        async with house() as h:
            await send(h, mail(1, "[UK SECRET] plans"), JANE)
            (copy,) = held(h)
            assert (copy.rule, copy.decide, h.inbox(JANE)) == ("not-cleared", "reviewer", [])
            assert "canary" not in str([dict(f.evidence) for f in copy.findings])
            again = judge_again(h.node._parts.judging, h.node._taking.opener, h.store.holds.body, lambda: NOW)
            (hold,) = h.store.holds.find()
            ruled = again(hold, Address.parse("bob@gmail.com")).recipients[0]
            assert (ruled.ruling.rule, ruled.address.spec) == ("not-cleared", "bob@gmail.com")
            h.store.register.put(Clearance("halberd-arms.com", (("uk-gscp", "SECRET"),)), NOW, "test")
            await h.until(lambda: h.node._parts.judging.register.clearances)
            await send(h, mail(2, "[UK SECRET] plans"), JANE)
            assert len(h.inbox(JANE)) == 1
            assert len(held(h)) == 1
            assert again(hold, Address.parse("r@halberd-arms.com")).action is Action.DELIVER

    asyncio.run(play())


def test_a_file_that_went_to_one_partner_is_held_at_another(house):
    async def play():
        async with house() as h:
            for partner in (Partner("halberd-arms.com", "Halberd Systems"), Partner("wayfarer-travel.com", "Wayfarer Travel")):
                h.store.register.put(partner, NOW, "test")
            await h.until(lambda: len(h.node._parts.judging.register.partners) == 2)
            await send(h, mail(1, file="canary-halberd-quote.pdf"), JANE)
            await h.until(lambda: h.store.history.size()["mails"] == 1)
            await send(h, mail(2, file="canary-halberd-quote.pdf"), BOB)
            (copy,) = held(h)
            found = next(f for f in copy.findings if f.id == "wrong-attachment")
            assert (copy.rule, found.evidence["by"], found.evidence["past"]) == ("misdirected", "name-past", 1)
            assert "canary" not in str(dict(found.evidence))
            assert (len(h.inbox(JANE)), h.inbox(BOB)) == (1, [])

    asyncio.run(play())
