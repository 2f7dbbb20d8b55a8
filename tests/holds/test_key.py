from missent.holds.key import hold_key
from missent.nouns.address import Address

A, B = Address.parse("a@x.mil"), Address.parse("b@x.mil")


def test_the_same_message_of_the_same_sender_has_one_key():
    assert hold_key(A, "m", "h") == hold_key(Address.parse("A@X.mil."), "m", "h")
    assert len({hold_key(*x) for x in [(A, "m", "h"), (B, "m", "h"), (A, "n", "h"), (A, "m", "i"), (None, "m", "h")]}) == 5


def test_hostile_text_neither_collides_nor_fails():
    assert hold_key(A, "m\0h", "") != hold_key(A, "m", "\0h") != hold_key(A, "m", "h")
    assert hold_key(A, "\udcff\ud800", "h") != hold_key(A, "", "h")
