"""Precision and recall on labelled texts: part of `python -m bench.content`.

Sentences of presidio-research, by what their labels are called here; secrets made by their issuers' forms among look-alikes
that are none; and the detectors' own test tables. Of each set every second row is development, and only the others are
reported.
"""

import random
import string
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from missent.content.detectors.look import Looker
from missent.content.pieces import Piece

OURS = {
    "CREDIT_CARD": "payment-card",
    "IBAN_CODE": "iban",
    "US_SSN": "us-ssn",
    "US_DRIVER_LICENSE": "driving-licence",
}
TABLES = Path(__file__).parent.parent / "tests/content/detectors"

Row = tuple[str, frozenset[str]]
"""A text, and the ids that should be found in it."""


@dataclass
class Score:
    """One detector on one set: texts that have it, of them found, texts in which it was found without being there."""

    labels: str
    id: str
    there: int
    found: int
    false: int

    @property
    def recall(self) -> float:
        """Of what is there."""
        return self.found / self.there if self.there else float("nan")

    @property
    def precision(self) -> float:
        """Of what was found."""
        return self.found / (self.found + self.false) if self.found + self.false else float("nan")


def scores(sentences: Sequence[dict[str, Any]], looker: Looker) -> list[Score]:
    """Every set there is here."""
    sets = {
        "presidio sentences": (_labelled(sentences), frozenset(OURS.values())),
        "made-up secrets": (_secrets(), frozenset({"credentials"})),
        "own tables": (_tables(), None),
    }
    return [score for name, (rows, ids) in sets.items() if rows for score in _score(name, rows[1::2], ids, looker)]


def _score(name: str, rows: Sequence[Row], ids: Iterable[str] | None, looker: Looker) -> list[Score]:
    looked = [(there, {f.id for f in looker.look([Piece("body", text)])}) for text, there in rows]
    wanted = sorted(ids if ids is not None else {id_ for there, _ in looked for id_ in there})
    return [
        Score(
            name,
            id_,
            sum(id_ in there for there, _ in looked),
            sum(id_ in there & found for there, found in looked),
            sum(id_ in found - there for there, found in looked),
        )
        for id_ in wanted
    ]


def _labelled(sentences: Sequence[dict[str, Any]]) -> list[Row]:
    kinds = ((s["full_text"], {span["entity_type"] for span in s["spans"]}) for s in sentences)
    return [(text, frozenset(OURS[kind] for kind in there & OURS.keys())) for text, there in kinds]


def _tables() -> list[Row]:
    """Hits of one table may rightly be found by other detectors too, so a row counts for its own id only where it is a miss."""
    rows: list[Row] = []
    for path in sorted(TABLES.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        rows += [(text, frozenset({path.stem})) for word in ("high", "medium", "low") for text in table.get(word, ())]
    return rows


_ALNUM, _HEX, _BASE64 = string.ascii_letters + string.digits, "0123456789abcdef", string.ascii_letters + string.digits + "+/"
_TRUE = (
    ("aws: AKIA{}", string.ascii_uppercase + "234567", 16),
    ("token = ghp_{}", _ALNUM, 36),
    ("GITLAB_TOKEN: glpat-{}", _ALNUM, 20),
    ("slack xoxb-840213957466-{}", _ALNUM, 24),
    ("https://hooks.slack.com/services/T024BE7LH/B024BE7LQ/{}", _ALNUM, 24),
    ("key AIza{}", _ALNUM, 35),
    ("AccountName=x;AccountKey={}==;EndpointSuffix=core.windows.net", _BASE64, 86),
    ("stripe sk_live_{}", _ALNUM, 24),
    ("npm_{} is the token", _ALNUM, 36),
    ("SG.kW3vT9pXq2LmZ8RbYd1HnC.{}", _ALNUM, 43),
    ("postgres://reader:{}@db.internal.example/app", _ALNUM, 14),
    ("The password is {}!", _ALNUM, 10),
    ("aws_secret_access_key = {}", _BASE64, 40),
    ("-----BEGIN PRIVATE KEY-----\n{}", _BASE64, 64),
    ("Authorization: Bearer {}", _ALNUM, 40),
)
_FALSE = (
    ("commit {}", _HEX, 40),
    ("sha256:{}", _HEX, 64),
    ("request id {}-aaaa", _HEX, 8),
    ("<img src='data:image/png;base64,{}'>", _BASE64, 200),
    ("Message-ID: <{}@mail.example>", _ALNUM, 24),
    ("password: {{{{ vault_{} }}}}", string.ascii_lowercase, 6),
    ("AKIA{}EXAMPLE", string.ascii_uppercase, 9),
    ("token: your-{}-here", string.ascii_lowercase, 8),
    ("https://user@{}.example/x", string.ascii_lowercase, 12),
    ("tracking number 1Z{}", string.ascii_uppercase + string.digits, 16),
    ("the password policy of {} follows", string.ascii_lowercase, 8),
    ("ssh-rsa AAAAB3NzaC1yc2E{} a@b", _BASE64, 100),
    ("-----BEGIN CERTIFICATE-----\n{}", _BASE64, 64),
    ("https://x.example/?id={}", _ALNUM, 40),
    ("sk_{} is a Slovak word list", string.ascii_lowercase, 5),
)


def _secrets() -> list[Row]:
    chance = random.Random(20)
    rows: list[Row] = []
    for _ in range(40):
        for forms, there in ((_TRUE, frozenset({"credentials"})), (_FALSE, frozenset())):
            rows += [(form.format("".join(chance.choices(letters, k=count))), there) for form, letters, count in forms]
    chance.shuffle(rows)
    return rows
