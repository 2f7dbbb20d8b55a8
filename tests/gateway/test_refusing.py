from missent.gateway.refusing import refusal
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.envelope import Client
from missent.nouns.finding import Finding, Severity
from missent.nouns.verdict import RecipientVerdict, Ruling

FINDING = Finding("lookalike-domain", Severity.HIGH, 0.9, suggestion="j\u00f6rg@army.mil")
VERDICT = RecipientVerdict(Address.parse("j\u00f6rg@army.ml"), Ruling(Action.BLOCK, "no-ml"), (FINDING,))
OWN, STRANGER = Client("192.0.2.1", "x", own=True), Client("192.0.2.1", "x", own=False)


def test_our_own_people_are_told_what_was_meant() -> None:
    said = refusal(VERDICT, OWN, lambda finding, address: f"{address.domain} looks like army.mil", utf8=True)
    assert said.code == 550
    assert said.lines == (
        "5.7.1 <j\u00f6rg@army.ml> is refused by this organisation's policy (rule no-ml)",
        "5.7.1 army.ml looks like army.mil",
        "5.7.1 Did you mean <j\u00f6rg@army.mil>?",
    )


def test_strangers_learn_no_partner() -> None:
    said = refusal(VERDICT, STRANGER, lambda *_: "looks like army.mil")
    assert "army.mil" not in said.text
    assert said.lines[1] == "5.7.1 lookalike-domain"


def test_words_stay_ascii_and_short_without_smtputf8() -> None:
    said = refusal(VERDICT, OWN, lambda *_: "\u00e9 " * 1000)
    assert all(line.isascii() and len(line) < 500 for line in said.lines)
    assert all(line.startswith("5.7.1 ") for line in said.lines)
