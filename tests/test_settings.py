"""missent.toml: defaults, and the one line bad settings get."""

from pathlib import Path

import pytest

from missent.errors import ConfigError
from missent.settings import Settings, host_port, read


def test_no_file_is_needed():
    assert Settings().observe is True
    assert Settings().own == frozenset()


def test_a_full_file(tmp_path):
    file = tmp_path / "missent.toml"
    file.write_text(
        'own_domains = ["MOD.example."]\nobserve = false\nstore = "sqlite:///x.db"\n'
        '[relay]\nlisten = "[::1]:25"\nallowed_clients = ["10.0.0.0/8"]\ncommand_timeout = 5\n[public]\nurl = "https://ask.mod.example"\n'
    )
    settings = read(file)
    assert settings.own == {"mod.example"}
    assert settings.relay.command_timeout == 5.0
    assert settings.path == file


WRONG = {
    "own_domain = []": "unknown key `own_domain`, the nearest known key is `own_domains`",
    "path = 1": "unknown key `path`",
    "observe = 'no'": "key `observe` is 'no', expected true or false",
    "own_domains = ['a@b']": "key `own_domains` holds 'a@b', expected domains",
    "own_networks = ['10.0.0.300']": "network '10.0.0.300'",
    "[relay]\nnext_hop_tls = 'maybe'": "key `next_hop_tls` is 'maybe', expected off, opportunistic or required",
    "[relay]\nlisten = 'here'": "key `listen` is 'here', expected host:port",
    "[relay]\nallowed_clients = ['x']": "network 'x'",
    "[relay]\ntls_key = 'k'": "expected together",
    "[milter]\nlisten = 'milter.sock'": "key `listen` is 'milter.sock', expected unix:/path, inet:host:port or nothing",
    "[milter]\nlisten = 'inet:8891'": "key `listen` is '8891', expected host:port",
    "[milter]\nsocket_mode = '0o66'": "key `socket_mode` is '0o66', expected an octal mode",
    "[console]\nlisten = '0.0.0.0:80'": "expected a loopback address",
    "[public]\nurl = 'ask.example'": "expected https://",
    "relay = 1": "key `relay` is 1, expected a table",
    "[relay": "not valid TOML",
    "own_domains = 3": "key `own_domains` is 3, expected a list",
}


@pytest.mark.parametrize("text", WRONG)
def test_bad_settings_are_one_line_with_file_key_and_what_was_expected(tmp_path, text):
    file = tmp_path / "missent.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read(file)
    assert str(file) in str(caught.value)
    assert WRONG[text] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there():
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read: No such file"):
        read(Path("nowhere.toml"))


def test_host_port():
    assert host_port("[::1]:25") == ("::1", 25)
    assert host_port("gw.example:10025") == ("gw.example", 10025)
    for wrong in ("25", ":25", "a:b", "a:70000"):
        with pytest.raises(ValueError, match="expected host:port"):
            host_port(wrong)
