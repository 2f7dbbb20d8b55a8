"""`missent scan` as a shell sees it: shapes of the contract, exit codes, errors in one line."""

import json
import sys

import pytest

from missent.testing.planted import OWN, plant


@pytest.fixture
def box(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    plant(each=1, ordinary=120).write(tmp_path / "mail")
    return tmp_path / "mail"


def test_the_contracts_shapes(missent, box, tmp_path):
    told = missent("scan", str(box), "--own", OWN, "--exposures", "e.jsonl", "--format", "json")
    assert told.code == 11
    answer = told.json
    assert answer["schema"] == "missent.scan/1"
    assert answer["hindsight"] is True
    assert answer["exposures"] == len((tmp_path / "e.jsonl").read_text().splitlines()) > 10
    assert answer["bounds"]["at_least"] <= answer["exposures"] <= answer["bounds"]["at_most"]
    assert answer["messages_exposed"] <= answer["exposures"]
    assert {"domain": "army.ml", "meant": "army.mil"}.items() <= answer["by_domain"][0].items()
    assert answer["skipped"] == []
    line = json.loads((tmp_path / "e.jsonl").read_text().splitlines()[0])
    assert line["schema"] == "missent.exposure/1"
    contract = [
        "message_id",
        "date",
        "from",
        "rcpt",
        "findings",
        "meant",
        "marking",
        "categories",
        "answered",
        "accepted",
        "accepted_by",
        "aftermath",
        "where",
    ]
    assert set(contract) <= line.keys()
    assert line["where"][0].endswith(tuple("0123456789"))
    assert list((tmp_path / "cache" / "missent" / "scan").iterdir()) == []  # what was read does not stay


def test_for_people(missent, box):
    told = missent("scan", str(box), "--own", OWN)
    assert "at least" in told.out
    assert "with hindsight" in told.out
    assert "army.ml" in told.out
    assert "army.mil" in told.out


def test_no_settings_at_all(missent, box):
    told = missent("scan", str(box), "--format", "json")
    assert told.code == 11
    assert {row["domain"] for row in told.json["by_domain"]} >= {"army.ml", "navy.ml"}
    assert "no own domains known" in told.err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"From a@b Mon Jul  3 09:00:00 2023\nFrom: a@mod.example\nTo: b@mod.example\n\n\n", 0),
        (b"\x00\x01 no mail at all", 4),
        (b"", 4),
    ],
)
def test_exit_codes(missent, tmp_path, content, code):
    (tmp_path / "a").write_bytes(content)
    assert missent("scan", "a", "--own", OWN).code == code


def test_an_empty_folder_is_nothing_to_examine(missent, tmp_path):
    (tmp_path / "empty").mkdir()
    assert missent("scan", "empty").code == 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "nowhere: no such file, folder or account"),
        ([".", "--since", "yesterday"], "expected a day such as 2023-01-31"),
        ([".", "--engine", "spark"], "expected local, local:PROCESSES, dask or dask:ADDRESS"),
        ([".", "--marking-at-least", "VERY SECRET"], "no scheme has the level"),
        ([".", "--domain", "jane@army.ml"], "--domain is 'jane@army.ml', expected a domain"),
        ([".", "--domain", ""], "expected a domain"),
        ([".", "--rcpt", "army.ml"], "--rcpt is 'army.ml', expected an address"),
        ([".", "--from", "a@b, c@d"], "expected an address or a domain"),
        ([".", "--since", "2023-02-01", "--until", "2023-01-01"], "is not before --until"),
        ([".", "--report", "r.txt"], "a file that ends in .html or .pdf"),
        ([".", "--exposures", "no/such/folder/e.jsonl"], "there is no folder"),
    ],
)
def test_errors_are_one_line(missent, arguments, says):
    told = missent("scan", *arguments)
    assert told.code == 2
    assert says in told.err
    assert len(told.err.strip().splitlines()) <= 2


def test_a_kept_state_answers_another_question(missent, box):
    first = missent("scan", str(box), "--own", OWN, "--state", "kept", "--format", "json")
    again = missent("scan", str(box), "--own", OWN, "--state", "kept", "--domain", "*.ml", "--format", "json")
    assert first.json["messages"] == again.json["messages"]
    assert {row["domain"] for row in again.json["by_domain"]} == {"army.ml", "navy.ml"}


def test_nothing_of_a_mail_is_printed(missent, box):
    for path in box.iterdir():
        path.write_bytes(path.read_bytes().replace(b"Meeting", b"canary-subject").replace(b"Paragraph", b"canary-body"))
    told = missent("scan", str(box), "--own", OWN, "--exposures", "e.jsonl")
    assert "canary" not in told.out + told.err + (box.parent / "e.jsonl").read_text()


