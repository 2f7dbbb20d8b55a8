"""`missent register tls-policy`: what Postfix needs to know to hand mail over by TLS or not at all."""

import click

from missent.cli.exits import Exit
from missent.cli.site import Site
from missent.recipients.channels import domains

LEVELS = ("secure", "verify", "encrypt", "dane-only", "fingerprint")


@click.command("tls-policy")
@click.option(
    "--level", type=click.Choice(LEVELS), default="secure", show_default=True, help="Postfix's level of TLS (TLS_README)."
)
@click.pass_obj
def tls_policy(site: Site, level: str) -> int:
    r"""Print a table for Postfix's smtp_tls_policy_maps: each domain that must be reached by TLS, and all below it.

    \b
    missent register tls-policy > /etc/postfix/tls_policy
    postmap /etc/postfix/tls_policy
    postconf -e smtp_tls_policy_maps=hash:/etc/postfix/tls_policy

    Postfix then defers mail to them rather than sending it in the clear; say `--channel tls-assured` once it does. It looks a
    domain up only where it finds the next server itself: mail through a relayhost is that server's to protect. Exits 3 if
    the register asks TLS of nobody.
    """
    asked = domains(site.store().register.read())
    for name in asked:
        click.echo(f"{name} {level}\n.{name} {level}")
    if not asked:
        click.echo("register: mail to nobody must go by TLS: see `missent register domain --channel`", err=True)
        return Exit.NOTHING
    return Exit.OK
