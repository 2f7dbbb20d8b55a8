"""The crash harness in small: `python -m bench.crash` is the same with thousands of messages and a hundred kills."""

import pytest
from bench.crash import Play, run

pytestmark = pytest.mark.timeout(400)  # on a machine that is busy with other things


@pytest.mark.parametrize(
    ("store", "front", "kill"),
    [
        ("sqlite", "smtpd_proxy_filter", "missent"),
        ("postgresql", "milter", "missent"),
        ("postgresql", "milter", "postgresql"),
        ("sqlite", "milter", "postfix"),
    ],
)
def test_every_message_is_delivered_held_or_returned_while_something_is_killed(store, front, kill, request):
    if store == "postgresql":
        request.getfixturevalue("postgres")  # says why where it cannot be had
    account = run(Play(100, 3, store, front, kill))
    assert account.good, account
    assert account.kills == 3
    assert account.deferrals > 0 or kill == "postfix", "who kills Postfix breaks its connections"
    assert (account.delivered, account.lost, account.leaked) == (90, 0, 0)
    assert account.released + account.held + account.returned == account.copies - 90
