"""Corrections as somebody asks for them in a sheet: one certificate a row, by its number or its person's address."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from certs.errors import InputError, Problem
from certs.ground import address
from certs.ground.number import parse, printed
from certs.model import Fate, Number, PersonKey, SessionId
from certs.ports import Store
from certs.wording import say
from certs.work import sheet
from certs.work.corrections.changes import Changes, Wanted

COLUMNS: Mapping[str, Sequence[str]] = {
    "number": ("certificate", "certificate number"),
    "email": ("e mail", "address", "e mail address"),
    "event": ("slug",),
    "kind": (),
    "old name": ("name now",),
    "name": ("new name",),
    "language": (),
    "minutes": (),
    "attended": ("sessions", "sessions attended"),
}
"""What a sheet may have: a row names a certificate by *number* or *email*; *old name* is compared with what it says."""
_MINUTES_A_QUARTER = 15


def asked(store: Store, name: str, rows: Iterable[sheet.Row], of_all: Changes | None = None) -> list[Wanted]:
    """Return what the *rows* of the sheet *name* ask for, besides what is asked for *of_all* of them.

    Raises:
        InputError: rows that cannot be understood or name no certificate; each with its line.
        StorageError: the database fails.
    """
    wanted: list[Wanted] = []
    problems: list[Problem] = []
    for row in rows:
        try:
            changes = _changes(row.cells, of_all or Changes())
            wanted.append(Wanted(_number(store, row.cells), changes, name, row.line, "number" not in row.cells))
        except InputError as error:
            problems += [Problem(one.message, name, row.line) for one in error.problems]
    if problems:
        raise InputError(*problems, say("Nothing was ordered."))
    return wanted


def quarter_hours(minutes: int) -> int:
    """Return quarter hours.

    Raises:
        InputError: no multiple of 15.
    """
    if minutes % _MINUTES_A_QUARTER:
        raise InputError(say("Minutes must be a multiple of 15, for certificates state quarter hours."))
    return minutes // _MINUTES_A_QUARTER


def sessions(typed: str) -> frozenset[SessionId]:
    """Return the session ids in a list such as `1,2,5`."""
    return frozenset(SessionId(id_) for id_ in typed.replace(";", ",").replace(" ", ",").split(",") if id_)


def _changes(cells: Mapping[str, str], of_all: Changes) -> Changes:
    minutes = cells.get("minutes")
    if minutes is not None and not minutes.isdecimal():
        raise InputError(say("{minutes!r} is no number of minutes.", minutes=minutes))
    attended = cells.get("attended")
    changes = replace(
        of_all,
        name=cells.get("name"),
        language=cells.get("language"),
        quarter_hours=None if minutes is None else quarter_hours(int(minutes)),
        attended=None if attended is None else sessions(attended),
    )
    if changes == Changes():
        raise InputError(say("This row says nothing new: give a name, language, minutes or attended."))
    return changes


def _number(store: Store, cells: Mapping[str, str]) -> Number:
    """Return which certificate a row means.

    Raises:
        InputError: none, or several.
    """
    number = parse(cells["number"]) if "number" in cells else None
    if "email" not in cells:
        if number is None:
            raise InputError(say("This row names no certificate: give its number, or the address of its person."))
        fate = store.revocations.fates([number]).get(number)
        if fate is not None:
            _compare(fate, cells)
        return number
    fates = _of_address(store, cells)
    if number is None:
        if len(fates) != 1:
            listed = ", ".join(f"{printed(one.number)} ({one.slug}, {one.kind})" for one in fates)
            raise InputError(
                say(
                    "{cells} has {n_fates} certificates: {listed}. Give the number of one.",
                    cells=cells["email"],
                    n_fates=len(fates),
                    listed=listed,
                )
            )
        number = fates[0].number
    fate = next((one for one in fates if one.number == number), None)
    if fate is None:
        raise InputError(say("{number} is no certificate of {cells}.", number=printed(number), cells=cells["email"]))
    _compare(fate, cells)
    return number


def _of_address(store: Store, cells: Mapping[str, str]) -> list[Fate]:
    """Return the certificates of a row's person that are not replaced, of the event and kind that the row may name.

    Raises:
        InputError: it is no address, or its person has no such certificate.
    """
    person = address.read(cells["email"])
    if isinstance(person, address.BadAddress):
        raise InputError(say("{cells!r} is no e-mail address.", cells=cells["email"]))
    found = [
        one
        for one in store.revocations.fates_of(PersonKey(person)).values()
        if "number" in cells or (_counts(one) and _is_of(one, cells))
    ]
    if not found:
        raise InputError(say("No certificate in force was issued to {person}.", person=person))
    return found


def _is_of(fate: Fate, cells: Mapping[str, str]) -> bool:
    return (cells.get("event", fate.slug), cells.get("kind", fate.kind)) == (fate.slug, fate.kind)


def _counts(fate: Fate) -> bool:
    return fate.superseded_by is None and fate.revocation is None


def _compare(fate: Fate, cells: Mapping[str, str]) -> None:
    """Check that a row speaks of the certificate it names.

    Raises:
        InputError: it has another name, event or kind.
    """
    for column, is_ in (("old name", fate.name), ("event", fate.slug), ("kind", fate.kind)):
        if cells.get(column, is_) != is_:
            raise InputError(
                say(
                    "{number} has the {column} {is_!r}, not {cells!r}.",
                    number=printed(fate.number),
                    column=column,
                    is_=is_,
                    cells=cells[column],
                )
            )
