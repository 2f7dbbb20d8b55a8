"""Write the pages that are made from the code: commands, settings, exit codes, indexes of checks and detectors, a page
for each detector, and a table in holds.md.

python docs/build.py            writes them
python docs/build.py --check    exits 1 and names those that are out of date
"""

import inspect
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import click

from missent.checks.registry import CHECKS
from missent.cli import missent
from missent.cli.exits import Exit
from missent.content.detectors.detector import Detector
from missent.content.detectors.registry import DETECTORS
from missent.holds.transitions import TABLE, Who
from missent.nouns.hold import State
from missent.settings import Settings

DOCS = Path(__file__).parent
NOTE = "<!-- Made by `make docs` from the code: change it there. -->\n"


def pages() -> dict[Path, str]:
    """Every made page by its path."""
    return {
        DOCS / "commands.md": NOTE + "\n".join(_commands()),
        DOCS / "settings.md": NOTE + "\n".join(_settings()),
        DOCS / "exit-codes.md": NOTE + "\n".join(_exit_codes()),
        DOCS / "checks" / "README.md": NOTE + "\n".join(_checks()),
        DOCS / "detectors" / "README.md": NOTE + "\n".join(_detectors()),
        **{DOCS / "detectors" / f"{d.id}.md": NOTE + "\n".join(_detector(d)) for d in DETECTORS},
        DOCS / "holds.md": _filled(DOCS / "holds.md", "transitions", _transitions()),
    }


def _filled(page: Path, name: str, lines: Iterator[str]) -> str:
    """A page written by hand, with what is made between `<!-- name: … -->` and `<!-- end -->`."""
    pattern = rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- end -->)"
    made = "".join(line + "\n" for line in lines)
    return re.sub(pattern, lambda found: found[1] + made + found[2], page.read_text(), flags=re.DOTALL)


def _transitions() -> Iterator[str]:
    yield "| from | step | to | taken by |\n|---|---|---|---|"
    for (state, step), (target, takers) in TABLE.items():
        yield f"| `{state}` | {step} | `{target}` | {', '.join(who for who in Who if who in takers)} |"
    yield f"| {', '.join(f'`{state}`' for state in State if state not in {began for began, _ in TABLE})} | none | | nobody |"


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    yield from _help(missent, ["missent"])


def _help(command: click.Command, path: list[str]) -> Iterator[str]:
    context = click.Context(command, info_name=" ".join(path), max_content_width=100, terminal_width=100)
    yield f"## `{' '.join(path)}`\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            leaf = command.get_command(context, name)
            if leaf:
                yield from _help(leaf, [*path, name])


def _settings() -> Iterator[str]:
    yield "# Settings: `missent.toml`\n"
    yield "Every key has a default; no file at all works. Unknown keys are errors that name the nearest known key.\n"
    yield from _table(Settings, "top level")


def _table(of: Any, title: str) -> Iterator[str]:
    hints, said = get_type_hints(of), _attributes(of)
    nested = []
    yield f"## {title}\n\n| key | default | meaning |\n|---|---|---|"
    for f in fields(of):
        if is_dataclass(hints[f.name]):
            nested.append((hints[f.name], f"[{f.name}]"))
        elif (rows := _rows_of(hints[f.name])) is not None:
            nested.append((rows, f"[[{f.name}]]"))
        elif f.name != "path":
            yield f"| `{f.name}` | {_default(f)} | {said.get(f.name, '')} |"
    yield ""
    for kind, name in nested:
        yield from _table(kind, name)


def _rows_of(hint: Any) -> Any:
    """The dataclass of which a key holds any number; None for any other key."""
    return next((kind for kind in get_args(hint) if get_origin(hint) is tuple and is_dataclass(kind)), None)


def _default(f: Any) -> str:
    if f.default is MISSING and f.default_factory is MISSING:
        return "required"
    return f"`{_toml(f.default if f.default is not MISSING else f.default_factory())}`"


