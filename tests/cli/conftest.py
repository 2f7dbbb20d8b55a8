"""Run one command line in this process, in an empty folder, and see what a shell would see."""

import io
import json
import sys
from dataclasses import dataclass

import pytest

from missent.cli import run


@dataclass
class Told:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def missent(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def call(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = run(list(arguments))
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    return call
