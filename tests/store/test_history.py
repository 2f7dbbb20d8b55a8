"""One contract, two histories: in memory and in SQL they answer alike, whatever was learned in whatever order."""

import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.nouns.verdict import Marking
from missent.recipients.history import Question
from missent.recipients.in_memory.history import MemoryHistory
from missent.recipients.remembering import SAMPLE, Here, micros
from missent.store import Keys, open_store
from missent.store.history import SqlHistory
from missent.store.rows import many

OWN = ("mod.example",)
START = datetime(2023, 7, 3, 9, tzinfo=UTC)
KEYS = Keys("k1", bytes(range(32)))
ANN, BOB, JANE = "ann@mod.example", "bob@mod.example", "jane.doe@army.mil"


def registrable(domain):
    labels = domain.split(".")
    return ".".join(labels[-2:]) if len(labels) > 1 else None


def address(text):
    name, _, spec = text.rpartition(" ")
    return Address.parse(spec, name)


def mail(sender, rcpts, day=0, mid="", refs=(), **more):
    """A sighting in few words; `rcpts` are separated by commas."""
    at = START + timedelta(days=day)
    return Sighting(mid, at, address(sender), tuple(address(r.strip()) for r in rcpts.split(", ")), tuple(refs), **more)


MARKS = (b"\0" * 16, b"\1" * 16, b"near-one")


def question(sender, rcpts, day=400, domains=(), references=(), marks=MARKS):
    to = tuple(address(r.strip()) for r in rcpts.split(", "))
    asked = frozenset(domains) | {a.domain for a in to}
    return Question(address(sender) if sender else None, to, asked, tuple(references), START + timedelta(days=day), marks)


def plain(known):
    """What is known, as comparable values: an address compares without its name."""
    contacts = {key: (c.address.name, c.sent, c.received, c.first, c.last) for key, c in known.contacts.items()}
    return (
        contacts,
        dict(known.domains),
        known.confirmed,
        dict(known.corrections),
        known.acquainted,
        known.wrote,
        dict(known.carried),
        known.marked,
    )


