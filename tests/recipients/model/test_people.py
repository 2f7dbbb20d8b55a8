from missent.recipients.model.people import People, person
from missent.recipients.model.traits import Hashing


def test_a_number_is_never_given_twice() -> None:
    people = People(Hashing())
    first = people.met("jo.smith@a.example")
    assert people.met("jo.smith@a.example") is first
    people.drop("jo.smith@a.example")
    assert people.known("jo.smith@a.example") is None
    assert people.met("jo.smith@a.example").number > first.number


def test_people_with_a_part_of_the_name_or_its_beginning_are_alike() -> None:
    people = People(Hashing())
    asked = people.met("steve.harris@a.example")
    like = [people.met(a) for a in ("s.harris@b.example", "steven.may@a.example", "x1@c.example")]
    people.met("anna.may@a.example")
    shown = people.met("q7@d.example", "Harris, Steve")
    assert people.alike(asked) == {like[0].number, like[1].number, shown.number}
    assert people.alike(asked, {like[0].number}) == {like[0].number}


def test_after_a_drop_nobody_is_like_the_gone() -> None:
    people = People(Hashing())
    asked = people.met("steve.harris@a.example")
    people.met("s.harris@b.example")
    people.drop("s.harris@b.example")
    people.drop("never@met.example")
    assert people.alike(asked) == set()
    assert len(people) == 1


def test_names_of_directories_are_no_parts() -> None:
    assert person(2, "jo@a.example", "Jo Smith/Corp/Site").parts == ("jo", "smith")


def test_who_is_called_so_among_some_until_dropped() -> None:
    hashing = Hashing()
    people = People(hashing)
    steve, anna = people.met("steve.harris@a.example"), people.met("anna.harris@b.example")
    names = [hashing("g", "steve"), hashing("g", "harris"), hashing("g", "nobody")]
    assert people.called(names, {steve.number, anna.number}) == {steve.number: 2, anna.number: 1}
    assert people.called(names, {anna.number}) == {anna.number: 1}
    people.drop("steve.harris@a.example")
    assert people.called(names, {steve.number, anna.number}) == {anna.number: 1}
    assert hashing("g", "steve") not in people.greetings