def _attributes(of: Any) -> dict[str, str]:
    """The Attributes section of a docstring: name -> text; "a, b: text" speaks of both."""
    _, _, section = inspect.cleandoc(of.__doc__ or "").partition("Attributes:\n")
    said: dict[str, str] = {}
    for entry in re.split(r"\n    (?! )", "\n" + section)[1:]:
        names, _, text = entry.partition(": ")
        said |= dict.fromkeys(re.split(r",\s*", names), " ".join(text.split()))
    return said


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None else f'"{value}"' if isinstance(value, str) else str(value)


def _exit_codes() -> Iterator[str]:
    source = inspect.getsource(Exit)
    said = dict(re.findall(r"^    (\w+) = \d+  # (.*)$", source, re.MULTILINE))
    yield "# Exit codes\n\nOne meaning everywhere; what was found outranks what could not be read.\n"
    yield "| code | meaning |\n|---|---|"
    for code in Exit:
        yield f"| {code.value} | {said.get(code.name, f'the strongest action found is {code.name.lower()}')} |"
    yield ""


def _checks() -> Iterator[str]:
    yield "# Findings\n\nEach id is one file, one test table and one page.\n\n| id | needs | knows |\n|---|---|---|"
    for check in CHECKS:
        doc = inspect.getdoc(inspect.getmodule(check.look)) or ""
        needs = "the message" if check.needs_message else "the envelope"
        yield f"| [`{check.id}`]({check.id}.md) | {needs} | {doc.partition(chr(10))[0]} |"
    yield "| [`check-failed`](check-failed.md) | the engine | A check of ours raised or ran past its time. |\n"


def _reason(detector: Detector) -> list[str]:
    """A detector's docstring: what it finds, then why and how, a paragraph each."""
    module = import_module(f"missent.content.detectors.{detector.id.replace('-', '_')}")
    return [" ".join(part.split()) for part in (inspect.getdoc(module) or "").split("\n\n")]


_BY_HAND = (
    "| [`registered-document`](registered-document.md) | document | A paper that somebody registered, whole or in part. |",
    "| [`own-pattern`](own-pattern.md) | as the file says | An organisation's own words and patterns. |",
    "",
)


def _detectors() -> Iterator[str]:
    yield "# Sensitive content\n"
    yield "Each id is one file, one test table and one page; [content.md](../content.md) says what they share.\n"
    yield "| id | category | finds |\n|---|---|---|"
    for detector in DETECTORS:
        finds = _reason(detector)[0].partition(": ")[2]
        yield f"| [`{detector.id}`]({detector.id}.md) | {detector.category} | {finds[:1].upper()}{finds[1:]} |"
    yield from _BY_HAND


def _detector(detector: Detector) -> Iterator[str]:
    """Its reason, what it looks for, and its test table as examples."""
    first, *rest = _reason(detector)
    finds = first.partition(": ")[2]
    yield f"# `{detector.id}`\n\n{finds[:1].upper()}{finds[1:]}\n"
    yield "\n\n".join(rest) + "\n"
    names = ", ".join(f"`{pattern.name}`" for pattern in detector.patterns)
    yield f"Counted as `{detector.category}`. Looks for {names}.\n"
    table = tomllib.loads((DOCS.parent / "tests/content/detectors" / f"{detector.id}.toml").read_text())
    yield "## Found, and not found\n\nMade-up texts of its test table; line breaks are shown as `/`.\n"
    yield "| text | severity |\n|---|---|"
    for severity in ("high", "medium", "low", "miss"):
        for text in table.get(severity, ()):
            yield f"| {_code(text)} | {'nothing' if severity == 'miss' else severity} |"
    yield ""


def _code(text: str) -> str:
    """A text as code in a cell of a table."""
    line = " / ".join(text.strip().splitlines()).replace("|", "&#124;").replace("<", "&lt;")
    return f"<code>{line}</code>"


def main() -> int:
    """Write or compare."""
    made = pages()
    if "--check" in sys.argv:
        old = [p.name for p, text in made.items() if not p.is_file() or p.read_text() != text]
        print(f"out of date, run `make docs`: {', '.join(old)}" if old else "up to date")
        return 1 if old else 0
    for path, text in made.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
