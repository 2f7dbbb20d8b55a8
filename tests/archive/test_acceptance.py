"""What the scan asks of logs: by Message-ID, else by envelope and time."""

from datetime import UTC, datetime, timedelta

from missent.archive.acceptance import NOT_KNOWN, Acceptance, Accepted, KnownDeliveries, Transit

AT = datetime(2023, 7, 19, 10, tzinfo=UTC)
TAKEN = Acceptance(Accepted.YES, "mx.army.ml", "192.0.2.7", ("250 ok",), ("mail.log:0",))
LOGS = KnownDeliveries(
    [
        Transit("one@mod.example", "a@mod.example", "jane@army.ml", AT, TAKEN),
        Transit("", "b@mod.example", "jane@army.ml", AT, Acceptance(Accepted.NO)),
    ]
)


def test_by_message_id_whatever_the_time():
    assert LOGS.of("one@mod.example", "", "jane@army.ml", None) == TAKEN
    assert TAKEN.by == "192.0.2.7"
    assert TAKEN._replace(ip="").by == "mx.army.ml"


def test_by_envelope_and_time_where_there_is_no_message_id():
    near, far = AT + timedelta(minutes=5), AT + timedelta(hours=1)
    assert LOGS.of("", "b@mod.example", "jane@army.ml", near).accepted is Accepted.NO
    assert LOGS.of("", "b@mod.example", "jane@army.ml", far) == NOT_KNOWN
    assert LOGS.of("", "b@mod.example", "other@army.ml", near) == NOT_KNOWN
    assert LOGS.of("two@mod.example", "c@mod.example", "jane@army.ml", None) == NOT_KNOWN
    assert len(list(LOGS.transits())) == 2