def history_of(store):
    return SqlHistory(store.read, store.write, Here(frozenset(OWN), registrable), KEYS.alias)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A new SQLite store, to be copied."""
    path = tmp_path_factory.mktemp("template") / "missent.db"
    open_store(f"sqlite:///{path}", KEYS).close()
    return path


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def history(request, tmp_path):
    if request.param == "memory":
        yield MemoryHistory(OWN, registrable)
    elif request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("template"), tmp_path)
        with open_store(f"sqlite:///{path}", KEYS) as store:
            yield history_of(store)
    else:
        with open_store(request.getfixturevalue("postgres_url"), KEYS) as store:
            yield history_of(store)


def days(history):
    return {domain: (since - START).days for domain, since in history.established().items()}


def ask_and_answer(day, domain="army.mil"):
    """A question from here and its answer by Message-ID within the day."""
    return (
        mail(ANN, f"jane.doe@{domain}", day, mid=f"q{day}@mod.example"),
        mail(f"jane.doe@{domain}", ANN, day + 0.1, mid=f"a{day}@{domain}", refs=[f"q{day}@mod.example"]),
    )


def answers(ref, **more):
    return (mail(JANE, ANN, day, refs=[ref], **more) for day in (1, 3))


ESTABLISHES = {
    "answers by Message-ID on two days": [*ask_and_answer(0), *ask_and_answer(3)],
    "answers by address and order in time": [mail(ANN, JANE), mail(JANE, ANN, 0.5), mail(JANE, ANN, 3)],
    "a colleague there answers by Message-ID": [
        mail(ANN, "desk@army.mil", mid="q"), mail(JANE, ANN, 0.1, refs=["q"]), mail("joe@army.mil", ANN, 3, refs=["x", "q"]),
    ],
    "another mail domain of the organisation answers by Message-ID": [
        mail(ANN, "desk@us.army.mil", mid="q"), mail(JANE, ANN, 0.1, refs=["q"]), mail(JANE, ANN, 3, refs=["q"]),
    ],
    "two colleagues here, one answer each": [mail(ANN, JANE), mail(BOB, JANE), mail(JANE, ANN, 1), mail(JANE, BOB, 3)],
    "the answer goes to a colleague of who asked": [
        mail(ANN, JANE, mid="q"), mail(JANE, BOB, 1, refs=["q"]), mail(JANE, BOB, 3, refs=["q"]),
    ],
    "an answer whose clock is behind its question": [
        mail(ANN, JANE, 3, mid="q"), mail(JANE, ANN, 2, refs=["q"]), *ask_and_answer(0),
    ],
    "they wrote first, were answered, wrote again on two days": [
        mail(JANE, ANN), mail(ANN, JANE, 1), mail(JANE, ANN, 2), mail(JANE, ANN, 3),
    ],
}  # fmt: skip

ESTABLISHES_NOTHING = {
    "our sending, often and by many": [mail(s, JANE, day) for s in (ANN, BOB) for day in range(9)],
    "answers on one day only": [mail(ANN, JANE), mail(JANE, ANN, 0.1), mail(JANE, ANN, 0.2)],
    "they alone write": [mail(JANE, ANN, day) for day in range(5)],
    "they answer somebody who had not written": [mail(ANN, JANE), mail(JANE, BOB, 1), mail(JANE, BOB, 3)],
    "somebody else there writes, without a reference": [
        mail(ANN, JANE), mail("joe@army.mil", ANN, 1), mail("joe@army.mil", ANN, 3),
    ],
    "our mail came after theirs": [mail(JANE, ANN), mail(JANE, ANN, 3), mail(ANN, JANE, 4)],
    "a reference to nothing of ours": [mail(ANN, JANE, mid="q"), *answers("x"), *answers("y")],
    "a reference to our mail to somebody else": [
        mail(ANN, JANE), mail(ANN, "x@state.gov", mid="q"), mail(JANE, ANN, 1, refs=["q"]), mail(JANE, ANN, 3, refs=["q"]),
    ],
    "a reference to their own mail": [mail(JANE, ANN, mid="j"), *answers("j")],
    "automatic answers": [mail(ANN, JANE, mid="q"), *answers("q", automatic=True)],
    "forged answers": [mail(ANN, JANE, mid="q"), *answers("q", authentic=False)],
    "answers to our automatic mail": [mail(ANN, JANE, mid="q", automatic=True), *answers("q")],
    "answers to mail forged in our name": [mail(ANN, JANE, mid="q", authentic=False), *answers("q")],
    "answers to others": [mail(ANN, JANE, mid="q"), *(mail(JANE, "x@state.gov", d, refs=["q"]) for d in (1, 3))],
    "the same answer learned twice": [mail(ANN, JANE), mail(JANE, ANN, 1, mid="a"), mail(JANE, ANN, 3, mid="a")],
    "conversation among us": [mail(ANN, BOB, mid="q"), mail("cy@sub.mod.example", ANN, 1, refs=["q"]), mail(BOB, ANN, 3)],
}  # fmt: skip


@pytest.mark.parametrize("told", ESTABLISHES)
@pytest.mark.parametrize("turned", [False, True])
def test_conversation_establishes(history, told, turned):
    history.learn(ESTABLISHES[told][:: -1 if turned else 1])
    assert days(history) == {"army.mil": 3}


@pytest.mark.parametrize("told", ESTABLISHES_NOTHING)
@pytest.mark.parametrize("turned", [False, True])
def test_this_establishes_nothing(history, told, turned):
    for sighting in ESTABLISHES_NOTHING[told][:: -1 if turned else 1]:
        history.learn([sighting])
    assert days(history) == {}


def test_the_mail_domain_and_its_registrable_domain_become_established(history):
    history.learn([*ask_and_answer(0, "us.army.mil"), *ask_and_answer(3, "us.army.mil"), *ask_and_answer(2, "af.army.mil")])
    assert days(history) == {"us.army.mil": 3, "army.mil": 2}


def test_standing_is_as_of_the_question(history):
    history.learn([*ask_and_answer(0), *ask_and_answer(3)])
    since = history.established()["army.mil"]
    for day, expected in ((3, None), (3.1, None), (3.2, since), (9_000, since)):
        assert history.known(question(ANN, JANE, day)).domain("army.mil").established == expected


def test_contacts_are_counted_both_ways_before_the_question(history):
    history.learn(
        [mail(ANN, f"Jane {JANE}"), mail(f"Jane Doe {JANE}", ANN, 1), mail(ANN, JANE, 2), mail(BOB, JANE, 2), mail(ANN, BOB, 5)]
    )
    for day, sent, received, name, last in ((0.5, 1, 0, "Jane", 0), (1.5, 1, 1, "Jane Doe", 1), (9, 2, 1, "Jane Doe", 2)):
        contact = history.known(question(ANN, JANE, day)).contacts[JANE]
        assert (contact.sent, contact.received, contact.address.name) == (sent, received, name)
        assert (contact.first, contact.last) == (START, START + timedelta(days=last))
    assert history.known(question(ANN, JANE, 0)).contacts == {}
    assert history.known(question(None, JANE)).contacts == {}


@pytest.mark.parametrize(
    ("rcpt", "domains", "found"),
    [
        (JANE, (), {JANE, "joe@army.mil"}),
        ("jane.doe@army.ml", (), {JANE}),
        ("jdoe@free.example", (), {JANE}),
        ("Jane Doe x17@free.example", (), {JANE}),
        ("Doe,Jane x17@free.example", (), {JANE}),
        ("x17@free.example", ("army.mil",), {JANE, "joe@army.mil"}),
        ("x17@free.example", (), set()),
        ("joe@mod.example", (), {"joe@army.mil", BOB}),
    ],
)
def test_contacts_that_may_have_been_meant_come_along(history, rcpt, domains, found):
    history.learn([mail(ANN, f"{JANE}, joe@army.mil, {BOB}"), mail(BOB, "jane.doe@state.gov")])
    assert set(history.known(question(ANN, rcpt, domains=domains)).contacts) == found


def test_a_name_that_came_later_finds_nobody_yet(history):
    history.learn([mail(ANN, "x17@army.mil"), mail("Jane Doe x17@army.mil", ANN, 5)])
    asked = [set(history.known(question(ANN, "Jane Doe j@free.example", day)).contacts) for day in (4, 6)]
    assert asked == [set(), {"x17@army.mil"}]


def test_whether_a_sender_ever_wrote_is_known_as_of_the_moment(history):
    history.learn([mail(ANN, JANE), mail(JANE, BOB, 1)])
    assert [history.known(question(ANN, "x@x.example", day)).wrote for day in (0, 1)] == [False, True]
    assert not history.known(question(BOB, JANE)).wrote


def test_domain_facts_count_mails_and_know_who_is_there(history):
    history.learn([mail(ANN, f"{JANE}, Joe joe@army.mil"), mail(JANE, f"{ANN}, {BOB}", 1), mail("x@state.gov", JANE, 2)])
    facts = history.known(question(ANN, JANE)).domain("army.mil")
    assert (facts.sent, facts.received) == (1, 1)
    assert (facts.locals, facts.names) == ({"jane.doe", "joe"}, {"joe"})
    facts = history.known(question(ANN, JANE, 0.5)).domain("army.mil")
    assert (facts.sent, facts.received) == (1, 0)
    assert history.known(question(ANN, JANE, 0)).domains == {}


def test_of_a_large_domain_those_like_the_recipient_are_always_known(history):
    history.learn([mail(ANN, ", ".join(f"a{n:04}@free.example" for n in range(SAMPLE + 50)) + ", Zoe Z zz@free.example")])
    facts = history.known(question(ANN, "zz@free.examp1e", domains=["free.example"])).domain("free.example")
    assert "zz" in facts.locals
    assert "zoe z" in facts.names
    assert len(facts.locals) == SAMPLE + 1


def test_acquainted_by_mail_between_them_or_received_together(history):
    x, y, z = "x@x.example", "y@y.example", "z@z.example"
    history.learn([mail(ANN, f"{x}, {y}, {BOB}"), mail(y, f"{z}, {ANN}", 3)])
    pairs = {frozenset(p) for p in ((x, y), (x, BOB), (y, BOB))}
    assert history.known(question(ANN, f"{x}, {y}, {z}, {BOB}", 2)).acquainted == pairs
    assert history.known(question(ANN, f"{x}, {y}, {z}, {BOB}", 4)).acquainted == pairs | {frozenset((y, z))}


def test_copies_of_one_mail_are_one_mail(history):
    senders = mail(ANN, f"{JANE}, {BOB}, x@x.example", mid="m")
    theirs = mail(ANN, f"{JANE}, {BOB}", mid="m")
    assert history.learn([theirs]) == 1
    assert history.learn([senders, theirs]) == 0
    known = history.known(question(ANN, f"{JANE}, x@x.example"))
    assert {key: c.sent for key, c in known.contacts.items()} == {JANE: 1, "x@x.example": 1}
    assert known.domain("army.mil").sent == known.domain("x.example").sent == 1


def test_a_strangers_mail_with_our_message_id_is_another_mail(history):
    assert history.learn([mail("x@x.example", ANN, mid="q"), mail(ANN, JANE, mid="q")]) == 2
    history.learn([mail(JANE, ANN, 1, refs=["q"]), mail(JANE, ANN, 3, refs=["q"])])
    assert days(history) == {"army.mil": 3}


def test_without_message_id_sender_date_and_recipients_tell(history):
    assert history.learn([mail(ANN, f"{JANE}, {BOB}"), mail(ANN, f"{BOB}, {JANE}"), mail(ANN, BOB), mail(ANN, BOB, 1)]) == 3


@pytest.mark.parametrize("sender", ["", "no-at-sign", "nul\0@x.example", "\udc80@x.example"])
def test_what_is_no_address_is_not_learned_and_may_be_asked_about(history, sender):
    assert history.learn([mail(sender, ANN), mail(ANN, sender)]) == 0
    known = history.known(question(sender, sender or "@", domains=["\udc80", "x\0"], references=["\udc80"]))
    assert (known.contacts, known.domains) == ({}, {})


def test_nasty_names_are_learned_printable(history):
    history.learn([mail(f"Ja\0ne\n {'x' * 9_999}\udc80 {JANE}", ANN)])
    (contact,) = history.known(question(ANN, JANE)).contacts.values()
    assert contact.address.name.startswith("Ja ne x")
    assert contact.address.name.isprintable()


def test_thousands_of_recipients_are_answered(history):
    history.learn([mail(ANN, ", ".join(f"p{n}@d{n % 700}.example" for n in range(3_000)))])
    known = history.known(question(ANN, ", ".join(f"p{n}@d{n % 700}.example" for n in range(6_000))))
    assert (len(known.contacts), len(known.domains)) == (3_000, 700)


def decided(history, table, day, **columns):
    """What a hold's decision leaves behind."""
    at = START + timedelta(days=day)
    if not isinstance(history, MemoryHistory):
        names = ", ".join((*columns, "at"))
        values = ", ".join(f":{name}" for name in (*columns, "at"))
        history._write(
            lambda c: many(c, f"INSERT INTO {table} ({names}) VALUES ({values})", [{**columns, "at": micros(at)}]) or 0
        )
    elif table == "confirmation":
        history.confirm(address(columns["sender"]), address(columns["address"]), at)
    else:
        history.correct(columns["message_id"], address(columns["wrong"]), address(columns["right_address"]), at)