def test_results_are_asked_again_without_the_mail(missent, box):
    first = missent("scan", str(box), "--own", OWN, "--results", "out", "--csv", "out.csv", "--format", "json").json
    for path in box.iterdir():
        path.unlink()
    sql = "SELECT domain, count(*) AS n FROM exposures GROUP BY domain ORDER BY n DESC, domain"
    rows = missent("scan", "out", "--ask", sql, "--format", "json").json
    assert {row["domain"]: row["n"] for row in rows} == {
        domain: sum(r["exposures"] for r in first["by_domain"] if r["domain"] == domain)
        for domain in {r["domain"] for r in first["by_domain"]}
    }
    everyone = missent(
        "scan", "out", "--ask", "SELECT count(*) AS n FROM recipients WHERE own_sender AND NOT own_rcpt", "--format", "json"
    ).json
    assert everyone[0]["n"] > first["exposures"]
    assert len((box.parent / "out.csv").read_text().splitlines()) == first["exposures"] + 1


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM read_text('/etc/passwd')", "COPY exposures TO 'x.csv'", "SELECT nothing FROM exposures"]
)
def test_a_question_reaches_only_the_results(missent, box, sql):
    missent("scan", str(box), "--own", OWN, "--results", "out")
    told = missent("scan", "out", "--ask", sql)
    assert told.code == 2
    assert told.err.startswith("missent: --ask:")
    assert not (box.parent / "x.csv").exists()


def test_a_cell_is_no_formula(tmp_path):
    from missent.archive.scan.exposure import Exposure
    from missent.archive.scan.tables import write_csv

    write_csv([Exposure(1, "<1@x>", None, "=cmd|x@y.example", "+1@z.example", ("asked",), 1.0, sure=True)], tmp_path / "e.csv")
    assert "'=cmd|x@y.example,'+1@z.example" in (tmp_path / "e.csv").read_text()


def test_two_scans_do_not_work_in_one_folder(missent, box, tmp_path):
    import fcntl

    (tmp_path / "kept").mkdir()
    with (tmp_path / "kept" / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        told = missent("scan", str(box), "--own", OWN, "--state", "kept")
        assert (told.code, "another scan" in told.err) == (2, True)
    assert missent("scan", str(box), "--own", OWN, "--state", "kept").code == 11


QUESTIONS = [
    (["--domain", "*.ml"], {"army.ml", "navy.ml"}),
    (["--domain", "NAVY.ml"], {"navy.ml"}),
    (["--domain", "*.ml", "--rcpt", "doe@harbour-works.com"], {"army.ml", "navy.ml", "harbour-works.com"}),
    (["--rcpt", "squatter*"], {"navy.ml"}),
    (["--domain", "*.ml", "--from", "nobody@mod.example"], set()),
    (["--domain", "*.ml", "--from", "mod.example"], {"army.ml", "navy.ml"}),
    (["--domain", "*.ml", "--until", "2023-01-03"], set()),
    (["--domain", "*.ml", "--marking-at-least", "SECRET"], set()),
]


@pytest.mark.parametrize(("asked", "domains"), QUESTIONS)
def test_questions_and_their_combinations(missent, box, asked, domains):
    told = missent("scan", str(box), "--own", OWN, "--format", "json", *asked)
    assert {row["domain"] for row in told.json["by_domain"]} == domains
    assert told.code == (11 if domains else 0)


@pytest.mark.parametrize(
    ("options", "package", "says"),
    [
        (["--report", "r.html"], "matplotlib", "--report takes the extra `archive`: pip install 'missent[archive]'"),
        (["--results", "out"], "pyarrow", "--results takes the extra `archive`: pip install 'missent[archive]'"),
    ],
)
def test_a_missing_extra_is_said_before_anything_is_read(missent, box, tmp_path, options, package, says):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, package, None)
        told = missent("scan", str(box), "--own", OWN, *options)
    assert (told.code, told.out) == (2, "")
    assert says in told.err
    assert not (tmp_path / "cache").exists()


def test_a_report_in_full_is_for_those_named_and_noted_in_the_chain(missent, box, tmp_path):
    (tmp_path / "missent.toml").write_text(f'own_domains = ["{OWN}"]\n[scan]\nfull_report_users = ["nobody-here"]\n')
    told = missent("scan", str(box), "--report", "r.html", "--full")
    assert told.code == 2
    assert "full_report_users" in told.err
    assert not (tmp_path / "r.html").exists()
    (tmp_path / "missent.toml").write_text(f'own_domains = ["{OWN}"]\n')
    assert missent("scan", str(box), "--report", "r.html", "--full").code == 11
    assert "Paragraph" in (tmp_path / "r.html").read_text()
    assert "report.full" in missent("audit", "export").out
    assert missent("scan", str(box), "--report", "r.html").code == 11
    assert "Paragraph" not in (tmp_path / "r.html").read_text()
    assert missent("audit", "export").out.count("report.full") == 1
