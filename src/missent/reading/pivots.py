"""The cache of a pivot table: a copy of its source's rows, kept even where the source is deleted (ECMA-376 18.10)."""

from missent.reading import xml
from missent.reading.budget import Budget
from missent.reading.unzipping import Package


def cached(package: Package, records: str, budget: Budget) -> list[str]:
    """The rows of one cache, cells separated by tabs. Raises Unreadable."""
    number = records.rpartition("pivotcacherecords")[2]
    fields = _fields(package, f"xl/pivotcache/pivotcachedefinition{number}", budget)
    rows = []
    for row in xml.parse(package.get(records), budget):
        if isinstance(row.tag, str) and xml.local(row) == "r":
            values = [_value(cell, fields[at] if at < len(fields) else []) for at, cell in enumerate(row)]
            rows.append("\t".join(values))
    return rows


def _fields(package: Package, definition: str, budget: Budget) -> list[list[str]]:
    """Shared values of each field, by which rows name them."""
    if not package.has(definition):
        return []
    fields = []
    for element in xml.walk(xml.parse(package.get(definition), budget)):
        if xml.local(element) == "cacheField":
            shared = (child for child in element if isinstance(child.tag, str) and xml.local(child) == "sharedItems")
            fields.append([xml.attribute(item, "v") for items in shared for item in items])
    return fields


def _value(cell: object, shared: list[str]) -> str:
    said = xml.attribute(cell, "v")
    if xml.local(cell) == "x":
        return shared[int(said)] if said.isdigit() and int(said) < len(shared) else ""
    return said