def test_what_the_sender_confirmed_is_known_from_then_on_to_that_sender(history):
    decided(history, "confirmation", 3, sender=ANN, address="jane@army.ml")
    for sender, day, expected in ((ANN, 2.9, set()), (ANN, 3, {"jane@army.ml"}), (BOB, 4, set())):
        assert history.known(question(sender, "Jane@army.ml, x@army.ml", day)).confirmed == expected


def test_a_thread_remembers_what_was_corrected_in_it(history):
    decided(history, "correction", 3, message_id="m1", wrong="jane@army.ml", right_address=JANE)
    decided(history, "correction", 4, message_id="m2", wrong="x@army.ml", right_address=JANE)
    for thread, day, expected in ((["m0", "m1"], 3, {"jane@army.ml": JANE}), (["m1"], 2.9, {}), (["m0"], 9, {}), ([], 9, {})):
        assert history.known(question(BOB, JANE, day, references=thread)).corrections == expected


def test_forgetting_a_person_leaves_no_trace_and_learning_again_does_not_bring_them_back(history):
    told = [*ask_and_answer(0), *ask_and_answer(3), mail(BOB, f"Jane {JANE}, joe@army.mil", 5, mid="b")]
    history.learn(told)
    since = history.established()
    decided(history, "confirmation", 3, sender=ANN, address=JANE)
    decided(history, "correction", 3, message_id="m1", wrong="jane@army.ml", right_address=JANE)
    assert history.forget(address(JANE)) > 0
    assert history.known(question(ANN, f"{JANE}, jane@army.ml", references=["m1"])).confirmed == frozenset()
    assert history.known(question(ANN, "jane@army.ml", references=["m1"])).corrections == {}
    assert history.forget(address(JANE)) == 0
    assert history.learn(told) == 0
    for sender in (ANN, BOB):
        known = history.known(question(sender, JANE))
        assert JANE not in known.contacts
        assert known.domain("army.mil").locals == {"joe"}
        assert known.domain("army.mil").names == frozenset()
    assert history.established() == since
    assert history.learn([mail(ANN, JANE, 9)]) == 1
    assert history.known(question(ANN, JANE)).contacts[JANE].sent == 1


