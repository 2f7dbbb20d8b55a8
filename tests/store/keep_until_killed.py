"""Run by test_nodes.py as a process of its own: keeps holds in several threads and names each once it is durable."""

import itertools
import os
import sys
import threading

if __name__ == "__main__":
    from holding import BODY, hold

    from missent.store import Keys, open_store

    store = open_store(sys.argv[1], Keys("k1", bytes(range(32))))
    numbers = itertools.count()

    def keep():
        for n in numbers:
            os.write(1, store.holds.keep(hold(f"h{n}", message_id=f"m{n}"), BODY * 2000).id.encode() + b"\n")

    for _ in range(8):
        threading.Thread(target=keep).start()
