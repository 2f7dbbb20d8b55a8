"""What all tests share: noon, patience with a busy machine, and that nothing is skipped where everything can be installed."""

import os
import subprocess

import pytest
from hypothesis import HealthCheck, settings

from missent.testing.holding import NOON
from missent.testing.postgres import Postgres, binaries

os.environ.setdefault("OMP_NUM_THREADS", "1")  # training threads that wait for each other crawl where tests share the cores
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # how quickly examples are made tells of the machine's load, not of the code


@pytest.fixture
def noon():
    return NOON


@pytest.fixture(scope="session")
def postgres():
    """A throw-away PostgreSQL; skipped, with the reason, where it cannot be had."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    if binaries() is None:
        pytest.skip("PostgreSQL's server is not installed")
    try:
        server = Postgres.start()
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")
    yield server
    server.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """In CI a skip is a failure that says its reason: `.ci/install` brings whatever a test needs."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report
