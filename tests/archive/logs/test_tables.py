"""Tables as Exchange, Exchange Online and Google export them."""

import pytest

from missent.archive.logs.handover import Handover
from missent.nouns.verdict import Skipped

TRACKING = (
    "#Software: Microsoft Exchange Server\r\n#Version: 15.01.2507.000\r\n#Log-type: Message Tracking Log\r\n"
    "#Date: 2023-07-19T00:00:00Z\r\n"
    "#Fields: date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,"
    "internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,"
    "related-recipient-address,reference,message-subject,sender-address,return-path\r\n"
)


def event(name: str, rcpts: str, status: str = "", related: str = "", subject: str = "canary") -> str:
    return (
        f"2023-07-19T10:02:11.123Z,10.0.0.1,EX1,192.0.2.7,mx.army.mil,ctx,Out,SMTP,{name},77,<one@mod.example>,guid,{rcpts},{status},"
        f'1810,2,{related},,"{subject}",anna@mod.example,anna@mod.example\r\n'
    )


def fates(told: list[object]) -> list[tuple[str, str, str, str]]:
    return [(one.rcpt, one.relay_host, one.status, one.dsn) for one in told if isinstance(one, Handover)]


@pytest.mark.parametrize("how", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("extended", [False, True])
def test_exchange(log, how: str, extended: bool) -> None:
    text = TRACKING + (
        event("RECEIVE", "jane@army.mil")
        + event(
            "SEND", "jane@army.mil;joe@army.mil", "250 2.1.5 Recipient OK;250 2.6.0 <x> Queued", subject='a ""b"", c\r\nÅ x'
        )
        + event("DELIVER", "ben@mod.example")
        + event("FAIL", "x@army.mil", "550 5.1.1 unknown")
        + event("FAIL", "y@army.mil", "[{LED=450 4.4.7 Message expired}]")
        + event("DEFER", "z@army.mil")
        + event("EXPAND", "a@x.example;b@x.example", related="all@mod.example")
        + event("HADISCARD", "jane@army.mil")
    )
    if extended:  # Exchange Online's extended trace
        _, _, rows = text.partition("#Fields: ")
        names, _, rows = rows.partition("\r\n")
        text = names.replace("-", "_").replace("date_time", "date_time_utc") + "\r\n" + rows
    file, told = log("exchange-log", text.encode(how))
    assert fates(told) == [
        ("jane@army.mil", "mx.army.mil", "sent", "2.1.5"),
        ("joe@army.mil", "mx.army.mil", "sent", "2.6.0"),
        ("ben@mod.example", "", "delivered", ""),
        ("x@army.mil", "", "bounced", "5.1.1"),
        ("y@army.mil", "", "expired", "4.4.7"),
        ("z@army.mil", "", "deferred", ""),
        ("all@mod.example", "", "expanded", ""),
    ]
    first = told[0]
    assert isinstance(first, Handover)
    assert (first.host, first.relay_ip, first.queue_id, first.message_id, first.sender) == (
        "EX1", "192.0.2.7", "77", "one@mod.example", "anna@mod.example",
    )  # fmt: skip
    assert round(first.at % 60, 3) == 11.123
    assert (file.tally.used, file.tally.not_understood) == (6, 0)


def test_where_names_the_row(log) -> None:
    good = event("SEND", "jane@army.mil", subject="one\r\ntwo")
    file, told = log("exchange-log", TRACKING + good + good)
    assert [one.where for one in told if isinstance(one, Handover)] == [
        f"{file.path}:{len(TRACKING)}",
        f"{file.path}:{len(TRACKING) + len(good)}",
    ]


def test_rows_that_are_not_understood_are_said(log) -> None:
    bad = event("SEND", "a@x.mil").replace("2023-07-19T10:02:11.123Z", "19.07.2023 10:02")
    text = TRACKING + event("SEND", "jane@army.mil") + bad + "a," * 40 + "\r\n" + event("SEND", "joe@army.mil")
    file, told = log("exchange-log", text)
    assert [one.rcpt for one in told if isinstance(one, Handover)] == ["jane@army.mil", "joe@army.mil"]
    assert [one.reason for one in told if isinstance(one, Skipped)] == ["date-not-understood", "line-not-understood"]
    assert (file.tally.used, file.tally.not_understood) == (2, 2)


@pytest.mark.parametrize("date", ["2023-07-19T10:02:11.1234567Z", "7/19/2023 10:02:11 AM", "2023-07-19 10:02:11"])
def test_a_trace_with_one_row_a_recipient(log, date: str) -> None:
    text = (
        '"Received","SenderAddress","RecipientAddress","Subject","Status","FromIP","ToIP","MessageTraceId","MessageId"\n'
        f'"{date}","anna@mod.example","jane@army.mil","canary","Delivered","10.0.0.1","192.0.2.7","guid","<one@mod.example>"\n'
        f'"{date}","anna@mod.example","x@army.mil","canary","Failed","","","guid","<one@mod.example>"\n'
        f'"{date}","anna@mod.example","y@army.mil","canary","Getting Status","","","guid","<one@mod.example>"\n'
        f'"{date}","anna@mod.example","z@army.mil","canary","None","","","guid","<one@mod.example>"\n'
    )
    file, told = log("trace-log", text)
    assert [(rcpt, status) for rcpt, _, status, _ in fates(told)] == [
        ("jane@army.mil", "sent"),
        ("x@army.mil", "bounced"),
        ("y@army.mil", "deferred"),
    ]
    first = told[0]
    assert isinstance(first, Handover)
    assert (int(first.at), first.relay_ip, first.message_id) == (1_689_760_931, "192.0.2.7", "one@mod.example")
    assert (file.tally.lines, file.tally.used, file.tally.irrelevant) == (5, 3, 2)


def test_a_historical_trace_with_all_recipients_in_a_row(log) -> None:
    text = (
        "origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,network_message_id,"
        "original_client_ip,directionality,connector_id,delivery_priority\r\n"
        "2023-07-19T10:02:11.0000000Z,anna@mod.example,"
        '"jane@army.mil##Receive, Send;x@army.mil##Receive, Fail;all@mod.example##Receive, Expand;'
        'ben@mod.example##Receive, Deliver",'
        "canary,1810,<one@mod.example>,guid,,Originating,,Normal\r\n"
    )
    _, told = log("trace-log", text.encode("utf-16"))
    assert [(rcpt, status) for rcpt, _, status, _ in fates(told)] == [
        ("jane@army.mil", "sent"),
        ("x@army.mil", "bounced"),
        ("all@mod.example", "expanded"),
        ("ben@mod.example", "delivered"),
    ]


def test_google_workspace(log) -> None:
    def row(rcpt: str, target: str, status: str) -> str:
        start = "<one@mod.example>,2023/07/19 10:02:11 UTC,2023/07/19 10:02:12 UTC,anna@mod.example,1810,canary,Sent,0"
        return f"{start},{rcpt},{target},{status},192.0.2.7\n"

    text = "Message ID,Start date,End date,Sender,Message size,Subject,Direction,Attachments,"
    text += "Recipient address,Event target,Event status,IP address\n"
    text += row("jane@army.mil", "SMTP_OUT", "Delivered") + row("ben@mod.example", "GMAIL_INBOX", "Delivered")
    text += row("x@army.mil", "SMTP_OUT", "Bounced 550 5.1.1") + row("y@army.mil", "SMTP_OUT", "In progress")
    text += row("all@mod.example", "LIST_SERVER", "Delivered") + row("jane@army.mil", "SMTP_IN", "Inserted")
    file, told = log("workspace-log", text)
    assert [(rcpt, status, dsn) for rcpt, _, status, dsn in fates(told)] == [
        ("jane@army.mil", "sent", ""),
        ("ben@mod.example", "delivered", ""),
        ("x@army.mil", "bounced", "5.1.1"),
        ("y@army.mil", "deferred", ""),
        ("all@mod.example", "expanded", ""),
    ]
    assert (file.tally.used, file.tally.irrelevant, file.tally.not_understood) == (5, 2, 0)


@pytest.mark.parametrize("head", ["", "#TYPE Microsoft.Exchange.Management.TransportLogSearchTasks.MessageTrackingEvent\r\n"])
@pytest.mark.parametrize("date", ["7/19/2023 10:02:11 AM", "2023-07-19T10:02:11Z"])
def test_exchange_exported_by_powershell(log, head: str, date: str) -> None:
    """Columns as Get-MessageTrackingLog names them; several recipients are joined by a blank or a comma."""
    text = head + (
        '"Timestamp","ClientIp","ClientHostname","ServerIp","ServerHostname","SourceContext","ConnectorId","Source","EventId",'
        '"InternalMessageId","MessageId","Recipients","RecipientStatus","TotalBytes","MessageSubject","Sender","ReturnPath"\r\n'
        f'"{date}","10.0.0.1","EX1","192.0.2.7","mx.army.mil","ctx","Out","SMTP","SEND",'
        '"77","<one@mod.example>","jane@army.mil joe@army.mil","250 2.1.5 ok;250 2.1.5 ok","18","c","anna@mod.example",""\r\n'
        f'"{date}","","","","EX1","","","ROUTING","FAIL","77","<one@mod.example>","x@army.mil","550 5.1.1 n","1","c","",""\r\n'
        f'"{date}","","","","EX1","","","STOREDRIVER","NOTIFYMAPI","","","","","","","anna@mod.example",""\r\n'
    )
    file, told = log("exchange-log", text)
    assert fates(told) == [
        ("jane@army.mil", "mx.army.mil", "sent", "2.1.5"),
        ("joe@army.mil", "mx.army.mil", "sent", "2.1.5"),
        ("x@army.mil", "", "bounced", "5.1.1"),
    ]
    first = told[0]
    assert isinstance(first, Handover)
    assert (int(first.at), first.sender, first.message_id) == (1_689_760_931, "anna@mod.example", "one@mod.example")
    assert file.tally.not_understood == 0


def test_events_of_real_servers_that_tell_nothing_are_irrelevant(log) -> None:
    """Notices of the store, with contexts full of commas and addresses with a zone, as servers of version 14 and 15 write."""
    quiet = '2023-07-19T10:02:11.052Z,fe80::1:2%3,EX1,,,"MDB:61914740, Mailbox:279f, Event:26, ClientType:System",,STOREDRIVER,'
    text = TRACKING + quiet + "NOTIFYMAPI,,,,,,,,,,,,\r\n" + event("SEND", "jane@army.mil")
    file, told = log("exchange-log", text)
    assert [one.rcpt for one in told if isinstance(one, Handover)] == ["jane@army.mil"]
    assert file.tally.not_understood == 0
