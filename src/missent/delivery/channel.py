"""Copies that the register wants sent by TLS leave by verified TLS, or over loopback, or wait."""

import asyncio
import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import replace

from missent.delivery.next_hop import Target, send
from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions, Recipient
from missent.recipients.channels import asked
from missent.recipients.register import Register
from missent.smtp.reply import Reply


class ByChannel:
    """Sends to the next hop (`missent.delivery.worker.Send`); `register` gives the one in force."""

    def __init__(self, target: Target, register: Callable[[], Register]) -> None:
        self._target = target
        self._protected = target if on_loopback(target.host) else replace(target, tls="required")
        self._register = register

    async def __call__(
        self, raw: bytes, mail_from: Address | None, rcpts: Sequence[Recipient], options: MailOptions
    ) -> Sequence[Reply]:
        """Hand over one message. Raises RelayError; 451 4.7.4 where TLS is asked for and not to be had."""
        register = await asyncio.to_thread(self._register)
        must = asked(register, (rcpt.address for rcpt in rcpts))
        return await send(self._protected if must else self._target, raw, mail_from, rcpts, options)


def on_loopback(host: str) -> bool:
    """Whether what is said to a host never leaves this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in ("localhost", "localhost.localdomain")