SECRET = Marking("uk-gscp", "SECRET", ("UK EYES ONLY",), "SECRET - UK EYES ONLY", "body")


def test_the_marking_of_what_is_answered_is_known_as_of_its_moment(history):
    history.learn(
        [mail(ANN, JANE, 1, mid="m1", marking=SECRET), mail(ANN, JANE, 2, mid="m2"), mail(ANN, JANE, 3, marking=SECRET)]
    )
    history.learn([mail(ANN, JANE, 4, mid="m1", marking=replace(SECRET, level="OFFICIAL"))])
    known = history.known(question(ANN, JANE, references=("x", "m1", "m2")))
    assert known.marked == (replace(SECRET, where="thread"),)
    assert history.known(question(ANN, JANE, 1, references=("m1",))).marked == ()
    assert history.known(question(ANN, JANE)).marked == ()


def had(history, day=400):
    return {mark: set(who) for mark, who in history.known(question(ANN, BOB, day)).carried.items()}


def test_a_file_is_known_by_who_outside_had_it(history):
    first, second, near = MARKS
    history.learn([mail(ANN, f"{JANE}, {BOB}, joe@us.army.mil, x@state.gov", 1, marks=(first, near))])
    history.learn([mail("x@navy.mil", ANN, 3, marks=(second,)), mail(ANN, BOB, 4, marks=(second,))])
    assert had(history) == {first: {"army.mil", "state.gov"}, near: {"army.mil", "state.gov"}, second: {"navy.mil"}}
    assert had(history, 1) == {}
    assert had(history, 2) == {first: {"army.mil", "state.gov"}, near: {"army.mil", "state.gov"}}


