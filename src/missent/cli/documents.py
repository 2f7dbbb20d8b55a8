"""`missent register document FILE`: a paper is found again in mail, without its text being kept."""

from email.message import EmailMessage
from hashlib import blake2b
from mimetypes import guess_type
from pathlib import Path

import click

from missent.cli.entries import put
from missent.cli.exits import Exit
from missent.cli.site import Site
from missent.errors import ConfigError
from missent.recipients.register import Document


@click.command("document")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--name", default="", help="What the register calls it; the file's name if not given.")
@click.pass_obj
def document(site: Site, file: str, name: str) -> int:
    """Register a document FILE: mail that holds it, or much of it, gets the finding registered-document.

    Kept are keyed hashes of its word runs, no text. Given again, the same document has the same id.
    """
    from missent.content.detectors.registered_document import LEAST
    from missent.content.fingerprints import fingerprints
    from missent.store.keys import CONTENT

    key = site.store().keys.derive(CONTENT)
    hashes = fingerprints(_text(site, Path(file)), key)
    if len(hashes) < LEAST:
        raise ConfigError(f"{file}: too short to be told by its words, expected about forty or more")
    packed = b"".join(one.to_bytes(8, "big") for one in sorted(hashes))
    entry = Document("doc-" + blake2b(packed, key=key, digest_size=6).hexdigest(), name or Path(file).name, hashes)
    put(site, entry)
    click.echo(f"{entry.id}  {len(hashes)} fingerprints")
    return Exit.OK


def _text(site: Site, path: Path) -> str:
    """All text of a file, got out of it as if it were attached to a message. Raises ConfigError if there is none."""
    from missent.message.reading import read
    from missent.reading.opener import Opener

    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    carrier = EmailMessage()
    kind = (guess_type(path.name)[0] or "application/octet-stream").split("/")
    carrier.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=path.name)
    raw = carrier.as_bytes()
    with Opener(site.settings.reading) as opener:
        opened = opener.open(raw, read(raw))
    if opened.skipped:
        raise ConfigError(f"{path}: could not be read whole: {', '.join(sorted({s.reason for s in opened.skipped}))}")
    return "\n".join(piece.text for piece in opened.pieces if piece.kind not in ("name", "subject", "header", "property"))
