"""`missent scan --wrong-persons` as a shell sees it."""

import pytest

from missent.testing.planted import OWN, plant


@pytest.fixture
def box(tmp_path):
    plant(each=1, ordinary=60).write(tmp_path / "mail")
    return str(tmp_path / "mail")


@pytest.mark.parametrize("rate", ["0", "-1", "51", "many"])
def test_a_rate_that_cannot_be_meant_is_an_error_before_anything_is_read(missent, box, rate):
    told = missent("scan", box, "--own", OWN, "--wrong-persons", rate)
    assert (told.code, told.out) == (2, "")


def test_without_numpy_it_says_what_to_install(missent, box, monkeypatch):
    monkeypatch.setattr("missent.store.recipient_model.available", lambda: False)
    told = missent("scan", box, "--own", OWN, "--wrong-persons", "2")
    assert (told.code, told.err) == (2, "missent: scan: --wrong-persons needs NumPy: pip install missent[ml]\n")


def test_an_archive_too_small_to_know_anybody_accuses_nobody(missent, box):
    alone = missent("scan", box, "--own", OWN, "--engine", "local:1", "--format", "json").json
    asked = missent("scan", box, "--own", OWN, "--engine", "local:1", "--wrong-persons", "50", "--format", "json").json
    assert asked["by_finding"] == alone["by_finding"]
    assert asked["bounds"] == alone["bounds"]
