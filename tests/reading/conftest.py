"""One opener for all tests of this room: its worker is started once."""

import pytest

from missent.message.reading import read
from missent.reading.opener import Opener


@pytest.fixture(scope="session")
def opener():
    with Opener() as made:
        yield made


@pytest.fixture
def opened(opener):
    """Opens one raw message."""
    return lambda raw: opener.open(raw, read(raw))
