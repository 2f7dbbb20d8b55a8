"""Files made for tests: messages, office documents, PDF, compound files, as small as each can be."""

import io
import struct
import zipfile
from email.message import EmailMessage

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def carrying(*files, text="Hello\n"):
    """A message with files: (name, octets) each."""
    made = EmailMessage()
    made["Subject"] = "Plans"
    made["From"] = "a@mod.example"
    made.set_content(text)
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    """A zip file of {name: text or octets}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def docx(body, **parts):
    """A Word document with this body; further parts by their path, `/` written as `__`, without ending."""
    named = {f"{name.replace('__', '/')}.xml": text for name, text in parts.items()}
    return zipped({"[Content_Types].xml": _TYPES, "word/document.xml": word(f"<w:body>{body}</w:body>", "document"), **named})


def word(inside, root):
    return f'<w:{root} xmlns:w="{WORD}">{inside}</w:{root}>'


def paragraph(text, properties=""):
    return f"<w:p><w:r>{properties}<w:t>{text}</w:t></w:r></w:p>"


def pptx(slides, **parts):
    """A presentation: (text, attributes of the slide) each."""
    made = {
        f"ppt/slides/slide{n}.xml": f'<p:sld xmlns:p="p" xmlns:a="{DRAWING}"{more}><a:p><a:t>{text}</a:t></a:p></p:sld>'
        for n, (text, more) in enumerate(slides, 1)
    }
    named = {
        f"{name.replace('__', '/')}.xml": f'<p:x xmlns:p="p" xmlns:a="{DRAWING}">{text}</p:x>' for name, text in parts.items()
    }
    return zipped({"[Content_Types].xml": _TYPES, "ppt/presentation.xml": "<p/>", **made, **named})


def row(number, values, more=""):
    cells = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{value}</t></is></c>' for at, value in enumerate(values)
    )
    return f'<row r="{number}"{more}>{cells}</row>'


def rows(values, start=1, hidden=()):
    return "".join(row(n, v, ' hidden="1"' if n in hidden else "") for n, v in enumerate(values, start))


def xlsx(sheets, **parts):
    """A workbook: (name, state, XML around `<sheetData>`: before, rows, after) each."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"{state and f""" state="{state}" """}/>'
        for n, (name, state, *_) in enumerate(sheets, 1)
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    made = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{targets}</Relationships>',
    }
    for n, (_, _, before, data, after) in enumerate(sheets, 1):
        made[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{SHEET}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'
        )
    return zipped(made | {f"{name.replace('__', '/')}.xml": text for name, text in parts.items()})


def sheet(data, name="Sheet1", state="", before="", after=""):
    return (name, state, before, data, after)


def pdf(*contents, boxes="", more=()):
    """A PDF with a page for each content stream; further objects from number 100 on."""
    kids = " ".join(f"{10 + 2 * n} 0 R" for n in range(len(contents)))
    objects = {1: "<</Type/Catalog/Pages 2 0 R>>", 2: f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>"}
    objects[3] = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    for n, content in enumerate(contents):
        objects[10 + 2 * n] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]{boxes}/Resources<</Font<</F 3 0 R>>>>/Contents {11 + 2 * n} 0 R>>"
        )
        objects[11 + 2 * n] = f"<</Length {len(content)}>>stream\n{content}\nendstream"
    objects |= dict(enumerate(more, 100))
    out, offsets = b"%PDF-1.7\n", {}
    for number, written in objects.items():
        offsets[number] = len(out)
        out += (
            f"{number} 0 obj\n".encode()
            + (written if isinstance(written, bytes) else written.encode("latin-1"))
            + b"\nendobj\n"
        )
    start = len(out)
    table = "".join(f"{n} 1\n{at:010} 00000 n \n" for n, at in offsets.items())
    out += f"xref\n0 1\n0000000000 65535 f \n{table}trailer\n<</Root 1 0 R/Size {max(objects) + 1}".encode()
    return out + f">>\nstartxref\n{start}\n%%EOF\n".encode()


def shown(text, at=(50, 700), mode=0):
    return f"BT /F 12 Tf {mode} Tr {at[0]} {at[1]} Td ({text}) Tj ET "


def compound(streams):
    """An OLE compound file (MS-CFB) of {"storage/stream": octets}: every stream in sectors of its own, no mini stream."""
    nodes, children = _tree(streams)
    sectors, fat, places = [], [], {}

    def chain(data):
        data = data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")
        first = len(sectors)
        for at in range(0, len(data), 512):
            sectors.append(data[at : at + 512])
            fat.append(len(sectors))
        fat[-1] = 0xFFFFFFFE
        return first

    for path, data in streams.items():
        places[path] = (chain(data), max(len(data), 4096))
    entries = b"".join(_entry(nodes, children, places, number) for number in range(len(nodes)))
    entries += _blank() * (-len(nodes) % 4)
    directory = chain(entries)
    count = 1
    while count * 128 < len(fat) + count:
        count += 1
    table = len(sectors)
    fat += [0xFFFFFFFD] * count
    written = struct.pack(f"<{len(fat)}I", *fat).ljust(count * 512, b"\xff")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, count, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", *[table + n for n in range(count)], *[0xFFFFFFFF] * (109 - count))
    return head + b"".join(sectors) + written


def _tree(streams):
    nodes, children = [""], {"": []}
    for path in streams:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            if name not in nodes:
                nodes.append(name)
                children.setdefault("/".join(parts[: depth - 1]), []).append(name)
    return nodes, children


def _entry(nodes, children, places, number):
    """A directory entry; siblings are a list that goes right, which readers accept as a tree."""
    path = nodes[number]
    parent = next((kids for kids in children.values() if path in kids), [])
    after = parent.index(path) + 1 if path else len(parent)
    right = nodes.index(parent[after]) if path and after < len(parent) else 0xFFFFFFFF
    below = nodes.index(children[path][0]) if children.get(path) else 0xFFFFFFFF
    kind = 5 if not path else 2 if path in places else 1
    start, size = places.get(path, (0xFFFFFFFE if not path else 0, 0))
    name = (path.rpartition("/")[2] or "Root Entry").encode("utf-16-le") + b"\0\0"
    head = name.ljust(64, b"\0") + struct.pack("<HBBIII", len(name), kind, 1, 0xFFFFFFFF, right, below)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _blank():
    return bytes(64) + struct.pack("<HBBIII", 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF) + bytes(48)


def msg(properties, inner=None, prefix=""):
    """Streams of an Outlook message: {tag: text or octets}; `inner` are those of a message attached to it."""
    streams = {f"{prefix}__properties_version1.0": bytes(32)}
    for tag, value in properties.items():
        wide = isinstance(value, str)
        streams[f"{prefix}__substg1.0_{tag:04X}{'001F' if wide else '0102'}"] = value.encode("utf-16-le") if wide else value
    if inner:
        streams |= msg(inner, prefix=f"{prefix}__attach_version1.0_#00000000/__substg1.0_3701000D/")
        streams[f"{prefix}__attach_version1.0_#00000000/__substg1.0_3707001F"] = "inner.msg".encode("utf-16-le")
    return streams
