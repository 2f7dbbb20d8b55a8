"""The table `missent register tls-policy` prints, in a real Postfix: mail waits rather than going in the clear."""

import asyncio
import re

from missent.cli import run
from missent.testing.next_hop import KeepingNextHop
from missent.testing.postfix import MAIN

MESSAGE = b"Message-ID: <1@own.example>\r\nSubject: x\r\n\r\nHello\r\n"


def test_mail_that_must_go_by_tls_is_deferred_and_other_mail_is_not(folder, postfix, client, monkeypatch, capsys, tmp_path):
    (tmp_path / "missent.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    assert run(["register", "domain", "localhost", "--channel", "tls-assured"]) == 0
    capsys.readouterr()
    assert run(["register", "tls-policy"]) == 0
    table = capsys.readouterr().out
    assert table == "localhost secure\n.localhost secure\n"
    (folder / "tls_policy").write_text(table)

    async def play():
        async with KeepingNextHop() as hop:  # offers no STARTTLS
            more = (
                f"relayhost =\nsmtp_tcp_port = {hop.port}\nsmtp_dns_support_level = disabled\n"
                f"smtp_tls_policy_maps = texthash:{folder}/tls_policy\n"
                f"transport_maps = inline:{{plain.test=smtp:[127.0.0.1]:{hop.port}}}\n".replace("{", "{{").replace("}", "}}")
            )
            monkeypatch.setattr("missent.testing.postfix.MAIN", re.sub(r"relayhost = .*\n", "", MAIN) + more)
            server = await asyncio.to_thread(postfix, hop.port, "")
            async with client(server.ports[0]) as talking:
                for to in ("<ann@localhost>", "<ann@plain.test>"):
                    assert (await talking.mail(to, message=MESSAGE)).startswith("250")
            async with asyncio.timeout(60):
                while server.log().count("status=") < 2:  # noqa: ASYNC110 - another process decides
                    await asyncio.sleep(0.05)
            return [kept.rcpts for kept in hop.kept], server.log()

    kept, log = asyncio.run(play())
    assert len(kept) == 1
    assert re.search(r"to=<ann@localhost>.*status=deferred \(TLS is required", log)
    assert re.search(r"to=<ann@plain\.test>.*status=sent", log)
