"""What has to be known before a message can be judged, put into one question, so that history is asked once.

Which domains matter depends on what the recipients' domains resemble, so the names are asked first, here, and the
answer is handed on with the question: gateway, `check` and archives all fetch, then judge.
"""

from datetime import datetime

from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.recipients.history import Question
from missent.recipients.names import Names
from missent.recipients.standing import Resemblance

Resembling = dict[str, tuple[Resemblance, ...]]
"""By recipient domain, what it resembles, best first; domains that resemble nothing are left out."""


def ask(
    message: Message | None, envelope: Envelope, names: Names, at: datetime, marks: tuple[bytes, ...] = ()
) -> tuple[Question, Resembling]:
    """The question for `History.known` and what the recipients' domains resemble, for `Context.resembling`.

    `message` is None where only addresses are known: then there is no thread to ask about. `marks`: of its attachments.
    """
    rcpts = tuple({r.address.key: r.address for r in envelope.rcpts}.values())
    resembling = {domain: found for domain in {a.domain for a in rcpts} if domain and (found := names.resembling(domain))}
    domains = {a.domain for a in rcpts if a.domain}
    for resemblance in (r for found in resembling.values() for r in found):
        domains |= {resemblance.known, resemblance.meant}
    references = message.references if message else ()
    return Question(envelope.mail_from, rcpts, frozenset(domains), references, at, marks), resembling
