"""The API for compose windows, asked over HTTP as an add-in asks it: who may, what is answered, and that nothing is kept."""

import asyncio
import hashlib
import json
import os
import ssl

import httpx
import pytest
import trustme
from click.testing import CliRunner

from missent.cli import missent
from missent.cli.site import Site
from missent.errors import ConfigError
from missent.settings import ComposeSettings
from missent.web.openapi import described

TOKEN, ANNAS = "t" * 64, "a" * 64
DRAFT = {"sender": "anna@mod.example", "to": ["Jane Doe <jane.doe@army.ml>", "r@navy.mil"]}
SECRET = "canary-subject canary-body canary-file"


def line(token, senders):
    return f"sha256:{hashlib.sha256(token.encode()).hexdigest()}  {senders}\n"


@pytest.fixture
def window(house, free, tmp_path):
    """A node with compose windows, and its address."""

    def opened(more=""):
        port, health = free(), free()
        file = tmp_path / "compose.tokens"
        file.write_text("# who may ask\n" + line(TOKEN, "*@mod.example") + line(ANNAS, "anna@mod.example"))
        settings = (
            f'[compose]\nlisten = "127.0.0.1:{port}"\ntokens = "{file}"\n{more}\n[health]\nlisten = "127.0.0.1:{health}"\n'
        )
        return house(settings), f"http://127.0.0.1:{port}", f"http://127.0.0.1:{health}"

    return opened


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine with its key, and what trusts it."""
    folder, authority = tmp_path_factory.mktemp("tls"), trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_pem.write_to_path(str(folder / "key.pem"))
    issued.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    return folder, trusting


async def ask(base, draft=DRAFT, token=TOKEN, path="/v1/judge", trusting=True, **more):
    body = draft if isinstance(draft, bytes) else json.dumps(draft).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"} | more.pop("headers", {})
    async with httpx.AsyncClient(timeout=30, verify=trusting) as client:
        return await client.post(base + path, content=body, headers={k: v for k, v in headers.items() if v}, **more)


def test_a_draft_is_judged_in_words_with_the_address_that_was_meant(window):
    async def play():
        opening, base, _ = window()
        async with opening:
            answer = await ask(base)
            told = answer.json()
            jane, r = told["recipients"]
            assert (answer.status_code, told["schema"], told["action"]) == (200, "missent.compose/1", "hold")
            assert (jane["address"], jane["action"], jane["decide"]) == ("jane.doe@army.ml", "hold", "sender")
            assert jane["suggestion"] == "jane.doe@army.mil"
            assert "`army.ml`" in jane["findings"][0]["explanation"]
            assert "If you meant" in jane["findings"][0]["advice"]
            assert (r["action"], r["decide"]) == ("deliver", None)
            assert told["observing"] is False
            assert answer.headers["cache-control"] == "no-store"

    asyncio.run(play())


def test_what_is_written_is_judged_too(window):
    async def play():
        opening, base, _ = window()
        async with opening:
            body = "Please see the attached file."
            bare = (await ask(base, DRAFT | {"to": ["r@navy.mil"], "subject": "OFFICIAL-SENSITIVE plan", "body": body})).json()
            with_file = (await ask(base, DRAFT | {"to": ["r@navy.mil"], "body": body, "attachments": ["plan.pdf"]})).json()
            assert "forgotten-attachment" in {f["id"] for f in bare["findings"]}
            assert "forgotten-attachment" not in {f["id"] for f in with_file["findings"]}
            assert with_file["not_read"] == []

    asyncio.run(play())


def test_nothing_of_a_draft_is_kept_but_a_counter(window, tmp_path, capfd):
    async def play():
        opening, base, health = window()
        async with opening as h:
            words = {"subject": SECRET, "body": SECRET, "attachments": [SECRET]}
            assert (await ask(base, DRAFT | words)).json()["action"] == "hold"
            assert SECRET not in (await ask(base, DRAFT | words | {"unknown": SECRET})).text
            assert h.store.holds.standing() == {}
            assert h.store.history.size()["mails"] == 0
            async with httpx.AsyncClient(timeout=30) as client:
                figures = (await client.get(health + "/metrics")).text
            assert 'missent_drafts_total{action="hold"} 1.0' in figures
            assert "army" not in figures

    asyncio.run(play())
    told = capfd.readouterr()
    for kept in (told.out.encode(), told.err.encode(), *(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())):
        assert b"canary-" not in kept


@pytest.mark.parametrize(
    ("draft", "more", "status"),
    [
        pytest.param(DRAFT, {"token": "x" * 64}, 401, id="unknown-token"),
        pytest.param(DRAFT, {"headers": {"Authorization": ""}}, 401, id="no-token"),
        pytest.param(DRAFT, {"headers": {"Authorization": "Basic dDp0"}}, 401, id="basic"),
        pytest.param(DRAFT | {"sender": "ben@mod.example"}, {"token": ANNAS}, 403, id="another-persons-sender"),
        pytest.param(DRAFT | {"sender": "anna@elsewhere.example"}, {}, 403, id="another-domain"),
        pytest.param(DRAFT | {"sender": "ben@mod.example, anna@mod.example"}, {"token": ANNAS}, 400, id="two-senders"),
        pytest.param(DRAFT, {"headers": {"Content-Type": "text/plain"}}, 415, id="not-json-type"),
        pytest.param(b"{", {}, 400, id="not-json"),
        pytest.param(b"[" * 100_000, {}, 400, id="deep-json"),
        pytest.param(b'"a"', {}, 400, id="a-string"),
        pytest.param({"to": ["a@b.example"]}, {}, 400, id="no-sender"),
        pytest.param(DRAFT | {"to": "a@b.example"} | {"cc": 1}, {}, 400, id="wrong-type"),
        pytest.param(DRAFT | {"subjct": "x"}, {}, 400, id="unknown-key"),
        pytest.param(DRAFT | {"to": ["a@b.example"] * 1001}, {}, 400, id="too-many"),
        pytest.param(DRAFT | {"body": "x" * 3000}, {}, 413, id="too-large"),
        pytest.param(DRAFT, {"path": "/v1/other"}, 404, id="no-such-path"),
    ],
)
def test_who_may_not_ask_or_asks_wrongly_is_told_what_to_do(window, draft, more, status):
    async def play():
        opening, base, _ = window("max_size = 200000" if status != 413 else "max_size = 2000")
        async with opening:
            answer = await ask(base, draft, **more)
            assert (answer.status_code, answer.json()["schema"]) == (status, "missent.refusal/1")
            assert answer.json()["error"]
            assert (await ask(base)).status_code == 200, "the next one is answered"

    asyncio.run(play())


def test_odd_drafts_are_answered_all_the_same(window):
    async def play():
        opening, base, _ = window()
        async with opening:
            for draft in (
                {"sender": "anna@mod.example"},
                DRAFT | {"to": ["", "nonsense", "a@b.example\r\nBcc: x@y.example", "\ud800@c.example"]},
                DRAFT
                | {"subject": "a\r\nTo: x@army.ml", "body": "\0\ud800", "in_reply_to": "a\r\nb", "references": ["<x@y>", ""]},
            ):
                assert (await ask(base, json.dumps(draft).encode())).status_code == 200

    asyncio.run(play())


def test_a_header_cannot_be_smuggled_in(window):
    async def play():
        opening, base, _ = window()
        async with opening:
            told = (await ask(base, DRAFT | {"to": ["r@navy.mil"], "subject": "a\r\nTo: x@army.ml"})).json()
            assert [one["address"] for one in told["recipients"]] == ["r@navy.mil"]

    asyncio.run(play())


def test_a_token_may_ask_so_often_and_no_more(window):
    async def play():
        opening, base, _ = window("per_minute = 3")
        async with opening:
            answers = [await ask(base) for _ in range(4)]
            assert [a.status_code for a in answers[:3]] == [200] * 3
            assert answers[3].status_code == 429
            assert int(answers[3].headers["retry-after"]) >= 1
            assert (await ask(base, token=ANNAS)).status_code == 200, "others are not kept waiting"

    asyncio.run(play())


def test_a_token_taken_out_of_the_file_is_worth_nothing_at_once(window, tmp_path):
    async def play():
        opening, base, _ = window()
        async with opening:
            assert (await ask(base, token=ANNAS)).status_code == 200
            file = tmp_path / "compose.tokens"
            file.write_text(line(TOKEN, "*@mod.example"))
            os.utime(file, (1, 1))  # another moment, however coarse the clock of the file system
            assert (await ask(base, token=ANNAS)).status_code == 401
            file.write_text("not a token\n")
            assert (await ask(base)).status_code == 503, "a file that is wrong lets nobody in"

    asyncio.run(play())


def test_other_networks_are_not_answered(window):
    async def play():
        opening, base, _ = window('allowed_clients = ["192.0.2.0/24"]')
        async with opening:
            assert (await ask(base)).status_code == 403

    asyncio.run(play())


def test_a_page_elsewhere_gets_no_answer_unless_it_is_named(window):
    async def play():
        opening, base, _ = window('origins = ["https://addin.mod.example"]')
        async with opening:
            ours = await ask(base, headers={"Origin": "https://addin.mod.example"})
            theirs = await ask(base, headers={"Origin": "https://evil.example"})
            assert ours.headers["access-control-allow-origin"] == "https://addin.mod.example"
            assert "access-control-allow-origin" not in theirs.headers

    asyncio.run(play())


def fits(value, schema):
    """Whether a value is as a schema of ours says: enough of JSON Schema for what we write."""
    if "$ref" in schema:
        schema = described()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        assert value in schema["enum"]
    elif "const" in schema:
        assert value == schema["const"]
    elif schema["type"] == "object":
        assert set(value) == set(schema["properties"])
        for key, one in value.items():
            fits(one, schema["properties"][key])
    elif schema["type"] == "array":
        for one in value:
            fits(one, schema["items"])
    else:
        kinds = {"string": str, "null": type(None), "number": (int, float), "boolean": bool}
        named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert any(isinstance(value, kinds[name]) for name in named)


def test_the_answer_is_as_the_description_served_says(window):
    async def play():
        opening, base, _ = window()
        async with opening:
            async with httpx.AsyncClient(timeout=30) as client:
                served = (await client.get(base + "/v1/openapi.json")).json()
            assert served == json.loads(json.dumps(described()))
            told = (await ask(base, DRAFT | {"body": "password: hunter22 for the vault. See the attached file."})).json()
            fits(told, {"$ref": "#/components/schemas/Answer"})

    asyncio.run(play())


def test_with_a_certificate_it_speaks_https_and_doctor_finds_it(window, certificate):
    async def play():
        folder, trusting = certificate
        opening, base, _ = window(f'tls_certificate = "{folder / "cert.pem"}"\ntls_key = "{folder / "key.pem"}"')
        async with opening as h:
            assert (await ask(base.replace("http:", "https:"), trusting=trusting)).status_code == 200
            command = ["doctor", "--no-canary", "--config", str(h.site.settings.path)]
            told = await asyncio.to_thread(CliRunner().invoke, missent, command, obj=Site(), standalone_mode=False)
            assert f"ok    compose windows: ask on {base.removeprefix('http://')} with TLS" in told.stdout

    asyncio.run(play())


def test_drafts_cross_a_network_only_encrypted(certificate):
    folder, _ = certificate
    with pytest.raises(ValueError, match="tls_certificate"):
        ComposeSettings(listen="0.0.0.0:10082")
    ComposeSettings(listen="0.0.0.0:10082", tls_certificate=str(folder / "cert.pem"), tls_key=str(folder / "key.pem"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('tokens = "missing.tokens"', "missing.tokens: cannot be read"),
        ('tls_certificate = "/none.pem"\ntls_key = "/none.pem"', "/none.pem"),
    ],
)
def test_what_is_set_wrongly_is_said_at_start(house, free, tmp_path, more, said):
    (tmp_path / "compose.tokens").write_text("")

    async def play():
        async with house(f'[compose]\nlisten = "127.0.0.1:{free()}"\n{more}\n'):
            pass

    with pytest.raises(ConfigError, match=said):
        asyncio.run(play())
