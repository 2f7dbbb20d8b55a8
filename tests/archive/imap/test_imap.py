"""Against a real server."""

from pathlib import Path

import pytest

from missent.archive import imap
from missent.archive.imap import Account, account_of, read_imap
from missent.archive.item import Item
from missent.archive.learning import learn
from missent.archive.readers import sources
from missent.errors import ConfigError
from missent.nouns.verdict import Skipped
from missent.store import Keys, open_store

from .conftest import client
from .dovecot import Dovecot, why_not

real = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")


def mail(number: int) -> bytes:
    return (
        f"From: anna@mod.example\r\nTo: jane{number}@army.mil\r\nDate: Wed, 19 Jul 2023 10:02:11 +0000\r\n"
        f"Message-ID: <{number}@mod.example>\r\n\r\ncanary-body {number}\r\n"
    ).encode()


@pytest.fixture
def account(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A fresh user with two folders of mail, one empty and one that holds folders only."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.ca))
    monkeypatch.setenv("MISSENT_IMAP_PASSWORD", "canary-password")
    user = f"u{abs(hash(request.node.name)) % 10**8}@mod.example"
    with client(dovecot, user) as one:
        for name in ("Sent/2023 Größe", "Empty"):
            one.create_folder(name.replace("/", "."))
        for n in range(5):
            one.append("INBOX", mail(n))
        one.append("Sent.2023 Größe", mail(9))
    return Path(f"imaps://{user}@localhost:{dovecot.port}")


def raws(found: list[Item | Skipped]) -> list[bytes]:
    return [one.raw for one in found if isinstance(one, Item)]


@real
def test_all_folders_are_read_and_nothing_is_marked(dovecot: Dovecot, account: Path) -> None:
    found = list(sources(account))
    assert [source.kind for source in found] == ["imap"] * len(found)
    assert [account_of(source.path).folder for source in found] == ["Empty", "INBOX", "Sent.2023 Größe"]
    assert [raws(list(source.items())) for source in found] == [[], [mail(n) for n in range(5)], [mail(9)]]
    with client(dovecot, account_of(account).user) as one:
        one.select_folder("INBOX", readonly=True)
        assert {flags[b"FLAGS"] for flags in one.fetch(one.search(), ["FLAGS"]).values()} <= {(b"\\Recent",), ()}


@real
def test_one_folder_and_resuming_behind_any_message(account: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "_TOGETHER", 2)
    monkeypatch.setattr(imap, "_SIZES", 3)
    (source,) = sources(Path(f"{account}/INBOX"))
    items = [one for one in source.items() if isinstance(one, Item)]
    assert [one.where for one in items] == [f"{source.path}:{uid}" for uid in range(1, 6)]
    for n, item in enumerate(items):
        assert list(source.items(item.resume)) == items[n + 1 :]


@real
def test_history_learns_what_is_new(dovecot: Dovecot, account: Path, tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/missent.db", Keys("k", bytes(32)), own=["mod.example"]) as store:
        done = learn(sources(account), store.history)
        assert (done.messages, done.new, done.not_read) == (6, 6, 0)
        with client(dovecot, account_of(account).user) as one:
            one.append("INBOX", mail(20))
        done = learn(sources(account), store.history)
        assert (done.messages, done.new) == (1, 1)


@real
def test_a_too_large_message_is_read_from_its_beginning(account: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "LARGEST", 100)
    monkeypatch.setattr(imap, "BEGINNING", 60)
    monkeypatch.setattr(imap, "_OCTETS_TOGETHER", 150)
    (source,) = sources(Path(f"{account}/INBOX"))
    first, said, *_ = source.items()
    assert isinstance(first, Item)
    assert first.raw == mail(0)[:60]
    assert said == Skipped(f"{source.path}:1", "too-large")


@real
def test_renumbered_folders_and_vanished_ones_are_said(account: Path) -> None:
    (source,) = sources(Path(f"{account}/INBOX"))
    other = account_of(source.path)._replace(validity=1).path
    assert list(read_imap(other)) == [Skipped(str(other), "imap-renumbered")]
    gone = account_of(source.path)._replace(folder="Nowhere").path
    assert list(read_imap(gone)) == [Skipped(str(gone), "went-away")]


@real
def test_what_is_wrong_is_one_line(account: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("wrong\n")
    monkeypatch.setenv("MISSENT_IMAP_PASSWORD_FILE", str(secret))
    with pytest.raises(ConfigError, match="refuses the log-in"):
        list(sources(account))
    secret.write_text("canary-password\n")
    assert len(list(sources(account))) == 3
    monkeypatch.setenv("MISSENT_IMAP_PASSWORD_FILE", str(tmp_path / "absent"))
    with pytest.raises(ConfigError, match="MISSENT_IMAP_PASSWORD_FILE"):
        list(sources(account))
    monkeypatch.delenv("MISSENT_IMAP_PASSWORD_FILE")
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ConfigError, match="cannot be reached"):
        list(sources(account))


@real
def test_how_much_lies_in_a_folder_and_that_it_changed_is_known_before_it_is_read(dovecot: Dovecot, account: Path) -> None:
    (before,) = sources(Path(f"{account}/INBOX"))
    (same,) = sources(Path(f"{account}/INBOX"))
    with client(dovecot, account_of(account).user) as one:
        one.append("INBOX", mail(20))
    (after,) = sources(Path(f"{account}/INBOX"))
    assert before.known == same.known
    assert before.known.octets == sum(len(mail(n)) for n in range(5))
    assert after.known.octets == before.known.octets + len(mail(20))
    assert after.known.version != before.known.version


def test_a_password_in_the_url_is_refused() -> None:
    with pytest.raises(ConfigError, match="can be seen by others") as told:
        list(sources(Path("imaps://anna:canary@localhost:1/INBOX")))
    assert "canary" not in str(told.value)


def test_no_secret_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PASSWORD", "PASSWORD_FILE", "TOKEN", "TOKEN_FILE"):
        monkeypatch.delenv(f"MISSENT_IMAP_{name}", raising=False)
    with pytest.raises(ConfigError, match="MISSENT_IMAP_PASSWORD_FILE"):
        list(sources(Path("imaps://a@localhost:1/INBOX")))


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("imaps://anna@mail.example/INBOX", Account("anna", "mail.example", 993, "INBOX")),
        ("imaps://anna@mod.example@mail.example", Account("anna@mod.example", "mail.example", 993)),
        (
            "imaps://anna%40mod.example@mail.example:1993/Sent%2F2023",
            Account("anna@mod.example", "mail.example", 1993, "Sent/2023"),
        ),
        ("imaps://anna@[2001:db8::1]:993/", Account("anna", "2001:db8::1", 993)),
        ("mail/imaps", None),
        ("imap://anna@mail.example/INBOX", None),
    ],
)
def test_accounts(text: str, account: Account | None) -> None:
    assert account_of(Path(text)) == account
    if account:
        assert account_of(account.path) == account
        assert account_of(account.path.absolute()) == account
