"""States in words: for the sender, who wants to know where their copy is, and for the reviewer, who knows ours."""

from missent.nouns.hold import HeldCopy, State

_SENDER = {
    State.HELD: "Waiting for your answer. Nothing has been sent there.",
    State.CONFIRMED: "You said the address is right. It is on its way.",
    State.CORRECTED: "It is on its way to {to}.",
    State.RELEASED: "A reviewer has let it go. It is on its way.",
    State.RETURNED: "Not sent.",
    State.EXPIRED: "Not sent: nobody decided in time.",
    State.SENDING: "It is on its way to {to}.",
    State.SENT: "Sent to {to}.",
    State.WARNED: "It has gone to {to}, and you were told that this may be wrong.",
    State.FAILED: "Not delivered: the next mail server did not take it. A report comes to you by mail.",
}

_TONE = {
    State.HELD: "wait",
    State.SENT: "good",
    State.RETURNED: "stop",
    State.EXPIRED: "stop",
    State.WARNED: "wait",
    State.FAILED: "bad",
}


def for_sender(copy: HeldCopy) -> str:
    """Where one copy stands, as its sender is told."""
    if copy.state is State.HELD and copy.decide != "sender":
        return "Waiting for a reviewer. Nothing has been sent there."
    state = State.FAILED if copy.undelivered else copy.state
    return _SENDER[state].format(to=copy.corrected_to or copy.rcpt.spec)


def for_reviewer(copy: HeldCopy) -> str:
    """Where one copy stands, as the console calls it."""
    if copy.state is State.RETURNED and copy.undelivered:
        return "failed, returned"
    return "let go with a warning" if copy.state is State.WARNED else copy.state.value


def tone(copy: HeldCopy) -> str:
    """How a page colours it: wait, good, stop, bad, or go."""
    return "bad" if copy.undelivered else _TONE.get(copy.state, "go")
