import pytest

from missent.recipients.book import packaged
from missent.recipients.endings import CLOSED, CONFUSABLE, GENERIC, NO_SUCH, OTHER, ROW, SHORTENED, Endings

ENDINGS = Endings(packaged())


@pytest.mark.parametrize(
    ("asked", "meant", "weight"),
    [
        ("ml", "mil", ROW),
        ("mi", "mil", NO_SUCH),
        ("mil.ng", "mil", ROW),
        ("mlil", "mil", NO_SUCH),
        ("gv", "gov", NO_SUCH),
        ("gob", "gov", NO_SUCH),
        ("gov.co", "gov", ROW),
        ("gvo", "gov", NO_SUCH),
        ("gov.co.uk", "gov.uk", ROW),
        ("cm", "com", ROW),
        ("coml", "com", NO_SUCH),
        ("co.um", "co.uk", NO_SUCH),
        ("com", "gov", None),
        ("com.au", "com", None),
        ("de", "com", None),
        ("mali.ml", "mil", None),
    ],
)
def test_confusable(asked, meant, weight):
    assert ENDINGS.confusable(asked, meant) == weight


@pytest.mark.parametrize(
    ("asked", "meant", "weight"),
    [("uk", "co.uk", ROW), ("co.za", "za", SHORTENED), ("net", "com", GENERIC), ("de", "com", OTHER), ("com.br", "com", OTHER)],
)
def test_any(asked, meant, weight):
    assert ENDINGS.any(asked, meant) == weight


def test_rows_name_another_ending_than_the_one_meant():
    assert [(meant, row) for meant, rows in CONFUSABLE.items() for row in rows if row == meant] == []


@pytest.mark.parametrize(
    ("ending", "closed"), [("mil", True), ("ml", True), ("gov", True), ("gov.xx", True), ("com", False), ("de", False)]
)
def test_what_passes_for_a_closed_ending(ending, closed):
    assert ENDINGS.closed(ending) is closed


def test_what_is_kept_does_not_grow_without_end():
    endings = Endings(packaged())
    endings._kept = {(str(n), "mil"): None for n in range(50_001)}
    endings.closed("x")
    assert len(endings._kept) <= len(CLOSED)
