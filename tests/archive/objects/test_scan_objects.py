"""`missent scan s3://…` against a real server: the answer of the same files here, also after a kill and with a loss."""

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from missent.archive.scan import running
from missent.archive.scan.examining import Bench
from missent.archive.scan.pool import here
from missent.archive.scan.state import State
from missent.policy.reading import default_policy
from missent.testing.planted import OWN, plant

pytestmark = pytest.mark.timeout(400)  # the server is a process of its own, and the machine may have other work
BENCH = Bench(frozenset([OWN]), default_policy())


@pytest.fixture
def planted(bucket, tmp_path):
    plant(each=1, ordinary=60).write(tmp_path / "mail")
    bucket.put_folder("mail", tmp_path / "mail")
    return tmp_path / "mail"


def scanned(path, folder, engine=here):
    state = State(folder)
    told = running.scan(running.Request((Path(path),), BENCH), state, engine, lambda *_: None)
    return told, [replace(one, where=()) for one in running.exposures(state)]


def test_the_same_answer_as_of_files_here(bucket, planted, tmp_path):
    local, exposures = scanned(planted, tmp_path / "local")
    told, found = scanned(bucket.url("mail"), tmp_path / "far")
    assert sorted(found, key=repr) == sorted(exposures, key=repr)
    assert (told.messages, told.exposures, told.at_least, told.at_most, told.skipped) == (
        local.messages,
        local.exposures,
        local.at_least,
        local.at_most,
        [],
    )
    assert {one.accepted for one in found} == {"yes", "no", "unknown"}  # the log is an object, too


def test_a_container_in_a_bucket(bucket, planted, tmp_path):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        tar.add(planted, "mail")
    bucket.put("all.tgz", packed.getvalue())
    local, _ = scanned(planted, tmp_path / "local")
    told, _ = scanned(bucket.url("all.tgz"), tmp_path / "far")
    assert (told.exposures, told.skipped) == (local.exposures, [])


def test_a_scan_that_was_killed_goes_on_and_counts_nothing_twice(bucket, planted, tmp_path):
    class Killed(Exception):
        pass

    def dies(tasks, show):
        here(list(tasks)[:1], show)
        raise Killed

    with pytest.raises(Killed):
        scanned(bucket.url("mail"), tmp_path / "far", dies)
    told, found = scanned(bucket.url("mail"), tmp_path / "far")
    local, exposures = scanned(planted, tmp_path / "local")
    assert (told.messages, told.copies) == (local.messages, local.copies)
    assert len(found) == len(exposures)


def test_an_object_that_vanishes_widens_the_bounds(bucket, planted, tmp_path):
    name = min(planted.iterdir()).name

    def loses(tasks, show):
        bucket.remove(f"mail/{name}")
        here(tasks, show)

    local, _ = scanned(planted, tmp_path / "local")
    told, _ = scanned(bucket.url("mail"), tmp_path / "far", loses)
    assert [(unread.source, unread.reason) for unread in told.skipped] == [
        (f"/s3:/{bucket.name}/mail/{name}", "cannot-be-opened")
    ]
    assert 0 < told.exposures < local.exposures
    assert told.at_most >= local.exposures


def test_as_a_user_types_it(missent, bucket, planted, tmp_path):
    told = missent("scan", bucket.url("mail"), "--own", OWN, "--format", "json", "--exposures", "e.jsonl", "--report", "r.html")
    assert told.code == 11
    places = [place for line in (tmp_path / "e.jsonl").read_text().splitlines() for place in json.loads(line)["where"]]
    assert places
    assert all(place.startswith(f"/s3:/{bucket.name}/mail/") for place in places)
    assert "canary" not in told.out + told.err + (tmp_path / "r.html").read_text()
    nothing = missent("scan", bucket.url("nothing"), "--own", OWN)
    assert (nothing.code, nothing.err.count("\n")) == (2, 1)
    assert f"s3://{bucket.name}/nothing: no such object" in nothing.err
    learned = missent("learn", bucket.url("mail"), "--format", "json")
    assert learned.code == 0
    assert missent("learn", bucket.url("mail"), "--format", "json").json["unchanged"] == learned.json["files"]
