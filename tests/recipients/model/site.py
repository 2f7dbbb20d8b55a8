"""A small made-up site for tests: one sender, two circles, two people named Harris."""

from missent.recipients.model.letter import Mail
from missent.recipients.model.memory import Memory
from missent.recipients.model.traits import Hashing, Text, traits_of

SENDER = "anna.may@site.example"
STEVEN, STEVE = "steven.harris@gas.example", "steve.harris@golf.example"
JO, KIM, LEE = "jo.wood@gas.example", "kim.reed@gas.example", "lee.field@golf.example"
DAY = 86_400.0
HASHING = Hashing()


def mail(rcpts: tuple[str, ...], day: int = 100, subject: str = "", text: str = "") -> Mail:
    return Mail(SENDER, rcpts, 1e9 + day * DAY, traits_of(Text(subject, text), HASHING))


def history(times: int = 20) -> list[Mail]:
    work = [
        mail((STEVEN, JO, KIM), 2 * n, "Pipeline capacity", f"Steven,\nturbine outage nominations {n}") for n in range(times)
    ]
    play = [mail((STEVE, LEE), 2 * n + 1, "Saturday round", f"Steve,\nclub tee time handicap {n}") for n in range(times)]
    return sorted(work + play, key=lambda m: m.at)


def memory(times: int = 20) -> Memory:
    found = Memory(bits=16)
    for one in history(times):
        found.learn(one)
    return found
