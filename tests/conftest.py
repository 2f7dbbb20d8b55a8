import pytest

from missent.testing.holding import NOON


@pytest.fixture
def noon():
    return NOON
