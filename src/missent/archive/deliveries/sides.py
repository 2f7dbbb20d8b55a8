"""Whose side an answering host is on: the recipient's, ours, or somebody's between. When unsure, it is not the recipient's."""

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from missent.archive.deliveries.exchangers import is_exchanger, is_relay, is_tenant_of

_DIRECT = 3
"""Organisations a server must have handed mail to at hosts of their own name before it counts as delivering directly."""

_MANY = 3

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Ours(NamedTuple):
    """What is known to be on our side.

    Attributes:
        domains: own canonical domains; hosts below them are ours.
        hosts: own hosts, relays and filters by name or address, lower-case; `.name` stands for all hosts below it.
        networks: own networks; private, loopback and link-local addresses are ours anyway.
        relays: networks of relays and filters that take our mail.
    """

    domains: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    relays: tuple[Network, ...] = ()


def relays(named: Iterable[str]) -> tuple[frozenset[str], tuple[Network, ...]]:
    """Names and addresses, and networks, of relays as settings name them.

    >>> relays(["Relay.isp.example.", "*.filter.example", "192.0.2.0/24"])[0] == {"relay.isp.example", ".filter.example"}
    True
    """
    named = [relay.lower().rstrip(".") for relay in named if relay]
    hosts = frozenset(relay.removeprefix("*") for relay in named if "/" not in relay)
    return hosts, tuple(ipaddress.ip_network(relay, strict=False) for relay in named if "/" in relay)


class Habits(NamedTuple):
    """What a set of logs shows of hosts.

    Attributes:
        takes: site of an answering host -> number of recipients' sites it took mail for.
        direct: log-writing host -> number of sites that took their own mail from it.
        writers: hosts that wrote the logs, lower-case.
    """

    takes: Mapping[str, int]
    direct: Mapping[str, int]
    writers: frozenset[str] = frozenset()


class Sides:
    """Judges hosts by name and address, by what is ours and by what the logs show.

    `site` makes the registrable domain of a host or domain: what one owner has.
    """

    def __init__(self, ours: Ours, habits: Habits, site: Callable[[str], str]) -> None:
        self._ours = ours
        self._habits = habits
        self._site = site
        self._own_sites = frozenset(map(site, ours.domains))

    def why(self, host: str, ip: str, domain: str, writer: str) -> str:
        """Why a host that answered 250 counts or does not: an id of `WHYS`.

        `domain` is the recipient's, canonical; `writer` the host whose log says so.
        """
        host = host.lower().rstrip(".")
        if self._own_host(host, ip):
            loopback = ip.startswith("127.") or ip == "::1" or host == "localhost"
            return "own-mailbox" if self.own(domain) and not loopback else "own-network"
        if self._relay(host, ip):
            return "configured-relay"
        return self._foreign(host, domain, writer)

    def own(self, domain: str) -> bool:
        """Whether a domain is ours, or below one of ours."""
        return any(domain == own or domain.endswith("." + own) for own in self._ours.domains)

    def _relay(self, host: str, ip: str) -> bool:
        named, address = self._ours.hosts, _address(ip)
        below = (host[at:] for at, letter in enumerate(host) if letter == ".")
        inside = address and any(address in network for network in self._ours.relays)
        return bool(inside or host in named or ip in named or not named.isdisjoint(below))

    def _own_host(self, host: str, ip: str) -> bool:
        address = _address(ip)
        if address and address.is_private and not _documentation(address):
            return True
        inside = address and any(address in network for network in self._ours.networks)
        return bool(inside or host in self._habits.writers or self._site(host) in self._own_sites)

    def _foreign(self, host: str, domain: str, writer: str) -> str:
        here, there = self._site(domain), self._site(host)
        if is_relay(host):
            return "known-relay"
        if (here == there and host) or is_tenant_of(host, domain):
            return "named-alike"
        if is_exchanger(host):
            return "known-exchanger"
        takes = self._habits.takes.get(there, 0)
        if takes >= _MANY:
            return "many-domains"
        direct = self._habits.direct.get(writer, 0)
        return "takes-only-this-domain" if host and takes == 1 and direct >= _DIRECT else "unsure"


def _address(ip: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(ip)
    except ValueError:
        return None


_DOCUMENTATION = tuple(map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")))


def _documentation(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Addresses of examples (RFC 5737, 3849) are nobody's own network, whatever `is_private` says."""
    return any(address.version == network.version and address in network for network in _DOCUMENTATION)
