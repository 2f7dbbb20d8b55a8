"""Held messages, byte for byte, in bounded chunks: any node can read them, and no row is larger than a buffer."""

from sqlalchemy import Connection, delete, insert, select

from missent.store.schema import body_chunk

CHUNK = 256 * 1024
"""Octets of one row."""

_NEW = insert(body_chunk)


def write(connection: Connection, hold_id: str, body: bytes) -> None:
    """Keep a message; an empty one has no rows."""
    view = memoryview(body)
    for seq, start in enumerate(range(0, len(body), CHUNK)):  # one by one: PostgreSQL's driver would copy all of it at once
        octets = bytes(view[start : start + CHUNK])
        connection.execute(_NEW, {"hold_id": hold_id, "seq": seq, "octets": octets})


def read(connection: Connection, hold_id: str) -> bytes:
    """The whole message."""
    query = select(body_chunk.c.octets).where(body_chunk.c.hold_id == hold_id).order_by(body_chunk.c.seq)
    return b"".join(connection.execute(query).scalars())


def remove(connection: Connection, hold_id: str) -> None:
    """Forget a message."""
    connection.execute(delete(body_chunk).where(body_chunk.c.hold_id == hold_id))
