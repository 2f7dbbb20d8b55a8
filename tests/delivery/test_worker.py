import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from missent.delivery.composing import Composer
from missent.delivery.next_hop import Target, send
from missent.delivery.stamping import Stamping
from missent.delivery.worker import Worker
from missent.errors import HoldError, RelayError
from missent.holds import passes
from missent.holds.book import Decision
from missent.nouns.envelope import MailOptions
from missent.nouns.hold import State, Step
from missent.nouns.posting import Parcel
from missent.testing.holding import NOON, RAW, held_copy, hold
from missent.testing.holds import MemoryHolds
from missent.testing.next_hop import KeepingNextHop
from missent.testing.ports import free_port

OPTIONS = MailOptions(ret="HDRS", envid="QQ1")


class World:
    """A worker between a book of holds and a real next hop on a socket."""

    def __init__(self, head, hop, held=None):
        self.book = MemoryHolds()
        self.hop = hop
        self.now = NOON
        self.held = self.book.keep(
            held or hold(held_copy(notify="FAILURE", orcpt="rfc822;jane.doe@army.ml"), options=OPTIONS), RAW
        )
        composer = Composer(self.book, head, lambda _: "https://mail.mod.example/h/t")
        self.worker = Worker(self.book.outbox, composer, self.send, "here", lambda: 0.0)

    away = False

    async def send(self, raw, mail_from, rcpts, options):
        port = free_port() if self.away else self.hop.port
        return await send(Target("127.0.0.1", port, "off"), raw, mail_from, rcpts, options)

    async def pass_time(self, wait=timedelta(0)):
        self.now += wait
        return await self.worker.step(self.now)

    def decide(self, step, to=None, actor="sender:ab"):
        self.book.decide(Decision(self.held.id, self.held.copies[0].id, step, actor, self.now, to))

    def row(self, parcel):
        return next(row for row in self.book.outbox.about([self.held.id]) if row.parcel is parcel)

    def number(self, parcel):
        return next(id_ for id_, row in self.book.outbox._rows.items() if row.posting.parcel is parcel)

    @property
    def copy(self):
        return self.book.get(self.held.id).copies[0]


def story(test):
    """Run an async test with a next hop."""

    def run(head):
        async def main():
            async with KeepingNextHop() as hop:
                await test(head, hop)

        asyncio.run(main())

    run.__name__ = test.__name__
    return run


@story
async def test_a_hold_makes_one_notice_from_the_null_path(head, hop):
    world = World(head, hop)
    assert await world.pass_time() == 1
    (kept,) = hop.kept
    assert (kept.mail_from, kept.rcpts) == ("", ("alex.kim@mod.example",))
    assert b"https://mail.mod.example/h/t" in kept.raw
    assert b"canary" not in kept.raw
    assert await world.pass_time() == 0


@story
async def test_a_reminder_comes_at_a_third_and_only_while_it_waits(head, hop):
    world = World(head, hop)
    await world.pass_time()
    assert await world.pass_time(timedelta(hours=24)) == 1
    assert b"Subject: Reminder: " in hop.kept[1].raw


@story
async def test_a_confirmed_copy_goes_byte_for_byte_with_its_options(head, hop):
    world = World(head, hop)
    world.decide(Step.CONFIRM)
    await world.pass_time()
    (kept,) = [kept for kept in hop.kept if kept.mail_from]
    assert kept.raw == RAW
    assert (kept.mail_from, kept.rcpts) == ("alex.kim@mod.example", ("jane.doe@army.ml",))
    assert (kept.mail.parameters["RET"], kept.mail.parameters["ENVID"]) == ("HDRS", "QQ1")
    assert kept.rcpt_commands[0].parameters == {"NOTIFY": "FAILURE", "ORCPT": "rfc822;jane.doe@army.ml"}
    assert world.copy.state is State.SENT


@story
async def test_a_corrected_copy_goes_to_the_right_address_and_carries_it(head, hop):
    world = World(head, hop)
    world.decide(Step.CORRECT, "jane.doe@army.mil")
    await world.pass_time()
    (kept,) = [kept for kept in hop.kept if kept.mail_from]
    assert kept.rcpts == ("jane.doe@army.mil",)
    assert kept.raw == RAW.replace(b"jane.doe@army.ml", b"jane.doe@army.mil")
    assert kept.rcpt_commands[0].parameters == {"NOTIFY": "FAILURE"}
    assert world.copy.state is State.SENT


