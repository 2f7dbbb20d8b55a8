"""The table of how often checks speak: made from mail, counts only."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime


def test_counts_and_never_text(tmp_path):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(8):
        mail = EmailMessage()
        mail["From"], mail["To"] = "ann@mod.example", f"b{number % 2}@gmail.com"
        mail["Date"], mail["Message-ID"] = format_datetime(start + timedelta(days=number)), f"<{number}@x>"
        mail["Subject"] = "[UK SECRET] canary"
        mail.set_content("canary")
        (tmp_path / f"{number}.eml").write_bytes(mail.as_bytes())
    command = [sys.executable, "-m", "bench.checks", str(tmp_path), "--own", "mod.example"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert "4 mails, 4 of them to somebody outside, 0 unread" in told.stdout
    assert [line.split() for line in told.stdout.splitlines() if line.startswith("above-ceiling")] == [
        ["above-ceiling", "high", "4", "100.00%"]
    ]
    assert "canary" not in told.stdout + told.stderr
