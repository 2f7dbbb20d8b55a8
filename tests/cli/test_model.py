import pytest

from missent.cli import run
from missent.store.keys import Keys

PEOPLE = (
    ("Pipeline capacity", "Steven,", "steven.harris@gas.example, jo.wood@gas.example"),
    ("Golf", "Steve,", "steve.harris@golf.example"),
)
SLIP = """From: anna@mod.example
To: steve.harris@golf.example, jo.wood@gas.example
Subject: Pipeline capacity

Steven,
turbine
"""


def message(number):
    subject, greeting, rcpts = PEOPLE[number % 2]
    date = f"Mon, {3 + number % 25} Jul 2023 09:00:{number % 60:02} +0000"
    return f"""From anna@mod.example Mon Jul  3 09:00:00 2023
From: anna@mod.example
To: {rcpts}
Subject: {subject}
Date: {date}
Message-ID: <{number}@mod.example>

{greeting}
turbine {number}

"""


@pytest.fixture
def site(missent, tmp_path, monkeypatch):
    monkeypatch.setattr("missent.recipients.model.schooling.LEAST", 200)
    monkeypatch.setattr("missent.recipients.model.schooling.ROUNDS", 40)
    monkeypatch.setattr("missent.store.keys.fresh", lambda: Keys("00000001", b"k" * 32))  # scores depend a little on it
    (tmp_path / "missent.toml").write_text('own_domains = ["mod.example"]\n')
    (tmp_path / "past.mbox").write_text("".join(map(message, range(320))))
    assert missent("learn", "past.mbox").code == 0
    return missent


def test_train_says_what_it_learned_from(site):
    told = site("model", "train", "--format", "json")
    assert (told.code, told.json["schema"], told.json["mails"]) == (0, "missent.model/1", 320)
    assert "320 mails sent from here" in site("model", "train").out


def test_evaluate_prints_recall_with_intervals(site):
    lines = site("model", "evaluate").out.splitlines()
    assert lines[0].split() == ["slip", "budget", "found", "95", "%", "mails"]
    assert any(line.startswith("typo-domain") and ".." in line for line in lines)
    assert any(line.startswith("right, prompted") for line in lines)


def test_inspect_shows_numbers_of_a_pair_and_no_word(site):
    told = site("model", "inspect", "steven.harris@gas.example", "--from", "anna@mod.example")
    assert told.code == 0
    assert told.out.splitlines()[0].split() == ["mails", "to", "it", "160"]
    assert told.out.splitlines()[-1].split() == ["last", "mail", "2023-07-27"]
    assert "turbine" not in told.out
    assert site("model", "inspect", "nobody@mod.example").code == 3


def test_inspect_alone_tells_an_administrator_what_is_in_force(site):
    told = site("model", "inspect", "--format", "json").json
    assert (told["model"], told["mails told"], told["people known"]) == ("packaged", 320, 4)
    assert (told["prompts per thousand"], told["speaks"]) == (2.0, True)
    assert "speaks                             yes" in site("model", "inspect").out
    assert site("model", "inspect", "--from", "anna@mod.example").code == 2


def test_who_is_forgotten_is_not_inspected(site):
    assert site("learn", "--forget", "steven.harris@gas.example").code == 0
    assert site("model", "inspect", "steven.harris@gas.example").code == 3
    assert site("model", "inspect", "jo.wood@gas.example").code == 0


def test_of_who_is_forgotten_no_octet_is_left_and_the_memory_is_ready_again(site, tmp_path, monkeypatch):
    assert any(b"steven.harris" in file.read_bytes() for file in tmp_path.glob("missent.db*"))
    assert site("learn", "--forget", "steven.harris@gas.example").code == 0
    for file in tmp_path.glob("missent.*"):
        assert b"steven.harris" not in file.read_bytes()
    monkeypatch.setattr("missent.store.traits.by_time", lambda *_: pytest.fail("the whole log is learned again"))
    told = site("check", "--from", "anna@mod.example", "--to", "jo.wood@gas.example", "--format", "json")
    assert told.code == 0
    assert "steven.harris" not in told.out


def test_too_little_to_learn_from_is_said_in_one_line(missent, tmp_path):
    (tmp_path / "missent.toml").write_text('own_domains = ["mod.example"]\n')
    told = missent("model", "train")
    assert told.code == 2
    assert told.err.strip().endswith("the packaged model stays in force")


def test_without_own_domains_there_is_nobody_to_judge(missent):
    told = missent("model", "train")
    assert (told.code, told.err.count("\n")) == (2, 1)
    assert "own_domains" in told.err


def test_a_slip_is_told_by_check_with_what_the_sender_wrote_before(site, tmp_path):
    assert site("model", "train").code == 0
    (tmp_path / "slip.eml").write_text(SLIP)
    policy = site("policy", "show").out.replace("prompts_per_thousand = 2.0", "prompts_per_thousand = 10")
    (tmp_path / "policy.toml").write_text(policy)
    (tmp_path / "missent.toml").write_text('own_domains = ["mod.example"]\npolicy = "policy.toml"\n')
    told = site("check", "slip.eml", "--format", "json")
    found = {f["id"]: f for r in told.json["recipients"] if r["address"].startswith("steve.") for f in r["findings"]}
    assert found["namesake"]["suggestion"] == "steven.harris@gas.example"
    assert "160 times" in found["namesake"]["explanation"]
    evidence = found["namesake"]["evidence"]
    weights = sum(v for k, v in evidence.items() if k.startswith("weight_"))
    assert weights + evidence["rest"] + evidence["start"] == pytest.approx(evidence["score"], abs=0.02)


def test_bare_addresses_are_judged_by_who_stands_beside_whom(site, tmp_path):
    assert site("model", "train").code == 0
    policy = site("policy", "show").out.replace("prompts_per_thousand = 2.0", "prompts_per_thousand = 50")
    (tmp_path / "policy.toml").write_text(policy)
    (tmp_path / "missent.toml").write_text('own_domains = ["mod.example"]\npolicy = "policy.toml"\n')
    sender, jo = ("--from", "anna@mod.example"), ("--to", "jo.wood@gas.example")
    wrong = site("check", *sender, "--to", "steve.harris@golf.example", *jo, "--format", "json").json
    right = site("check", *sender, "--to", "steven.harris@gas.example", *jo, "--format", "json").json
    found = {(r["address"], f["id"]) for r in wrong["recipients"] for f in r["findings"]}
    assert ("steve.harris@golf.example", "namesake") in found
    assert "namesake" not in {f["id"] for r in right["recipients"] for f in r["findings"]}


def test_without_numpy_training_says_what_to_install(site, monkeypatch):
    monkeypatch.setattr("missent.store.recipient_model.available", lambda: False)
    told = site("model", "train")
    assert (told.code, told.err) == (2, "missent: model: needs NumPy: pip install missent[ml]\n")
    assert run(["check", "--to", "jo.wood@gas.example"]) == 0
