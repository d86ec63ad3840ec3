"""Names that participants ask for: as they were typed, whether they can be printed, and how far from the one before.

A name goes through the checks of imported names; what is refused is said in the words of her page.
"""

import re
from dataclasses import replace

from certs.errors import ConflictError, InputError, NotFoundError
from certs.ground import names
from certs.ground.names import BROKEN, CUT, MAX_LENGTH
from certs.ground.number import printed
from certs.model import Asked, Certificate, Number, PersonKey, RequestKind, Statement
from certs.ports import Store
from certs.wording import say
from certs.work import rehearsal

_BETWEEN = re.compile(r"[\s\-‐‑–'’ʼ.,·]+")


def is_small(before: str, after: str) -> bool:
    """Say whether nothing but accents, capitals, punctuation and the order of words is another."""
    mine, yours = (sorted(filter(None, _BETWEEN.split(names.fold(name)))) for name in (before, after))
    return bool(mine) and mine == yours


def typed(text: str) -> str:
    """Return a name as it was typed, without what cannot be seen.

    Raises:
        InputError: there is none, it is too long, or a letter was lost on the way.
    """
    name = names.typed(text)
    if not name:
        raise InputError(say("Write your name."))
    if name.endswith(CUT) and len(name) >= MAX_LENGTH:
        raise InputError(say("This name has more than {most:,} characters. Write it shorter.", most=MAX_LENGTH))
    if BROKEN in name:
        raise InputError(say("A letter of this name was lost on the way. Type it anew."))
    return name


def demand_printable(said: Statement, base_url: str) -> None:
    """Check that the name of *said* can be printed and coded.

    Raises:
        InputError: it cannot; says which characters are to blame, where some are.
    """
    from certs import pdf  # noqa: PLC0415 -- fonts, which whoever asks about attendance does not need
    from certs.pdf.legible import without_face  # noqa: PLC0415

    if missing := without_face(said.name, said.language):
        raise InputError(say("No font here has {characters}. Write the name without.", characters=" ".join(missing)))
    unfit = pdf.unprintable([said], pdf.Design.of(said.event), base_url)
    if unfit or rehearsal.name_fault(said.event, said.kind, base_url, said.name):
        raise InputError(
            say("This name cannot be printed: it is too long, or its letters stand in no order. Write it otherwise.")
        )


def corrected(store: Store, person: PersonKey, number: Number, text: str, base_url: str) -> Statement:
    """Return what the certificate *number* of *person* would say with the name that she typed; change nothing.

    Raises:
        InputError: that cannot be printed, or is the name on it.
        ConflictError: the certificate was withdrawn or replaced.
        NotFoundError: she has no such certificate.
        StorageError: the database fails.
    """
    name = typed(text)
    if name == current(store, person, number).statement.name:
        raise InputError(say("This is the name on the certificate already."))
    said = replace(store.batches.standing(number).statement, name=name)
    demand_printable(said, base_url)
    return said


def correction(store: Store, person: PersonKey, number: Number, text: str, base_url: str) -> Asked:
    """Return what she asks for who types *text* as her name on the certificate *number*.

    Raises:
        CertsError: as `corrected` has it.
    """
    said = corrected(store, person, number, text, base_url)
    before = current(store, person, number).statement.name
    return Asked(RequestKind.NAME, person, "", said.name, before, number)


def current(store: Store, person: PersonKey, number: Number) -> Certificate:
    """Return a certificate of *person* that is in force.

    Raises:
        ConflictError: it was withdrawn or replaced.
        NotFoundError: she has no such certificate.
        StorageError: the database fails.
    """
    found = next((one for one in store.links.certificates(person) if one.number == number), None)
    if found is None:
        raise NotFoundError(say("You have no certificate with the number {number}.", number=printed(number)))
    if found.superseded_by is not None or found.revocation is not None:
        raise ConflictError(say("This certificate was withdrawn or replaced: nothing of it can be corrected."))
    return found
