"""The story of the demo, whole, through every place Postfix has for missent: a real Postfix, a real `missent serve`."""

import contextlib
import time

import pytest

from missent.cli.demo import SETTINGS, _furnish, verified
from missent.cli.site import Site
from missent.demo.story import ANNA, Stage, tell
from missent.testing.ports import free_port
from missent.testing.postfix import Postfix
from missent.testing.process import Served
from missent.testing.threaded import ThreadedNextHop

FRONTS = {
    "milter": "-o smtpd_milters=unix:{folder}/milter.sock",
    "smtpd_proxy_filter": "-o smtpd_proxy_filter=127.0.0.1:{relay}",
    "content_filter": "-o content_filter=smtp:[127.0.0.1]:{relay}",
    "relayhost": "",
}


MILTER = '[milter]\nlisten = "unix:{folder}/milter.sock"\nsocket_mode = "0666"\n'


@contextlib.contextmanager
def played(folder, front):
    """The stage with everything running; and the site of missent."""
    hop, ports = ThreadedNextHop(), {name: free_port() for name in ("relay", "console", "public")}
    home = folder / "postfix"
    home.mkdir(mode=0o755)
    options = FRONTS[front].format(folder=folder, relay=ports["relay"])
    server = Postfix.start(home, ports["relay"] if front == "relayhost" else hop.hop.port, options, "-o smtpd_milters=")
    behind = {"milter": server.ports[0], "relayhost": hop.hop.port}.get(front, server.ports[1])
    config = folder / "missent.toml"
    config.write_text(
        SETTINGS.format(next_hop=behind, **ports) + f'[milter]\nlisten = "unix:{folder}/milter.sock"\nsocket_mode = "0666"\n'
    )
    served = Served(config, ports["relay"], folder / "milter.sock")
    try:
        with Site(str(config)) as site:
            _furnish(site, folder)
            served.start()
            yield Stage(("127.0.0.1", server.ports[0]), hop.inbox, lambda: verified(site)), server
    finally:
        served.end()
        server.end()
        hop.end()


@pytest.mark.parametrize("front", ["milter", "smtpd_proxy_filter"])
def test_the_story_goes_as_told_before_the_queue(folder, front):
    with played(folder, front) as (stage, server):
        steps = list(tell(stage, decide=True))
        assert [step.title for step in steps if not step.as_told] == [], [step.told for step in steps]
        assert server.waiting() == 0
        assert not any(b"missent-pass" in raw.lower() for raw in stage.inbox("jane.doe@army.mil")) or front != "milter"


@pytest.mark.parametrize("front", ["content_filter", "relayhost"])
def test_behind_the_queue_the_blocked_country_comes_back_as_a_bounce(folder, front):
    with played(folder, front) as (stage, _):
        steps = list(tell(stage, decide=True))
        assert [step.title for step in steps if not step.as_told] == ["A blocked country is refused with words that help"]
        until = time.monotonic() + 20
        while not (found := [raw for raw in stage.inbox(ANNA) if b"desk@ministry.kp" in raw]):
            assert time.monotonic() < until, "no bounce"
            time.sleep(0.05)
        (bounce,) = found
        assert b"Status: 5.7.1" in bounce
        assert b"is refused by this organisation's policy" in b" ".join(bounce.split())
