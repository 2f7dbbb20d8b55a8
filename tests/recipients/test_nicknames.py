import pytest

from missent.recipients.nicknames import TABLE, also_called


@pytest.mark.parametrize(
    ("name", "form", "known"),
    [
        ("bill", "william", True),
        ("william", "bill", True),
        ("steve", "stephen", True),
        ("bob", "robert", True),
        ("bill", "bill", False),
        ("bill", "robert", False),
        ("harris", "harry", False),
        ("", "", False),
    ],
)
def test_forms_of_a_name(name: str, form: str, known: bool) -> None:
    assert (form in also_called(name)) is known


def test_the_table_is_lower_case_words_in_groups_of_two_and_more() -> None:
    lines = [line.split() for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert len(lines) > 200
    assert all(len(set(group)) > 1 and all(name.isalpha() and name.islower() for name in group) for group in lines)
