"""XML of strangers: no entity is ever replaced, nothing is fetched, and size is bounded before a tree is made."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from missent.reading.budget import Budget
from missent.reading.unreadable import Unreadable

LARGEST = 40_000_000
"""Octets of one XML part that a tree is made of: it takes about five times that in memory."""


def parse(data: bytes, budget: Budget | None = None) -> Any:
    """The root element.

    Raises Unreadable: `xml-entities` where the text defines its own (a bomb, or a way to fetch), `too-large`, `damaged`.
    """
    if len(data) > LARGEST:
        raise Unreadable("too-large")
    if budget:
        budget.time()
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise Unreadable("damaged") from None
    if root is None:
        raise Unreadable("damaged")
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and any(True for _ in subset.iterentities()):
        raise Unreadable("xml-entities")
    return root


def walk(root: Any) -> Iterator[Any]:
    """Elements in document order."""
    return (element for element in root.iter() if isinstance(element.tag, str))


def local(element: Any) -> str:
    """An element's name without its namespace."""
    tag: str = element.tag
    return tag.rpartition("}")[2]


def attribute(element: Any, name: str) -> str:
    """An attribute's value whatever its namespace, "" if absent."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""
