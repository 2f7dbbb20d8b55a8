"""A finding's facts put into sentences: what was compared with what, how sure, and what to do.

The sentences stand in `<language>.toml`. Only facts a sentence names can appear in it, so nothing leaks that nobody
meant to say; a sentence whose facts are missing gives way to a plainer one, and at last to the finding's id.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from missent import tables
from missent.nouns.finding import Fact, Finding

LONGEST = 320
"""Characters of one fact shown: an address of RFC 5321 4.5.3.1 fits, a hostile one is cut."""


def explain(finding: Finding, language: str = "en") -> str:
    """One sentence saying what was noticed, in the words of a language; the id if there are none.

    It uses only what the sender could know, so that it may be shown to them.
    """
    return _say(finding, "explanation", language)


def advise(finding: Finding, language: str = "en") -> str:
    """One sentence saying what to do about it; "" if there is none."""
    return _say(finding, "advice", language)


@lru_cache(maxsize=8)
def book(language: str) -> Mapping[str, Any]:
    """All sentences of a language by finding id. Raises FileNotFoundError if it is not spoken here."""
    name = f"{language}.toml"
    return tables.parse(resources.files("missent.words").joinpath(name).read_bytes(), name)


def _say(finding: Finding, what: str, language: str) -> str:
    sentences = book(language)
    own = sentences.get(finding.id, {})
    facts = _facts(finding, sentences)
    facts |= {f"{name}_says": says[facts[name]] for name, says in own.get("says", {}).items() if facts.get(name) in says}
    said: dict[str, _Said | str] = {name: _Said(value) for name, value in facts.items()}
    if reasons := str(facts.get("because", "")).split():
        said["because_says"] = "; ".join(_reason(reason, sentences["reasons"], said) for reason in reasons)
    for row in own.get(what, ()):
        if all(name in facts and facts[name] == value for name, value in row.get("when", {}).items()):
            try:
                return str(row["text"].format_map(said))
            except KeyError:
                continue  # a fact is missing: a plainer sentence stands below
    return finding.id if what == "explanation" else ""


class Item(NamedTuple):
    """One line of a sum: what it says, and the log-odds it adds; of the last lines what they come to."""

    text: str
    weight: float


def reckoning(finding: Finding, language: str = "en") -> tuple[Item, ...]:
    """How the recipient model's score comes about: what is added up, the score, and the bar; () for any other finding."""
    facts = finding.evidence
    if not _SUMS.issubset(facts):
        return ()
    sentences = book(language)
    said: dict[str, _Said | str] = {name: _Said(value) for name, value in _facts(finding, sentences).items()}
    reasons = str(facts["because"]).split()
    weighed = [(_reason(reason, sentences["reasons"], said), f"weight_{n}") for n, reason in enumerate(reasons, 1)]
    names = sentences["reckoning"]
    rows = [(names["start"], "start"), *weighed, *((names[name], name) for name in ("rest", "score", "bar"))]
    return tuple(Item(text, float(facts[name])) for text, name in rows if name in facts)


def plain_facts(finding: Finding) -> dict[str, Fact]:
    """A finding's facts without those that `reckoning` tells."""
    told = {"because", "bar", *_SUMS} if reckoning(finding) else set()
    return {name: value for name, value in finding.evidence.items() if name not in told and not name.startswith("weight_")}


_SUMS = frozenset(("because", "start", "rest", "score"))


def _reason(reason: str, phrases: Mapping[str, Any], said: Mapping[str, "_Said | str"]) -> str:
    """The phrase of one reason, the plainer one of its kind (before the first hyphen) where facts are missing."""
    for name in (reason, reason.partition("-")[0]):
        try:
            return str(phrases[name].format_map(said))
        except KeyError:
            continue
    return reason


def _facts(finding: Finding, sentences: Mapping[str, Any]) -> dict[str, Fact]:
    facts = dict(finding.evidence)
    facts["sure"] = next((word for word, least in sentences["sureness"].items() if finding.confidence >= least), "possibly")
    last = str(facts.get("where", "")).rpartition("/")[2].partition(":")[0]
    if last in sentences["places"]:
        facts["stands"] = sentences["places"][last]
    if finding.rcpt is not None:
        local, _, domain = finding.rcpt.rpartition("@")
        facts |= {"rcpt": finding.rcpt, "local": local, "domain": domain}
    if finding.suggestion is not None:
        facts |= {"suggestion": finding.suggestion, "meant": finding.suggestion.rpartition("@")[2]}
    return facts


_SELDOM: Mapping[Fact, str] = {0: "never", 1: "once", 2: "twice"}


class _Said:
    """One fact on its way into a sentence: numbers in words, and nothing that can break out of its line."""

    __slots__ = ("_value",)

    def __init__(self, value: Fact) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        value = self._value
        if spec == "times":
            return _SELDOM.get(value, f"{value} times")
        if "|" in spec:
            one, _, many = spec.partition("|")
            return f"{value:,} {one if value == 1 else many}" if isinstance(value, int) else f"{value} {many}"
        if spec == "," and isinstance(value, int):
            return f"{value:,}"
        text = str(value)[:LONGEST]
        if text.isprintable() and "`" not in text:
            return text
        return "".join(c if c.isprintable() and c != "`" else "\N{REPLACEMENT CHARACTER}" for c in text)
