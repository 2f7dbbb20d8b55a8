"""What all tests share: noon, and that nothing is skipped where everything can be installed."""

import os

import pytest

from missent.testing.holding import NOON


@pytest.fixture
def noon():
    return NOON


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """In CI a skip is a failure that says its reason: `.ci/install` brings whatever a test needs."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report
