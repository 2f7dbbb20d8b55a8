import pytest

from missent.delivery.letterhead import Letterhead
from missent.nouns.address import Address


@pytest.fixture
def head():
    return Letterhead(Address.parse("postmaster@mod.example"), "mx.mod.example", "https://mail.mod.example")
