"""The recipient model in a replay: it has met nobody when it begins, and is told each mail only after it was judged."""

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from missent.archive.readers import sources
from missent.archive.replay.replaying import Setting
from missent.archive.replay.replaying import replay as replay_spool
from missent.archive.replay.spool import Within, spool
from missent.policy.reading import default_policy
from missent.store.recipient_model import prior
from missent.testing.company import BANK, CHLOE, EVE, JOHN, JON, OWN, START, Letter, as_mbox, letter, year

TEXT = "John,\n\npayroll salary overdraft account ledger 12.\n\nChloe"


def slip(week):
    """The payroll goes to Jon Smith, and twenty minutes later to John, who was meant."""
    at = START + timedelta(weeks=week, days=1, hours=3)
    for which, smith in enumerate((JON, JOHN)):
        rcpts, when = (smith, BANK, EVE), at + timedelta(minutes=20 * which)
        fields = {"Date": format_datetime(when), "Message-ID": f"<{week}.{which}.slip@{OWN}>"}
        yield Letter(when, CHLOE, rcpts, letter(CHLOE, rcpts, "Payroll run", TEXT, fields))


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    letters = [*year(weeks=26), *slip(1), *slip(18), *slip(24)]
    (folder / "year.mbox").write_bytes(as_mbox(letters))
    spool(sources(folder), folder / "spool", Within())
    return folder / "spool"


@pytest.fixture(scope="module")
def told(archive):
    """Under three budgets, with the packaged trees, bars set by this company's mail alone."""
    whole = prior()
    model = replace(whole, past=whole.past.of([]))
    policies = [replace(default_policy(), prompts_per_thousand=budget) for budget in (0, 10, 50)]
    return replay_spool(archive, policies, Setting(frozenset([OWN]), model=model), Within())


def test_slips_to_a_namesake_are_caught_once_the_model_knows_the_site(told):
    without, asked, _ = told.outcomes
    assert told.slips["sent-again"] == 3
    assert "not-the-usual" not in {rule for rule, _ in without.rules}
    assert asked.by_rule["not-the-usual"] == 2, "not the first: nobody was known then"
    assert without.caught["sent-again"] < asked.caught["sent-again"]
    assert without.prompts < asked.prompts


def test_each_policy_has_its_own_budget_of_prompts(told):
    _, narrow, wide = told.outcomes
    assert narrow.held < wide.held
    assert wide.prompts <= 0.06 * told.judged
