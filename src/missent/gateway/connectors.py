"""Whether a message comes from our tenant of a mail service that hands on everybody's: by certificate *and* tenant header.

All tenants of such a service share its addresses and its certificate; only the header that the service itself puts on its
tenant's outgoing mail tells them apart. So the certificate lets a client in, and the message is taken only with the header,
once: two of them are one too many to say which the service wrote. Pure.
"""

from collections.abc import Sequence
from dataclasses import replace

from missent.message.header import section, unfold
from missent.nouns.envelope import Client
from missent.settings import ConnectorSettings
from missent.smtp.reply import Reply

_HEADER = 1 << 18

NO_TENANT = Reply.of("550 5.7.1 This message does not come from a tenant of this organisation")


def shown(client: Client, connectors: Sequence[ConnectorSettings]) -> tuple[ConnectorSettings, ...]:
    """The connectors whose certificate the client has shown."""
    return tuple(c for c in connectors if c.certificate.lower() in client.certificate)


def settled(raw: bytes, client: Client, connectors: Sequence[ConnectorSettings]) -> Client | None:
    """The client, now known to be ours or not; None if it showed a connector's certificate without its tenant's header."""
    among = () if client.own else shown(client, connectors)
    if not among:
        return client
    if any(_bears(raw, connector) for connector in among):
        return replace(client, own=True)
    return None


def _bears(raw: bytes, connector: ConnectorSettings) -> bool:
    name = connector.header.lower().encode()
    values = [unfold(raw[start:end]) for field, start, end in section(raw, _HEADER).fields if field == name]
    return [value.lower() for value in values] == [connector.value.lower().encode()]
