import pytest

from missent.checks.circle import Circle
from missent.checks.display_names import Likeness, likeness
from missent.checks.local_parts import alike, shape

_LOCALS = """
    jsmith j.smith john.smith john.a.smith smith.john smithj john_smith johnsmith jsmiht jsmth jjsmith john.smith2
    john.smith31 jhon.smith john.smiht jon.smith jane.doe info alexander.lima alima xavier.long-name
"""
LOCALS = _LOCALS.split()


@pytest.mark.parametrize("typed", LOCALS)
def test_whatever_is_alike_is_found(typed, made):
    contacts = made.world({"contacts": {f"{local}@acme.example": [9, 9] for local in LOCALS}})[2].known.contacts
    found = Circle(contacts, frozenset()).written_like(shape(typed), "acme.example")
    wanted = {f"{other}@acme.example" for other in LOCALS if alike(shape(typed), shape(other))}
    assert wanted <= found.keys()


def test_names_are_found_by_a_word_without_case_and_accents(made):
    people = ["Jürgen Müller <a@acme.example>", "O'BRIEN, Sean <b@acme.example>", "Jane Doe <c@acme.example>"]
    contacts = made.world({"contacts": {one: [9, 9] for one in people}})[2].known.contacts
    circle = Circle(contacts, {"c@acme.example"})
    assert set(circle.named_like("Jurgen Muller")) == {"a@acme.example"}
    assert set(circle.named_like("Sean OBrien")) == {"b@acme.example"}
    assert circle.named_like("Jane Doe") == {}
    assert likeness("Jurgen Muller", "Jürgen Müller") is Likeness.SAME


def test_hostile_names_and_keys_end_the_search(made):
    people = {"x y\t99\nx\t\u00b2\n <a@acme.example>": [9, 9], "\n\n@acme.example": [9, 9]}
    contacts = made.world({"contacts": people})[2].known.contacts
    circle = Circle(contacts, frozenset())
    assert set(circle.named_like("xx y9 \n")) <= contacts.keys()
    for local in ("", "\n", "a", "@"):
        assert set(circle.written_like(shape(local), "acme.example")) <= contacts.keys()