@story
async def test_a_decision_before_the_notice_leaves_no_notice(head, hop):
    world = World(head, hop)
    world.decide(Step.RETURN, actor="console")
    await world.pass_time()
    (kept,) = hop.kept
    assert b"multipart/report" in kept.raw


@story
async def test_deferred_mail_is_tried_again_ever_more_rarely_and_given_up_after_a_day(head, hop):
    world = World(head, hop)
    await world.pass_time()
    hop.script = {"RCPT": "451 4.2.0 Later"}
    world.decide(Step.CONFIRM)
    tries = []
    while world.copy.state is not State.FAILED:
        assert await world.pass_time() == 1
        tries.append(world.now - NOON)
        copy = world.row(Parcel.COPY)
        assert (copy.attempts, copy.reply) == (len(tries), "451 4.2.0 Later")
        world.now = copy.due
    assert [round(t.total_seconds()) for t in tries[:5]] == [0, 30, 90, 210, 450]
    assert timedelta(hours=26) <= tries[-1] <= timedelta(hours=27)
    assert len(tries) < 50
    hop.script = {}
    await world.pass_time(timedelta(seconds=1))
    assert b"Status: 4.2.0" in hop.kept[-1].raw
    assert hop.kept[-1].rcpts == ("alex.kim@mod.example",)
    assert world.copy.state is State.RETURNED


@story
async def test_a_next_hop_that_is_away_for_a_day_gets_the_copy_when_it_is_back(head, hop):
    world = World(head, hop)
    await world.pass_time()
    world.decide(Step.CONFIRM)
    world.away = True
    while world.now < NOON + timedelta(days=1):
        assert await world.pass_time() == 1
        copy = world.row(Parcel.COPY)
        assert (copy.finished, copy.reply[0], world.copy.state) == (None, "4", State.SENDING)
        world.now = copy.due
    world.away = False
    assert await world.pass_time() == 1
    assert world.copy.state is State.SENT
    assert [kept.rcpts for kept in hop.kept if kept.mail_from] == [("jane.doe@army.ml",)]


@story
async def test_a_clock_that_jumps_days_ahead_gives_up_nothing(head, hop):
    world = World(head, hop)
    await world.pass_time()
    hop.script = {"RCPT": "451 4.2.0 Later"}
    world.decide(Step.CONFIRM)
    await world.pass_time(timedelta(days=400))
    assert world.copy.state is State.SENDING
    hop.script = {}
    world.now -= timedelta(days=400)  # and is set right again
    await world.pass_time()
    assert world.copy.state is State.SENT


@story
async def test_while_the_next_hop_hangs_the_lease_is_kept_and_lost_it_stops(head, hop):
    world = World(head, hop)
    await world.pass_time()
    hop.script = {"END": "hang"}
    world.decide(Step.CONFIRM)
    world.worker.lease = timedelta(seconds=0.09)
    hanging = asyncio.create_task(world.pass_time())
    await asyncio.sleep(0.4)
    assert world.book.outbox.lease(NOON + timedelta(seconds=0.3), "other") == ()
    hop.script = {}
    (taken,) = world.book.outbox.lease(NOON + timedelta(hours=1), "other")
    assert await asyncio.wait_for(hanging, 2) == 1
    world.book.outbox.done(taken, NOON)
    assert world.copy.state is State.SENT


@story
async def test_each_try_bears_a_pass_of_its_own_below_which_nothing_is_changed(head, hop):
    world = World(head, hop)
    world.worker.composer = Stamping(world.worker.composer, "", b"k" * 32)
    world.decide(Step.CONFIRM)
    await world.pass_time()
    (kept,) = [kept for kept in hop.kept if kept.mail_from]
    arrival = passes.take_out(kept.raw)
    shown = passes.read(b"k" * 32, arrival)
    assert arrival.raw == RAW
    assert passes.fits(b"k" * 32, shown, arrival, (world.held.mail_from, world.copy.rcpt), NOON)
    assert shown.id == f"copy.{world.copy.id}.{world.number(Parcel.COPY)}.0"


@story
async def test_refused_mail_fails_at_once_and_its_sender_is_told(head, hop):
    world = World(head, hop)
    await world.pass_time()
    hop.script = {"RCPT jane.doe@army.ml": "550 5.1.1 No Jane here"}
    world.decide(Step.CONFIRM)
    await world.pass_time()
    assert world.copy.state is State.FAILED
    await world.pass_time(timedelta(seconds=1))
    assert b"Diagnostic-Code: smtp; 550 5.1.1 No Jane here" in hop.kept[-1].raw
    assert await world.pass_time() == 0


