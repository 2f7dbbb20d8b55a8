"""What judging costs, on mail made up for it: microseconds of processor time a mail, octets a pair."""

import random
import time
import tracemalloc

import numpy as np

from missent.recipients.model.features import Look
from missent.recipients.model.letter import Mail
from missent.recipients.model.memory import Memory
from missent.recipients.model.training import Example, columns, table, train
from missent.recipients.model.traits import Text, Traits, traits_of

PAIRS = 100_000
SENDERS = 1000
JUDGED = 200


def cost(senders: int = SENDERS, pairs: int = PAIRS) -> dict[str, float]:
    """Fill a memory with pairs, then judge mails of five recipients."""
    rng = random.Random(3)
    names = ["".join(rng.choices("aeioubcdfglmnrst", k=6)) for _ in range(800)]
    people = sorted({f"{rng.choice(names)}.{rng.choice(names)}@site.example" for _ in range(pairs // 5)})
    tracemalloc.start()
    memory = Memory(bits=22)
    table_size = tracemalloc.get_traced_memory()[0]
    circles = [rng.sample(people, max(1, pairs // senders // 2)) for _ in range(senders)]
    at = 1e9
    for who in range(senders):
        circle = circles[who]
        for begin in range(0, len(circle), 5):
            at += 60
            rcpts = tuple(a for a in circle[begin : begin + 5] if a != people[who])
            memory.learn(Mail(people[who], rcpts, at, _traits(memory, _text(rng, names))))
    memory.forget_words()
    memory.ties.close()  # as a node does every ten minutes
    used = tracemalloc.get_traced_memory()[0] - table_size
    tracemalloc.stop()
    known = sum(len(memory.of(number).rows) for number in memory.ties)
    mails = [
        Mail(
            people[i],
            tuple(a for a in rng.sample(circles[i], 5) if a != people[i]),
            at,
            _traits(memory, _text(rng, names), _text(rng, names, 80)),
        )
        for i in range(JUDGED)
    ]
    rows = [Look(memory, mail).rows() for mail in mails]
    tables = [table(r) for r in rows]
    wrong = [(True, *(False,) * (len(t) - 1)) for t in tables]
    trees = train(columns(rows[0][0]), [Example(t, w) for t, w in zip(tables, wrong, strict=True)])
    taken = []
    for mail in mails:
        start = time.process_time()
        trees.scores(Look(memory, mail).rows())
        taken.append(time.process_time() - start)
    return {
        "known pairs": float(known),
        "known addresses": float(len(memory.people)),
        "octets a pair (with the people behind them)": used / known,
        "octets of the table of facts": float(memory.sketch.cells.nbytes),
        "us a mail of 5 recipients, median": float(np.median(taken)) * 1e6,
        "us a mail of 5 recipients, 95th of 100": float(np.quantile(taken, 0.95)) * 1e6,
    }


def _traits(memory: Memory, subject: str, text: str = "") -> Traits:
    return traits_of(Text(subject, text), memory.hash)


def _text(rng: random.Random, names: list[str], words: int = 6) -> str:
    return " ".join(rng.choices(names, k=words))
