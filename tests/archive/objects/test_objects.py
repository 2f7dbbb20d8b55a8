"""Objects as sources: named, listed, opened, and gone."""

from pathlib import Path

import pytest
from tests.archive.outlook.store import pst
from tests.archive.outlook.test_pst import Folder, mail

from missent.archive import objects
from missent.archive.item import Item
from missent.archive.objects import Object, object_of
from missent.archive.originals import log_lines, message
from missent.archive.readers import open_source, sources
from missent.errors import ConfigError
from missent.nouns.verdict import Skipped

pytestmark = pytest.mark.timeout(400)  # the server is a process of its own, and the machine may have other work
EML = b"From: a@x.mil\nTo: b@y.mil\nMessage-ID: <one@x.mil>\n\nhello\n"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("s3://bucket/a/b.mbox", Object("s3", "bucket/a/b.mbox")),
        ("s3:/bucket/a/b.mbox", Object("s3", "bucket/a/b.mbox")),
        ("/s3:/bucket/a/b.mbox", Object("s3", "bucket/a/b.mbox")),
        ("gs://bucket/a", Object("gs", "bucket/a")),
        ("/mnt/s3/a", None),
        ("imaps://a@b/INBOX", None),
        ("s3:", None),
        ("notes3:/x", None),
    ],
)
def test_what_a_path_stands_for(given, meant):
    assert object_of(Path(given)) == meant


@pytest.mark.parametrize("key", ["a", "a/b c.mbox", "a//b", "a///b/./c", "100%.eml", "a%2Fb", "../x", "x:12", "ä/ß"])
def test_any_key_is_a_path_and_back(key):
    one = Object("s3", f"bucket/{key}")
    assert object_of(one.path) == one
    assert object_of(Path(str(one.path.absolute()))) == one


def test_all_kinds_are_read_where_they_lie_and_named_by_it(bucket):
    bucket.put("in/a.mbox", b"From a Mon Jul  3 09:00:00 2023\n" + EML + b"\nFrom b Mon Jul  3 09:00:00 2023\n" + EML)
    bucket.put("in/deep//odd %.eml", EML)
    bucket.put("in/c.pst", pst(Folder("root", (), (Folder("Inbox", [mail(1)]),))).octets)
    bucket.put("in/.hidden", EML)
    bucket.put("in/folder/", b"")
    bucket.put("in/unknown.bin", bytes(range(256)))
    bucket.put("inside.eml", EML)  # begins like the folder, and is not in it
    told = list(open_source(Path(bucket.url("in"))))
    places = [one.where.removeprefix(f"/s3:/{bucket.name}/in") for one in told if isinstance(one, Item)]
    assert len(places) == 4
    assert {"/a.mbox:0", "/deep/%2Fodd %25.eml"} <= set(places)
    assert [one.where for one in told if isinstance(one, Skipped)] == [f"/s3:/{bucket.name}/in/unknown.bin"]
    assert [one.where for one in open_source(Path(bucket.url("in/a.mbox")))] == [
        f"/s3:/{bucket.name}/in/a.mbox:{n}" for n in (0, 90)
    ]


def test_a_listing_of_many_pages(bucket, monkeypatch):
    monkeypatch.setattr(objects, "_PAGE", 3)
    for n in range(10):
        bucket.put(f"in/{n}.eml", EML)
    assert [source.path.name for source in sources(Path(bucket.url("in")))] == [f"{n}.eml" for n in range(10)]


def test_an_object_that_vanishes_is_unread_and_the_others_read(bucket):
    for name in "abc":
        bucket.put(f"in/{name}.eml", EML)
    listed = list(sources(Path(bucket.url("in"))))
    bucket.remove("in/b.eml")
    told = [one for source in listed for one in source.items()]
    assert [getattr(one, "reason", "") for one in told] == ["", "cannot-be-opened", ""]


def test_a_changed_object_is_another_version(bucket):
    bucket.put("a.eml", EML)
    (before,) = sources(Path(bucket.url("a.eml")))
    (same,) = sources(Path(bucket.url("a.eml")))
    bucket.put("a.eml", EML.replace(b"hello", b"HELLO"))
    (after,) = sources(Path(bucket.url("a.eml")))
    assert before.known == same.known
    assert before.known.octets == after.known.octets == len(EML)
    assert before.known.version != after.known.version


def test_evidence_is_fetched_by_place(bucket):
    bucket.put("a.eml", EML)
    bucket.put("mail.log", b"2023-07-19T10:00:05Z mx postfix/smtp[1]: 4R1A2B3C4D: to=<a@b>, status=sent (250 ok)\n")
    where = f"/s3:/{bucket.name}/a.eml"
    assert message([where], "one@x.mil") == EML
    assert message([f"/s3:/{bucket.name}/gone.eml"], "one@x.mil") is None
    ((place, line),) = log_lines([f"/s3:/{bucket.name}/mail.log:0"])
    assert place.endswith("mail.log:0")
    assert line.endswith(b"(250 ok)")


@pytest.mark.parametrize("key", ["nothing", "nothing/below"])
def test_what_is_not_there_is_one_line(bucket, key):
    with pytest.raises(ConfigError, match=f"s3://{bucket.name}/{key}: no such object, and none below it"):
        list(sources(Path(bucket.url(key))))


def test_no_such_bucket_is_one_line(environment):
    with pytest.raises(ConfigError, match="s3://nowhere-at-all: no such bucket"):
        list(sources(Path("s3://nowhere-at-all/x")))


def test_without_credentials_the_service_is_named_and_no_secret(environment, monkeypatch):
    from .conftest import forget

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    forget()
    with pytest.raises(
        ConfigError, match=r"s3://b/x: cannot be asked .NoCredentialsError.: are endpoint and credentials set"
    ) as told:
        list(sources(Path("s3://b/x")))
    assert "canary" not in str(told.value)


def test_a_server_that_goes_away_is_said(bucket, tmp_path, monkeypatch):
    from .conftest import forget
    from .server import Server

    other = Server.start()
    try:
        for name, value in other.environment.items():
            monkeypatch.setenv(name, value)
        forget()
        import s3fs

        system = s3fs.S3FileSystem(use_listings_cache=False)
        system.mkdir("going")
        system.call_s3("put_object", Bucket="going", Key="a.eml", Body=EML)
        (source,) = sources(Path("s3://going/a.eml"))
    finally:
        other.end()
    assert [one.reason for one in source.items()] == ["cannot-be-opened"]
