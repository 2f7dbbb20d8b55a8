import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from missent.errors import ConfigError
from missent.store import Keys, open_store
from missent.store.keys import fresh, load, load_or_create

NEW_DATABASE = True


def test_made_once_for_its_owner_alone(tmp_path):
    path = tmp_path / "new" / "missent.key"
    keys = load_or_create(path)
    assert len(keys.secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_or_create(path) == keys == load(path)
    assert [p.name for p in path.parent.iterdir()] == ["missent.key"]


def test_several_starting_at_once_agree(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: load_or_create(tmp_path / "k"), range(8)))
    assert len(set(made)) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "`id` is missing"),
        ('id = "a"', "`secret` is missing"),
        ('id = "a"\nsecret = "00"', "64 hexadecimal digits"),
        (f'id = "a"\nsecret = "{"x" * 64}"', "64 hexadecimal digits"),
        ('id = "a"\nsecrets = "00"', "unknown key `secrets`"),
    ],
)
def test_a_wrong_file_is_one_line(tmp_path, text, says):
    path = tmp_path / "k"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=says):
        load(path)


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o644, 0o666])
def test_a_file_open_to_others_is_refused(tmp_path, mode):
    load_or_create(tmp_path / "k")
    (tmp_path / "k").chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600"):
        load(tmp_path / "k")


def test_a_key_for_each_purpose_and_nothing_shown(keys):
    derived = {keys.derive("audit-chain"), keys.derive("link"), keys.secret, bytes.fromhex(keys.check * 2)}
    assert len(derived) == 4
    assert keys.secret.hex() not in repr(keys)
    assert repr(keys.secret) not in repr(keys)


def test_an_alias_is_short_stable_and_keyed(keys):
    assert keys.alias("jane@army.ml") == keys.alias("jane@army.ml") != keys.alias("jane@army.mil")
    assert len(keys.alias("jane@army.ml")) == 16
    assert fresh().alias("jane@army.ml") != keys.alias("jane@army.ml")


def test_a_store_refuses_keys_that_are_not_its_own(url, keys):
    open_store(url, keys).close()
    open_store(url, keys).close()
    with pytest.raises(ConfigError, match="'k2' are not those of this store, expected the key file with id 'k1'"):
        open_store(url, Keys("k2", bytes(32)))


def test_the_store_is_its_owners_alone(tmp_path):
    with open_store(f"sqlite:///{tmp_path / 'missent.db'}", fresh()) as store:
        store.register.read()
        assert {f.name: oct(f.stat().st_mode & 0o777) for f in tmp_path.iterdir()} == {
            f"missent.db{part}": "0o600" for part in ("", "-wal", "-shm")
        }
