"""Charts as SVG within the page: drawn by matplotlib, in the page's own text colour, without scripts or files beside it."""

import io
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from missent.errors import ConfigError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, BAR, SHADES = (
    "#101112",
    "#3f76b5",
    ("#3f76b5", "#5a9a8b", "#b5803f", "#8b6fae", "#a65b5b", "#6f7f90", "#84933f", "#4f8fb0"),
)
MOST_MONTHS = 240
MOST_TILES = 24
WIDE, NARROW = 7.2, 3.7
"""Inches a chart is drawn wide: for a page, and for a phone, where the text of a wide one would be too small to read."""


def timeline(months: Counter[str], width: float = WIDE) -> str:
    """Exposures by month, quiet months between them shown; "" without dates."""
    labels = _months(min(months), max(months)) if months else []
    if not labels or len(labels) > MOST_MONTHS:
        labels = sorted(months)[-MOST_MONTHS:]  # a wrong clock (1980, 2044) must not flatten all the others
    if not labels:
        return ""
    figure, axes = _figure(2.4, width)
    axes.bar(range(len(labels)), [months[label] for label in labels], color=BAR, width=0.8)
    step = max(1, len(labels) // (12 if width == WIDE else 5))
    axes.set_xticks(range(0, len(labels), step), labels[::step], rotation=0 if len(labels) < 9 else 30)
    axes.set_ylabel("exposures")
    axes.yaxis.get_major_locator().set_params(integer=True)
    return _svg(figure, f"timeline{width:.0f}", "Exposures by month")


def tiles(suffixes: Mapping[str, Counter[str]], width: float = WIDE) -> str:
    """A map of domains, tiles as large as their exposures, coloured by suffix; "" without any."""
    import squarify

    ranked = Counter({domain: n for domains in suffixes.values() for domain, n in domains.items()}).most_common()
    most = MOST_TILES if width == WIDE else MOST_TILES // 2
    shown, rest = ranked[:most], sum(n for _, n in ranked[most:])
    if not shown:
        return ""
    order = [suffix for suffix, _ in Counter({s: d.total() for s, d in suffixes.items()}).most_common()]
    sizes = [n for _, n in shown] + ([rest] if rest else [])
    figure, axes = _figure(3.4, width)
    across = 100 * width / WIDE
    boxes = squarify.squarify(squarify.normalize_sizes(sizes, across, 50), 0, 0, across, 50)
    for n, box in enumerate(boxes):
        name = shown[n][0] if n < len(shown) else f"{len(ranked) - len(shown)} other domains"
        shade = SHADES[order.index(name.rpartition(".")[2]) % len(SHADES)] if n < len(shown) else "#6f7f90"
        _tile(axes, box, f"{name}\n{sizes[n]:,}", shade)
    axes.set_xlim(0, across)
    axes.set_ylim(0, 50)
    axes.axis("off")
    return _svg(figure, f"tiles{width:.0f}", "Where it went: domains by number of exposures")


def bars(counts: Counter[str], title: str, width: float = WIDE) -> str:
    """Counts as lying bars, most on top; "" without any."""
    rows = counts.most_common(12)[::-1]
    if not rows:
        return ""
    figure, axes = _figure(0.5 + 0.28 * len(rows), width)
    axes.barh([_short(name, 42 if width == WIDE else 20) for name, _ in rows], [n for _, n in rows], color=BAR, height=0.7)
    axes.xaxis.get_major_locator().set_params(nbins=8 if width == WIDE else 4)
    axes.xaxis.get_major_locator().set_params(integer=True)
    return _svg(figure, re.sub(r"\W+", "-", title) + f"{width:.0f}", title)


def _tile(axes: Any, box: Mapping[str, float], text: str, shade: str) -> None:
    axes.add_patch(_rectangle((box["x"], box["y"]), box["dx"], box["dy"], shade))
    if box["dx"] > 9 and box["dy"] > 5:
        size = max(5.0, min(9.0, 1.7 * box["dx"] / max(len(text.partition("\n")[0]), 4) * 5))
        x, y = box["x"] + box["dx"] / 2, box["y"] + box["dy"] / 2
        axes.text(x, y, text, ha="center", va="center", color="#ffffff", fontsize=size, clip_on=True)


def _rectangle(at: tuple[float, float], width: float, height: float, shade: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(at, width, height, facecolor=shade, edgecolor="#ffffff", linewidth=1)


def _figure(height: float, width: float) -> "tuple[Figure, Any]":
    try:
        from matplotlib import rcParams
        from matplotlib.figure import Figure
    except ImportError:
        raise ConfigError("a report needs the extra `archive`: pip install 'missent[archive]'") from None
    rcParams.update({"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 8, "text.parse_math": False})
    for part in ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"):
        rcParams[part] = INK
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: "Figure", name: str, title: str) -> str:
    """The figure for the page: same input, same octets; ids of its own; text a reader's voice can tell."""
    from matplotlib import rcParams

    rcParams["svg.hashsalt"] = name
    out = io.StringIO()
    figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Title": title})
    text = out.getvalue()
    text = text[text.index("<svg") :].replace(INK, "currentColor")
    text = re.sub(r'\b(id=")((?:figure|axes|patch|matplotlib|xtick|ytick|text|line2d)\w*_\d+)"', rf'\1{name}-\2"', text)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    return text.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)


def _months(first: str, last: str) -> list[str]:
    at, end = date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01")
    found: list[str] = []
    while at <= end and len(found) <= MOST_MONTHS:
        found.append(f"{at:%Y-%m}")
        at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
    return found


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"
