"""`registered-document`: a paper that somebody registered stands in this message, whole or in part.

Nobody needs to have marked it, and it need not be attached: pasted, quoted, reflowed or slightly edited it is still found, by winnowed
fingerprints of its word runs (`missent.content.fingerprints`). Only keyed hashes of it are kept. Half of it is high, a tenth medium;
letterheads and signatures that papers share are less than that.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from missent.content.detectors.detector import Category
from missent.content.fingerprints import fingerprints
from missent.content.pieces import Piece
from missent.nouns.finding import Fact, Finding, Severity

ID = "registered-document"
LEAST = 8
"""Fingerprints a document must have to be registered: about forty words; fewer say nothing."""
_SHARES = ((0.5, Severity.HIGH, 0.97), (0.1, Severity.MEDIUM, 0.8))
_COMMON = 6


class Registered:
    """Fingerprints of registered documents, made ready to be looked for. Immutable; threads may share it.

    It holds one entry for each fingerprint: about 2 for 9 words, so a thousand ten-page papers take about 100 MB.
    """

    def __init__(self, documents: Mapping[str, Collection[int]]) -> None:
        self._sizes = {id_: len(hashes) for id_, hashes in documents.items() if hashes}
        self._owners: dict[int, list[str]] = defaultdict(list)
        for id_, hashes in documents.items():
            for one in hashes:
                self._owners[one].append(id_)

    def look(self, pieces: Iterable[Piece], key: bytes) -> tuple[Finding, ...]:
        """What registered documents these pieces hold: one finding per document and place.

        A finding's evidence is `document` (its id), `where`, `share` (percent of it that stands there) and `category`.
        """
        if not self._owners:
            return ()
        return tuple(finding for piece in pieces for finding in self._in(piece, key))

    def _in(self, piece: Piece, key: bytes) -> Iterable[Finding]:
        common: Counter[str] = Counter()
        for one in fingerprints(piece.text, key) & self._owners.keys():
            common.update(self._owners[one])
        for id_, count in common.most_common():
            share = count / self._sizes[id_]
            grade = next(((severity, sure) for least, severity, sure in _SHARES if share >= least), None)
            if grade and count >= _COMMON:
                facts: dict[str, Fact] = {
                    "document": id_,
                    "where": piece.where,
                    "share": round(100 * share),
                    "category": str(Category.DOCUMENT),
                }
                yield Finding(ID, *grade, evidence=MappingProxyType(facts))
