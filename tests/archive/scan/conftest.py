import pytest

from missent.archive.scan import running
from missent.archive.scan.examining import Bench
from missent.archive.scan.pool import here
from missent.archive.scan.questions import Questions
from missent.archive.scan.state import State
from missent.policy.reading import default_policy
from missent.recipients.register import Register
from missent.testing.planted import OWN


@pytest.fixture
def scan(tmp_path):
    """Scan some paths; returns the summary and the exposures."""

    def run(*paths, questions=None, register=None, engine=here, folder="state", **request):
        state = State(tmp_path / folder)
        bench = Bench(frozenset([OWN]), default_policy(), register or Register(), questions=questions or Questions())
        told = running.scan(running.Request(tuple(paths), bench, **request), state, engine, lambda *_: None)
        return told, list(running.exposures(state))

    return run