@story
async def test_a_refused_notice_makes_no_further_mail(head, hop):
    world = World(head, hop)
    hop.script = {"RCPT": "550 5.1.1 No Alex here"}
    await world.pass_time()
    assert await world.pass_time() == 0
    (notice, _) = world.book.outbox.about([world.held.id])
    assert (notice.failed, notice.reply) == (True, "550 5.1.1 No Alex here")


@story
async def test_a_next_hop_that_is_away_defers(head, hop):
    world = World(head, hop)
    hop.script = {"CONNECT": "drop"}
    await world.pass_time()
    (notice, _) = world.book.outbox.about([world.held.id])
    assert (notice.finished, notice.attempts, notice.reply[:9]) == (None, 1, "451 4.4.2")


@story
async def test_nothing_is_sent_where_the_sender_may_not_be_written_to(head, hop):
    world = World(head, hop, hold(asks_sender=False))
    world.book.expire(NOON + timedelta(days=4))
    assert await world.pass_time(timedelta(days=4)) == 0
    assert world.copy.state is State.EXPIRED


@story
async def test_expiry_comes_back_as_a_report(head, hop):
    world = World(head, hop)
    await world.pass_time()
    world.book.expire(NOON + timedelta(hours=72))
    await world.pass_time(timedelta(hours=72))
    assert b"Status: 4.4.7" in hop.kept[-1].raw
    assert b"text/rfc822-headers" in hop.kept[-1].raw  # RET=HDRS


@pytest.mark.parametrize("fault", [HoldError("gone"), ValueError("canary"), RelayError(421, "4.4.1 away")])
def test_one_row_that_cannot_be_made_does_not_stop_the_others(head, fault, caplog):
    async def main():
        async with KeepingNextHop() as hop:
            world = World(head, hop)
            other = world.book.keep(hold(id="other", key="other"), RAW)
            compose = world.worker.composer.compose

            class Faulty:
                def compose(self, posting, now):
                    if posting.hold_id == world.held.id:
                        raise fault
                    return compose(posting, now)

            world.worker.composer = Faulty()
            assert await world.pass_time() == 2
            assert len(hop.kept) == 1
            assert world.book.outbox.about([other.id])[0].finished
            (first, _) = world.book.outbox.about([world.held.id])
            assert not first.finished
            assert first.reply[:3] in ("451", "421")

    asyncio.run(main())
    assert "canary" not in caplog.text


def test_jitter_only_shortens(head):
    from missent.delivery.backoff import wait

    for attempts in range(1, 100):
        assert 0.75 * wait(attempts, 0.0) <= wait(attempts, 1.0) <= wait(attempts, 0.0)


def test_utf8_corrections_ask_for_smtputf8(head):
    book = MemoryHolds()
    held = book.keep(hold(), RAW)
    book.decide(Decision(held.id, held.copies[0].id, Step.CORRECT, "sender:a", NOON, "jürgen@army.mil"))
    posting = next(p for p in book.outbox.lease(NOON, "here") if p.parcel.value == "copy")
    mail = Composer(book, replace(head, url=""), lambda _: "").compose(posting, NOON)
    assert mail.options.smtputf8
    assert mail.rcpt.address.spec == "jürgen@army.mil"


def test_the_processed_field_is_on_top_of_a_released_copy_and_its_pass_covers_it(head):
    book = MemoryHolds()
    held = book.keep(hold(), RAW)
    book.decide(Decision(held.id, held.copies[0].id, Step.CONFIRM, "sender:a", NOON))
    posting = next(p for p in book.outbox.lease(NOON, "here") if p.parcel.value == "copy")
    composer, field = Composer(book, head, lambda _: ""), "X-Missent-Processed: r4nd0m"
    assert Stamping(composer, field, None).compose(posting, NOON).raw == b"X-Missent-Processed: r4nd0m\r\n" + RAW
    arrival = passes.take_out(Stamping(composer, field, b"k" * 32).compose(posting, NOON).raw)
    assert arrival.raw == b"X-Missent-Processed: r4nd0m\r\n" + RAW
    shown = passes.read(b"k" * 32, arrival)
    assert passes.fits(b"k" * 32, shown, arrival, (held.mail_from, held.copies[0].rcpt), NOON)