def test_an_older_copy_of_a_file_moves_its_first_time_back(history):
    history.learn([mail(ANN, JANE, 9, marks=MARKS[:1])])
    history.learn([mail(ANN, JANE, 2, marks=MARKS[:1])])
    assert had(history, 3) == {MARKS[0]: {"army.mil"}}


def test_a_forged_mail_carries_nothing(history):
    history.learn([mail("x@navy.mil", ANN, 3, marks=MARKS, authentic=False)])
    assert had(history) == {}


PEOPLE = (
    ANN,
    f"Bob {BOB}",
    "cy@sub.mod.example",
    f"Jane Doe {JANE}",
    "jdoe@us.army.mil",
    "jane.doe@army.ml",
    "Jane Doe x@free.example",
)
IDS = ("", "", "m1", "m2", "m3")

sightings = st.builds(
    mail,
    st.sampled_from(PEOPLE),
    st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3).map(", ".join),
    st.sampled_from([0, 0.3, 1, 1.5, 2, 3]),
    st.sampled_from(IDS),
    st.lists(st.sampled_from(IDS[1:]), max_size=2),
    automatic=st.sampled_from([False, False, False, True]),
    authentic=st.sampled_from([True, True, True, False]),
    marks=st.lists(st.sampled_from(MARKS), max_size=2, unique=True).map(tuple),
)


def everything(history, day):
    rcpts = ", ".join(PEOPLE)
    return [plain(history.known(question(sender, rcpts, day))) for sender in PEOPLE]


def conversation(told):
    """Makes answers likely: each mail is followed by one the other way, a day later."""
    day = timedelta(days=1)
    return [copy for s in told for copy in (s, Sighting(f"{s.message_id}r", s.at + day, s.rcpts[0], (s.sender,)))]


@given(st.lists(sightings, max_size=12).map(conversation), st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_order_copies_and_batches_change_nothing_and_both_histories_agree(template, told, data):
    shuffled = data.draw(st.permutations(told))
    histories = [MemoryHistory(OWN, registrable), MemoryHistory(OWN, registrable)]
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{shutil.copy(template, folder)}", KEYS) as store:
        histories.append(history_of(store))
        new = [histories[0].learn(told), sum(histories[1].learn([s]) for s in shuffled)]
        cut = data.draw(st.integers(0, len(told)))
        new.append(histories[2].learn(shuffled[:cut]) + histories[2].learn(shuffled[cut:]))
        assert len(set(new)) == 1
        assert [history.learn(shuffled) for history in histories] == [0, 0, 0]
        assert histories[0].established() == histories[1].established() == histories[2].established()
        for day in (0, 1, 2.2, 400):
            first, second, third = (everything(history, day) for history in histories)
            assert first == second
            assert first == third


@given(st.lists(sightings, max_size=12).map(conversation), st.sampled_from([0.1, 1, 1.5, 2, 3.3]))
@settings(deadline=None)
def test_nothing_from_the_questions_moment_on_leaks(told, day):
    """What is known as of a moment is what would be known had the rest never been written."""
    all_of_it, past = MemoryHistory(OWN, registrable), MemoryHistory(OWN, registrable)
    all_of_it.learn(told)
    moment = START + timedelta(days=day)
    late = {s.message_id for s in told if s.at >= moment}
    told = [s for s in told if s.message_id not in late or not s.message_id]
    whole = MemoryHistory(OWN, registrable)
    whole.learn(told)
    past.learn([s for s in told if s.at < moment])
    assert everything(whole, day) == everything(past, day)
    assert {d: s for d, s in whole.established().items() if s < moment} == past.established()
