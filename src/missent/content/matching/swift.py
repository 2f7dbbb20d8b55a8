"""The engine on Hyperscan (Vectorscan): one pass over the text for all patterns, at hundreds of megabytes a second.

It reads octets. The text is given to it as Latin-1, one octet a character, so that its offsets are ours; letters beyond that
become U+00FF. Each pattern is compiled as a prefilter: what it cannot express (look-around, back-references) it leaves out, and
so it tells a superset of the true ends. To ask it for starts would cost more than looking back over the widest match.
"""

import codecs
import re
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from missent.content.matching import sliced
from missent.content.matching.pattern import AHEAD, WIDEST, Pattern
from missent.content.matching.plainly import Plain
from missent.content.matching.windows import Engine, Window, merged

_WORTH = 100_000
"""Characters that cost about as much to look at plainly as the swift engine costs to begin with: about a second."""
_LARGE_TEXT = 250_000
"""Characters from which on a text is looked at slice by slice."""
_FLAGS = re.compile(r"^\(\?[im]+\)")
_LARGE, _COUNTED = re.compile(r"(?<!\\)\{(\d+),(\d+)\}"), 9
_BEYOND = "missent-beyond-latin-1"


def _one_octet_each(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return b"\xff" * (error.end - error.start), error.end


codecs.register_error(_BEYOND, _one_octet_each)


def installed() -> bool:
    """Whether the extra `content` is there."""
    return find_spec("hyperscan") is not None


def library() -> ModuleType:
    """Hyperscan. Raises ImportError where the extra `content` is not installed."""
    return import_module("hyperscan")


class Swift:
    """See the module. Threads may share one: each takes a scratch space of its own. Pickled, it takes its database along."""

    def __init__(self, patterns: Sequence[Pattern], database: bytes = b"") -> None:
        self._patterns = tuple(patterns)
        self._kept = database
        self._reach = [(WIDEST, AHEAD) if p.gate else (p.width, AHEAD + (p.width if p.anchor else 0)) for p in patterns]
        self._local = threading.local()

    @cached_property
    def _database(self) -> Any:
        engine = library()
        if self._kept:
            return engine.loadb(self._kept, engine.HS_MODE_BLOCK)
        return compiled([_looked_for(pattern) for pattern in self._patterns])

    @cached_property
    def _once(self) -> Any:
        """As `_database`, but a pattern is told once a scan. A second to make, so only when a text wants it."""
        return compiled([_looked_for(pattern) for pattern in self._patterns], once=True)

    def windows(self, text: str) -> Iterator[tuple[int, Sequence[Window]]]:
        """See `Engine`."""
        octets = text.encode("latin-1", _BEYOND)
        if len(text) >= _LARGE_TEXT:
            yield from sliced.windows(octets, self._present, self._reach)
            return
        ends = self._scan(octets)
        ends.sort()
        at, length = 0, len(text)
        while at < len(ends):
            number, first = ends[at][0], at
            while at < len(ends) and ends[at][0] == number:
                at += 1
            before, after = self._reach[number]
            yield number, merged(((end - before, end + after) for _, end in ends[first:at]), length)

    def _scan(self, octets: bytes) -> list[tuple[int, int]]:
        """Number and end of everything that could be a match."""
        ends: list[tuple[int, int]] = []

        def tell(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            ends.append((number, end))

        self._database.scan(octets, tell, scratch=self._scratch("ends", self._database))
        return ends

    def _present(self, octets: bytes) -> list[int]:
        """Numbers of everything that could match."""
        numbers: list[int] = []

        def tell(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            numbers.append(number)

        self._once.scan(octets, tell, scratch=self._scratch("present", self._once))
        return numbers

    def _scratch(self, use: str, database: Any) -> Any:
        """The calling thread's space for a database."""
        scratch = getattr(self._local, use, None)
        if scratch is None:
            scratch = library().Scratch(database)
            setattr(self._local, use, scratch)
        return scratch

    def __reduce__(self) -> tuple[Any, ...]:
        return Swift, (self._patterns, bytes(library().dumpb(self._database)))


def _looked_for(pattern: Pattern) -> re.Pattern[str]:
    return pattern.gate or (re.compile(pattern.anchor, re.ASCII) if pattern.anchor else pattern.regex)


def compiled(regexes: Sequence[re.Pattern[str]], *, once: bool = False) -> Any:
    """A database of these; its numbers are their places. Raises ValueError with the engine's words for one it cannot read.

    Args:
        regexes: as they are looked for.
        once: each is told once a scan, not at every end.
    """
    engine = library()
    database = engine.Database()
    sources = [_LARGE.sub(_unbounded, _FLAGS.sub("", regex.pattern)).encode("latin-1") for regex in regexes]
    flags = [_flags(engine, regex) | (engine.HS_FLAG_SINGLEMATCH if once else 0) for regex in regexes]
    try:
        database.compile(expressions=sources, ids=list(range(len(sources))), elements=len(sources), flags=flags)
    except engine.error as error:
        raise ValueError(str(error)) from None
    return database


def _flags(library: ModuleType, regex: re.Pattern[str]) -> int:
    caseless = library.HS_FLAG_CASELESS if regex.flags & re.IGNORECASE else 0
    multiline = library.HS_FLAG_MULTILINE if regex.flags & re.MULTILINE else 0
    return int(library.HS_FLAG_PREFILTER | caseless | multiline)


def _unbounded(repeat: re.Match[str]) -> str:
    """Counting to sixty costs the engine states, not counting costs it nothing: what is too long, `re` refuses."""
    return f"{{{repeat[1]},}}" if int(repeat[2]) >= _COUNTED else repeat[0]


class Growing:
    """Plain until enough text has come by that a swift engine is worth its start; both find the same."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._plain, self._swift = Plain(patterns), Swift(patterns)
        self._seen = 0

    def windows(self, text: str) -> Iterator[tuple[int, Sequence[Window]]]:
        """See `Engine`."""
        if self._seen < _WORTH:
            self._seen += len(text)
            return self._plain.windows(text)
        return self._swift.windows(text)

    def ripen(self) -> None:
        """Pay the start now: for a server, before its first message."""
        self._seen = _WORTH
        list(self._swift.windows(""))


def engine(patterns: Sequence[Pattern]) -> Engine:
    """The fastest engine there is here."""
    return Growing(patterns) if patterns and installed() else Plain(patterns)
