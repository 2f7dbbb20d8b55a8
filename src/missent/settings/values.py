"""Values that several sections hold: addresses of listeners, networks, one word of several."""

import ipaddress

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def host_port(text: str, key: str = "address") -> tuple[str, int]:
    """Split `host:port` or `[::1]:port`. Raises ValueError naming the key."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535 or not host:
        raise ValueError(f"key `{key}` is {text!r}, expected host:port")
    return host.strip("[]"), int(port)


def network(text: str) -> None:
    """Raises ValueError if this is no network."""
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError(f"network {text!r}: {error}") from None


def one_of(key: str, value: str, words: tuple[str, ...]) -> None:
    """Raises ValueError naming the key if the value is none of the words."""
    if value not in words:
        raise ValueError(f"key `{key}` is {value!r}, expected {', '.join(words[:-1])} or {words[-1]}")
