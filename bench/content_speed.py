"""How fast content is looked at, and where the time goes: part of `python -m bench.content`.

Each step does what the one before did and more, so that what it adds shows; the first ones are the limit no reader passes.
"mail" is the messages one by one as they come; "text" is the same words in blocks of 64 kB, as attachments have them.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.content_texts import Text
from missent.content.detectors.look import Looker
from missent.content.detectors.plain import plain
from missent.content.detectors.registry import DETECTORS
from missent.content.markings.find import find_markings
from missent.content.matching.plainly import Plain
from missent.content.matching.swift import Swift, installed
from missent.content.matching.windows import Engine, matches
from missent.content.opened import Opened
from missent.content.pieces import Piece
from missent.content.seeing import see
from missent.content.seen import How
from missent.message.reading import read
from missent.reading.texts import open_texts

BLOCK = 1 << 16


@dataclass
class Step:
    """One line of the way: `mb` of characters (octets for messages) at `mb_s`, `texts` of them at `texts_s`."""

    step: str
    on: str
    mb_s: float
    texts_s: float


def steps(raw: Sequence[tuple[str, bytes]], posted: Sequence[Text]) -> list[Step]:
    """The way from octets to findings. Warmed, then the better of two runs, processor time of one core."""
    patterns = tuple(pattern for detector in DETECTORS for pattern in detector.patterns)
    texts = [pieces for _, pieces in posted]
    blocks = _blocks(texts)
    octets = [message for _, message in raw]
    found = [
        _step("read the message (parse)", "mail", octets, read, len),
        _step("parse, open its texts (extract)", "mail", octets, lambda message: open_texts(message, read(message)), len),
        _step("encode as Latin-1 (limit)", "text", blocks, lambda p: p[0].text.encode("latin-1", "replace"), _size),
        _step("in plain letters", "mail", texts, lambda pieces: [plain(p.text) for p in pieces], _size),
    ]
    engines: list[tuple[str, Engine]] = [("plain", Plain(patterns))]
    if installed():
        engines.insert(0, ("swift", Swift(patterns)))
        found.append(_step("swift: where it could be", "text", blocks, partial(_windows, engines[0][1]), _size))
    for name, engine in engines:
        looker = Looker(DETECTORS, engine)
        found.append(_step(f"{name}: matched and confirmed", "text", blocks, partial(_matches, patterns, engine), _size))
        found.append(_step(f"{name}: detectors whole", "text", blocks, looker.look, _size))
        found.append(_step(f"{name}: detectors whole", "mail", texts, looker.look, _size))
    found.append(_step("markings", "mail", texts, find_markings, _size))
    found.append(_step("the whole content pass", "mail", texts, lambda pieces: see(Opened(pieces), How()), _size))
    found.append(
        _step("octets to findings", "mail", octets, lambda message: see(open_texts(message, read(message)), How()), len)
    )
    return found


def _whole(message: bytes) -> None:
    see(open_texts(message, read(message)), How())


def _windows(engine: Engine, pieces: tuple[Piece, ...]) -> None:
    for piece in pieces:
        list(engine.windows(piece.text))


def _matches(patterns: Any, engine: Engine, pieces: tuple[Piece, ...]) -> None:
    for piece in pieces:
        matches(patterns, engine, piece.text)


def _blocks(texts: Sequence[tuple[Piece, ...]]) -> list[tuple[Piece, ...]]:
    whole = "\n\n".join(piece.text for pieces in texts for piece in pieces)
    return [(Piece("attachment:1", whole[at : at + BLOCK]),) for at in range(0, len(whole), BLOCK)]


def _size(pieces: tuple[Piece, ...]) -> int:
    return sum(len(piece.text) for piece in pieces)


def _step(name: str, on: str, things: Sequence[Any], do: Callable[[Any], object], size: Callable[[Any], int]) -> Step:
    do(things[0])
    mega = sum(map(size, things)) / 1e6
    seconds = min(_seconds(things, do) for _ in range(2))
    return Step(name, on, round(mega / max(seconds, 1e-9), 1), round(len(things) / max(seconds, 1e-9)))


def _seconds(things: Sequence[Any], do: Callable[[Any], object]) -> float:
    begin = time.process_time()
    for thing in things:
        do(thing)
    return time.process_time() - begin
