"""Two real MIME messages, 5 and 46 kB: text and HTML; and with a PDF of one page.

They have no Message-ID and no Date: Postfix adds both, so that each one sent is a message of its own.
"""

import base64
import random
from email import policy
from email.message import EmailMessage

SENDER, RCPT = "alex@mod.example", "joe@army.mil"
STRANGER, HELD = "alex@other.example", "joe@army.ml"
"""Held and not asked about: a notice for each hold would be mail of its own on the same path."""

_SENTENCES = (
    "the papers for the meeting on Thursday are on their way to you.",
    "Please look at the second page, and tell me what should change before they are printed.",
    "The room is booked from nine; coffee comes at half past ten.",
    "Two of the figures are from last year and will be replaced as soon as the new ones are known.",
    "If the train is late again I shall join by telephone and send my notes afterwards.",
    "Nobody else has seen the draft, so be frank.",
)


def small() -> bytes:
    """Some 5 kB: plain text and the same as HTML."""
    return _letter(24).as_bytes()


def large() -> bytes:
    """Some 46 kB: the small one with a PDF attached."""
    message = _letter(24)
    message.add_attachment(_pdf(29_000), maintype="application", subtype="pdf", filename="agenda.pdf")
    return message.as_bytes()


def _letter(sentences: int) -> EmailMessage:
    chance = random.Random(7)
    text = [chance.choice(_SENTENCES) for _ in range(sentences)]
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f"Alex Clark <{SENDER}>"
    message["To"] = f"Joe Miller <{RCPT}>"
    message["Subject"] = "Papers for Thursday"
    message["User-Agent"] = "Example 1.0"
    message.set_content("Dear Joe,\n\n" + "\n".join(text) + "\n\nAlex\n")
    paragraphs = "".join(f'<p style="margin: 0">{sentence}</p>\n' for sentence in text)
    message.add_alternative(f"<html><body><p>Dear Joe,</p>\n{paragraphs}<p>Alex</p></body></html>\n", subtype="html")
    return message


def _pdf(size: int) -> bytes:
    """One page of text, and a picture that makes it large."""
    words = b"BT /F1 12 Tf 72 720 Td (Agenda for Thursday: papers, figures, next steps) Tj ET"
    noise = base64.b85encode(random.Random(7).randbytes(size * 4 // 5))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(noise), noise),
    ]
    out = b"%PDF-1.4\n"
    starts = []
    for number, body in enumerate(bodies, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(bodies) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        count,
        table,
        count,
        len(out),
    )
