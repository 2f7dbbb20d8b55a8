"""`missent policy replay` as a shell sees it."""

import pytest

from missent.testing.planted import OWN, plant

LET_ALL_GO = '[[rule]]\nname = "all"\naction = "deliver"\n'


@pytest.fixture
def box(tmp_path):
    plant(each=2, ordinary=160).write(tmp_path / "mail")
    (tmp_path / "new.toml").write_text(LET_ALL_GO)
    return str(tmp_path / "mail")


def test_beside_the_policy_in_force(missent, box, tmp_path):
    told = missent("policy", "replay", "--policy", "new.toml", box, "--own", OWN, "--minutes", "5", "--format", "json")
    assert told.code == 0
    assert told.json["schema"] == "missent.replay/1"
    assert told.json["hindsight"] is False
    force, new = told.json["policies"]
    assert force["name"] == "in force"
    assert new["name"].endswith(".toml")
    assert sum(force["slips_caught"].values()) == sum(told.json["slips"].values()) == 6
    assert (new["prompts"], new["slips_caught"], new["delay_minutes"]) == (0, {}, 0)
    assert force["delay_minutes"] == 5 * force["prompts"] + 60 * force["reviews"]
    assert force["prompts_per_person_week"] == round(force["prompts"] / told.json["person_weeks"], 4)
    assert not (tmp_path / "missent.db").exists()


def test_for_people(missent, box):
    told = missent("policy", "replay", box, "--own", OWN)
    assert "judged by what was known then" in told.out
    assert "by `lookalike`" in told.out
    assert "@" not in told.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 2), (["--own", OWN, "--since", "2030-01-01"], 3), (["--own", OWN, "--policy", "missing.toml"], 2)],
)
def test_exit_codes(missent, box, arguments, code):
    assert missent("policy", "replay", box, *arguments).code == code


def test_the_organisations_own_patterns_are_looked_for(missent, box, tmp_path):
    pytest.importorskip("hyperscan", reason="hyperscan is not installed")
    head = "From: a@{own}\r\nTo: x@other.com\r\nDate: Mon, 2 Jan 2023 10:00:00 +0000\r\nMessage-ID: <own@{own}>\r\n\r\n"
    mail = head + "Nightjar at noon.\r\n"
    (tmp_path / "one.eml").write_text(mail.format(own=OWN))
    (tmp_path / "own.toml").write_text('[[pattern]]\nname = "project-names"\nwords = ["Nightjar"]\nseverity = "high"\n')
    (tmp_path / "missent.toml").write_text(f'own_domains = ["{OWN}"]\npatterns = "own.toml"\n')
    (tmp_path / "new.toml").write_text(
        '[[rule]]\nname = "ours"\nwhen = { finding = "own-pattern" }\naction = "hold"\n' + LET_ALL_GO
    )
    told = missent("policy", "replay", "--policy", "new.toml", "one.eml", "--format", "json")
    assert [rule["rule"] for rule in told.json["policies"][1]["rules"]] == ["ours"]


def test_without_numpy_it_says_what_to_install(missent, box, monkeypatch):
    monkeypatch.setattr("missent.store.recipient_model.available", lambda: False)
    told = missent("policy", "replay", box, "--own", OWN)
    assert told.code == 0
    assert "replay: the recipient model is not asked without NumPy: pip install missent[ml]" in told.err
