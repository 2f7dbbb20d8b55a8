"""The commands of SMTP (RFC 5321 4.1) as a table: when each is allowed, how it is read, what its reply changes."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from missent.errors import PeerError
from missent.smtp import parameters, path
from missent.smtp.events import Answered, Data, EndOfData, Event, Hello, Mail, Quit, Rcpt, Reset, StartTls
from missent.smtp.reply import Reply

_FROM = re.compile(r"FROM: *(.*)", re.IGNORECASE)
_TO = re.compile(r"TO: *(.*)", re.IGNORECASE)

_BAD_SEQUENCE = Answered(Reply.of("503 5.5.1 Bad sequence of commands"))
_NO_ARGUMENT = Answered(Reply.of("501 5.5.4 No argument allowed"))
_NO_NAME = Answered(Reply.of("501 5.5.4 A name is needed"))
_NO_REVERSE_PATH = Answered(Reply.of("501 5.1.7 Syntax: MAIL FROM:<address>"))
_NO_FORWARD_PATH = Answered(Reply.of("501 5.1.3 Syntax: RCPT TO:<address>"))
_NEEDS_UTF8 = Answered(Reply.of("550 5.6.7 Address needs SMTPUTF8"))
_UNKNOWN = Answered(Reply.of("500 5.5.2 Command not recognised"))
_UNPRINTABLE = Answered(Reply.of("500 5.5.2 Command is not printable UTF-8"))
_FOREIGN = Answered(Reply.of("500 5.5.2 This is SMTP. Closing connection"), closing=True)


@dataclass(slots=True)
class State:
    """What the commands so far have led to.

    Attributes:
        extensions: keywords announced and thus accepted.
        greeted: whether EHLO or HELO was granted.
        mail: the MAIL of the open transaction.
        granted: recipients granted in it.
    """

    extensions: frozenset[str] = frozenset()
    greeted: bool = False
    mail: Mail | None = None
    granted: int = 0

    def end_transaction(self) -> None:
        """Forget reverse-path and recipients."""
        self.mail, self.granted = None, 0


def read(line: bytes, state: State) -> Event:
    """Read one command line without its CR LF. What is wrong with it is an Answered."""
    text = line.decode("utf-8", "surrogateescape").rstrip(" ")
    if not text.isprintable():  # no UTF-8, NUL, tab, invisible and line-separating characters: nobody means them
        return _UNPRINTABLE
    verb, _, argument = text.partition(" ")
    if verb in _FOREIGN_VERBS:
        return _FOREIGN
    command = _COMMANDS.get(verb.upper())
    if command is None:
        return _UNKNOWN
    if not command.allowed(state):
        return _BAD_SEQUENCE
    if argument and not command.argument:
        return _NO_ARGUMENT
    return command.parse(argument, state)


def settle(asked: Event, reply: Reply, state: State) -> None:
    """Apply what a reply to `asked` changes; a refusal changes nothing but the end of data, which ends either way."""
    if isinstance(asked, Reset | EndOfData):
        state.end_transaction()
    elif not reply.good:
        return
    elif isinstance(asked, Mail):
        state.mail = asked
    elif isinstance(asked, Rcpt):
        state.granted += 1
    elif isinstance(asked, Hello):
        state.greeted = True
        state.end_transaction()
        if not asked.extended:
            state.extensions = frozenset()
    elif isinstance(asked, StartTls):  # RFC 3207 4.2: all that was known is forgotten
        state.greeted, state.extensions = False, frozenset()


def _ehlo(argument: str, _: State) -> Event:
    return Hello(argument.strip(), extended=True) if argument.strip() else _NO_NAME


def _helo(argument: str, _: State) -> Event:
    return Hello(argument.strip(), extended=False) if argument.strip() else _NO_NAME


def _mail(argument: str, state: State) -> Event:
    try:
        mailbox, rest = path.reverse_path(_behind(_FROM, argument))
    except PeerError:
        return _NO_REVERSE_PATH
    values = parameters.read(rest, parameters.MAIL, state.extensions)
    if isinstance(values, Reply):
        return Answered(values)
    return Mail(mailbox, values) if argument.isascii() or "SMTPUTF8" in values else _NEEDS_UTF8


def _rcpt(argument: str, state: State) -> Event:
    try:
        mailbox, rest = path.forward_path(_behind(_TO, argument))
    except PeerError:
        return _NO_FORWARD_PATH
    values = parameters.read(rest, parameters.RCPT, state.extensions)
    if isinstance(values, Reply):
        return Answered(values)
    utf8 = state.mail is not None and "SMTPUTF8" in state.mail.parameters
    return Rcpt(mailbox, values) if argument.isascii() or utf8 else _NEEDS_UTF8


def _behind(label: re.Pattern[str], argument: str) -> str:
    found = label.fullmatch(argument)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class _Command:
    """How one verb is read: when it is allowed, what it becomes, whether it takes an argument."""

    allowed: Callable[[State], bool]
    parse: Callable[[str, State], Event]
    argument: bool = True


def _is(event: Event) -> Callable[[str, State], Event]:
    return lambda _argument, _state: event


def _says(text: str) -> Callable[[str, State], Event]:
    return _is(Answered(Reply.of(text)))


def _always(_: State) -> bool:
    return True


_COMMANDS = {
    "EHLO": _Command(_always, _ehlo),
    "HELO": _Command(_always, _helo),
    "MAIL": _Command(lambda state: state.greeted and state.mail is None, _mail),
    "RCPT": _Command(lambda state: state.mail is not None, _rcpt),
    "DATA": _Command(lambda state: state.granted > 0, _is(Data()), argument=False),
    "RSET": _Command(_always, _is(Reset()), argument=False),
    "STARTTLS": _Command(lambda state: "STARTTLS" in state.extensions and state.mail is None, _is(StartTls()), argument=False),
    "QUIT": _Command(_always, _is(Quit()), argument=False),
    "NOOP": _Command(_always, _says("250 2.0.0 Ok")),
    "VRFY": _Command(_always, _says("252 2.0.0 Send some mail and see")),
    "HELP": _Command(_always, _says("214 2.0.0 See RFC 5321")),
    "EXPN": _Command(_always, _says("502 5.5.1 Not implemented")),
}

_FOREIGN_VERBS = frozenset({"GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT"})
"""A browser made to speak to this port (cross-protocol attack) is hung up on before its form becomes commands."""
