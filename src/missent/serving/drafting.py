"""A draft judged as the message it would be: by everything but its files, which are read when it is sent."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from missent.content.opened import Attachment, Opened
from missent.content.pieces import Piece
from missent.gateway.station import networks, within
from missent.judging import Judging
from missent.message.reading import read
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.nouns.verdict import Verdict
from missent.reading.texts import open_texts
from missent.serving.taking import Parts
from missent.web.compose import Window
from missent.web.drafts import Draft
from missent.web.rates import Rates
from missent.web.tokens import Tokens, read_tokens


def window(parts: Parts, observing: Callable[[], bool], counted: Callable[[Action], None]) -> Window:
    """What the API for compose windows needs of a node. Raises ConfigError if its file of tokens is not to be had."""
    settings = parts.settings.compose
    path = (parts.settings.path.parent if parts.settings.path else Path()) / settings.tokens
    read_tokens(path)
    allowed = networks(settings.allowed_clients)
    return Window(
        judge_draft(parts.judging, parts.now),
        Tokens(path),
        Rates(settings.per_minute, time.monotonic),
        lambda ip: within(ip, allowed),
        observing,
        counted,
        settings.max_size,
        settings.origins,
    )


def judge_draft(judging: Judging, now: Callable[[], datetime]) -> Callable[[Draft], Verdict]:
    """Judges drafts by what this node judges with; what it returns raises StoreError."""

    def judged(draft: Draft) -> Verdict:
        raw = draft.as_octets()
        message = read(raw)
        envelope = Envelope(
            Address.parse(draft.sender.strip()), tuple(Recipient(a) for a in message.rcpts), client=Client(own=True)
        )
        if draft.wordless:
            return judging.judge_addresses(envelope, now())
        return judging.judge(message, envelope, now(), _with_names(open_texts(raw, message), draft.attachments))

    return judged


def _with_names(opened: Opened, names: tuple[str, ...]) -> Opened:
    """With files of which only the names are known: they are not said to be unread, for they will be read."""
    files = tuple(Attachment(str(number), name, "", 0, "") for number, name in enumerate(names, 2))
    pieces = tuple(Piece(f"attachment:{file.path}/name", file.name) for file in files)
    return replace(opened, pieces=(*opened.pieces, *pieces), attachments=(*opened.attachments, *files))
