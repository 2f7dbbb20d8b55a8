"""Every message of `cases` reads as the .json beside it says, with LF and with CRLF line ends."""

import json
import tempfile
from pathlib import Path

import pytest

from missent.message.model import Message
from missent.message.reading import read
from missent.message.reasons import REASONS
from missent.nouns.address import Address

CASES = sorted((Path(__file__).parent / "cases").glob("*.eml"))


def told(address: Address) -> str:
    return f"{address.name} <{address.spec}>" if address.name else address.spec


def as_json(message: Message) -> dict[str, object]:
    lists = {name: [told(a) for a in getattr(message, name)] for name in ("from_", "to", "cc", "bcc")}
    return {name: found for name, found in lists.items() if found} | {
        "subject": message.subject,
        "date": message.date.isoformat() if message.date else None,
        "message_id": message.message_id,
        "references": list(message.references),
        "automatic": message.automatic,
        "parts": [f"{part.path} {part.kind}" for part in message.parts],
        "skipped": [f"{skip.where}: {skip.reason}" for skip in message.inspected.skipped],
    }


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("eml", CASES, ids=lambda path: path.stem)
def test_reads_as_expected(eml: Path, line_end: bytes) -> None:
    raw = eml.read_bytes().replace(b"\n", line_end)
    message = read(raw)
    actual = as_json(message)
    expected = eml.with_suffix(".json")
    if not expected.exists() or actual != json.loads(expected.read_text("utf-8")):
        saved = Path(tempfile.gettempdir()) / "missent-cases" / expected.name
        saved.parent.mkdir(exist_ok=True)
        saved.write_text(json.dumps(actual, indent=1, ensure_ascii=False) + "\n", "utf-8")
        pytest.fail(f"{eml.name} reads differently; the actual reading is in {saved}")
    assert message.size == len(raw)
    assert {skip.reason for skip in message.inspected.skipped} <= set(REASONS)


def test_every_case_has_its_expectation() -> None:
    assert len(CASES) > 20
    assert {path.stem for path in CASES} == {path.stem for path in CASES[0].parent.glob("*.json")}
