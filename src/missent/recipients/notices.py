"""How mail says that it is no answer: words of bounces, absence notes and "wrong address", in the languages of the field.

A message to a wrong person that comes back must not make the wrong domain look established. The phrases are chosen for
what they may cost: one missed lets a notice count as one answer of two needed, one too many keeps an honest answer from
counting. Words of legal footers ("not the intended recipient") are not among them.
"""

import re

SUBJECTS = (
    "undeliverable", "undelivered mail", "delivery status notification", "delivery failure", "delivery has failed",
    "mail delivery failed", "mail delivery system", "mail system error", "failure notice", "returned mail",
    "returned to sender", "message not delivered", "could not be delivered", "delivery delayed", "warning: could not send",
    "delivery notification:", "nondeliverable mail", "out of office", "out of the office", "automatic reply", "auto-reply",
    "autoreply", "auto reply", "auto response", "autoresponse", "vacation", "on leave", "read:", "not read:",
    "unzustellbar", "nicht zugestellt", "abwesenheit", "abwesend", "automatische antwort", "réponse automatique",
    "absence du bureau", "absent du bureau", "non remis", "échec de la remise", "échec de remise", "respuesta automática",
    "fuera de la oficina", "no se puede entregar", "no entregado", "risposta automatica", "fuori sede", "non recapitabile",
    "mancato recapito", "automatisch antwoord", "afwezig", "onbestelbaar", "resposta automática", "fora do escritório",
    "não entregue", "automatiskt svar", "frånvaro", "automatisk svar", "automaattinen vastaus", "automatyczna odpowiedź",
    "nie dostarczono", "автоматический ответ", "автоответ", "недоставлен", "не доставлено", "自動応答", "自动回复",
)  # fmt: skip
"""Case-folded; found anywhere in a subject, the shorter ones only at its beginning."""

OPENINGS = (
    "wrong address", "wrong email", "wrong e-mail", "wrong mail address", "wrong person", "wrong recipient", "wrong domain",
    "you have the wrong", "you've got the wrong", "you got the wrong", "sent this to the wrong", "sent to the wrong",
    "not meant for me", "not intended for me", "not for me", "i am not the", "i'm not the", "i think you meant",
    "did you mean to send", "misdirected", "missent", "mis-sent", "misaddressed", "no such user", "user unknown",
    "mailbox unavailable", "no longer works", "no longer with", "this is an automat", "this is an auto-generated",
    "i am out of the office", "i will be out of the office", "i am currently out", "falsche adresse", "falsche e-mail",
    "falsche mail", "falscher empfänger", "falschen empfänger", "nicht für mich bestimmt", "nicht der richtige",
    "mauvaise adresse", "mauvais destinataire", "erreur d'adresse", "erreur de destinataire", "vous vous êtes trompé",
    "pas le bon destinataire", "dirección equivocada", "dirección incorrecta", "destinatario equivocado",
    "se ha equivocado", "no es para mí", "indirizzo sbagliato", "indirizzo errato", "destinatario sbagliato",
    "verkeerde adres", "verkeerd adres", "verkeerde persoon", "endereço errado", "destinatário errado", "fel adress",
    "fel person", "forkert adresse", "feil adresse", "väärä osoite", "zły adres", "błędny adres", "не тот адрес",
    "ошиблись адресом", "неверный адрес", "неправильный адрес",
)  # fmt: skip
"""Case-folded; found in what a person wrote at the top of a message."""

_ROBOTS = re.compile(
    r"(?:mailer-?daemon|postmaster|(?:do-?)?no-?t?-?reply|bounces?|auto-?reply|listserv|majordomo)(?:[+._-].*)?", re.IGNORECASE
)
_SHORT = 10
_QUOTED = re.compile(r"\n[ \t]*(?:>|-{3,} ?\w+ \w+|_{10,}|from: |von: |de : |de: )", re.IGNORECASE)  # found by its first octet
_MOST = 1000


def says_so(subject: str, opening: str) -> bool:
    """Whether subject or the beginning of the text, quoted mail apart, says that this is no answer."""
    topic = " ".join(subject.casefold().split())
    if any(topic.startswith(words) if len(words) < _SHORT else words in topic for words in SUBJECTS):
        return True
    quoted = _QUOTED.search("\n" + opening)
    written = opening[: quoted.start() if quoted else _MOST][:_MOST]
    text = " ".join(written.casefold().replace("\u2019", "'").split())
    return any(words in text for words in OPENINGS)


STEMS = (
    b"wrong", b"meant", b"intended", b"misdirected", b"missent", b"mis-sent", b"misaddressed", b"no such", b"unknown",
    b"unavailable", b"no longer", b"automat", b"auto-gen", b"the office", b"currently", b"falsche", b"richtige", b"mauvais",
    b"erreur", b"tromp", b"destinat", b"equivoc", b"indirizzo", b"verkeerd", b"adress", b"fel p",
    b"mean to", b"osoite", b"forkert", b"not for me", b"am not the", b"'m not the",
)  # fmt: skip


def may_say_so(opening: bytes) -> bool:
    """Whether an opening in ASCII and lower case may hold one of `OPENINGS`: a cheap look that misses none of them."""
    flat = b" ".join(opening[:_MOST].split())
    return any(stem in flat for stem in STEMS)


def is_robot(local: str) -> bool:
    """Whether a local part belongs to software by its name."""
    return bool(_ROBOTS.fullmatch(local))
