"""What a person in the story does: send a mail by SMTP, open a link, press a button. Real sockets, standard library."""

import smtplib
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True)
class Sent:
    """How the relay answered: `refused` maps a recipient to its (code, text)."""

    accepted: bool
    refused: dict[str, tuple[int, str]]


def send(relay: tuple[str, int], mail: EmailMessage, sender: str, rcpts: list[str]) -> Sent:
    """Send one message to the relay as any mail program would."""
    with smtplib.SMTP(*relay, timeout=20) as smtp:
        try:
            refused = smtp.send_message(mail, sender, rcpts)
        except smtplib.SMTPRecipientsRefused as error:
            return Sent(accepted=False, refused=_texts(error.recipients))
        except smtplib.SMTPDataError as error:  # a server that asks its filter once for all
            said = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
            return Sent(accepted=False, refused=_texts(dict.fromkeys(rcpts, (error.smtp_code, said))))
    return Sent(accepted=True, refused=_texts(refused))


def _texts(refused: dict[str, tuple[int, bytes]]) -> dict[str, tuple[int, str]]:
    return {rcpt: (code, text.decode(errors="replace")) for rcpt, (code, text) in refused.items()}


def compose(sender: str, to: list[str], subject: str, text: str, attached: str = "") -> EmailMessage:
    """A message as a mail program makes it, with a page attached if there is one."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, ", ".join(to), subject
    mail["Date"], mail["Message-ID"] = formatdate(localtime=True), make_msgid(domain="mod.example")
    mail.set_content(text)
    if attached:
        mail.add_attachment(attached, filename="programme.txt")
    return mail


@dataclass(slots=True)
class Form:
    """One form of the sender's page: where it posts to, its fields, and the words on its buttons."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(said.get("action", "")))
        elif self.forms and tag == "input" and said.get("type") == "hidden":
            self.forms[-1].fields.append((said["name"], said.get("value", "")))
        elif self.forms and tag == "button":
            self.forms[-1].buttons.append((said.get("name", ""), said.get("value", "")))


def press(link: str, button: str) -> bool:
    """Open a link and press the button with this value, as a person would. False if the page has no such button."""
    with urllib.request.urlopen(link, timeout=20) as page:  # noqa: S310 — our own page on loopback
        parser = _Forms()
        parser.feed(page.read().decode())
    for form in parser.forms:
        for name, value in form.buttons:
            if value == button:
                data = urllib.parse.urlencode([*form.fields, (name, value)]).encode()
                target = urllib.parse.urljoin(link, form.action)
                with urllib.request.urlopen(target, data, timeout=20) as answer:  # noqa: S310
                    return bool(answer.status == 200)
    return False
