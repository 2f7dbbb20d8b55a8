"""A bucket of a real S3 server, with credentials and endpoint where users have them: in the environment."""

import gc
import warnings

import pytest
import s3fs
from tests.cli.conftest import missent

from missent.archive import objects

from .server import Server

__all__ = ["missent"]


@pytest.fixture(scope="session")
def server():
    running = Server.start()
    yield running
    running.end()


@pytest.fixture
def environment(server, monkeypatch, tmp_path):
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    forget()
    yield
    forget()


def forget():
    """Let go of clients that were made with another environment."""
    objects._system.cache_clear()
    s3fs.S3FileSystem.clear_instance_cache()
    with warnings.catch_warnings():  # of connections that the library leaves to the garbage, which are not ours to close
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.fixture
def bucket(environment, tmp_path):
    """An empty bucket, to be filled by `put`, which takes a key and octets or a folder's files."""
    system = s3fs.S3FileSystem(use_listings_cache=False)
    name = f"b{abs(hash(str(tmp_path))) % 10**12}"
    system.mkdir(name)
    return Bucket(system, name)


class Bucket:
    def __init__(self, system, name):
        self.system, self.name = system, name

    def put(self, key, octets):
        self.system.call_s3("put_object", Bucket=self.name, Key=key, Body=octets)

    def put_folder(self, key, folder):
        for path in sorted(folder.iterdir()):
            self.put(f"{key}/{path.name}", path.read_bytes())

    def remove(self, key):
        self.system.call_s3("delete_object", Bucket=self.name, Key=key)

    def url(self, key=""):
        return f"s3://{self.name}/{key}"
