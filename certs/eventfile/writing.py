"""The event file edited by what was typed into its form; see `certs.eventfile.form` for the names of fields.

    text, wrong = edited(text, {"title": "cGMP Marathon", "sessions.0.day": "2026-10-07"})

Only fields whose words changed touch the file, so comments, order and whatever no field shows stay as they are. What
cannot be written is in *wrong*, a sentence by field. Times are written without an offset: the zone's clocks show them.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from certs.errors import InputError
from certs.eventfile.form import A_DAY, FLAGS, ROWS, YES, loaded, read, tables, text_of, window
from certs.eventfile.rules import ATTENDANCE, KIND
from certs.wording import say

_NEEDED = frozenset({"slug", "title", "id", "name"})
"""Texts that are written empty rather than taken out, so that what misses them has a line."""
_A_WEEK = timedelta(days=7)


def edited(text: str, typed: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Return *text* with what was *typed* in its place, and a sentence by field for what cannot be written.

    Raises:
        InputError: *text* is no TOML.
    """
    shown = read(text).fields
    changed = {name: word.strip() for name, word in typed.items() if name in shown and shown[name] != word.strip()}
    document, wrong = _document(text), dict[str, str]()
    if "zone" in changed:
        _keep_hours(document)
    for name, word in changed.items():
        if not _is_time(name):
            _write(document, name, word, wrong)
    for at in dict.fromkeys(int(name.split(".")[1]) for name in changed if _is_time(name)):
        _write_times(document["sessions"][at], f"sessions.{at}", {**shown, **changed}, wrong)
    return _dumped(document), wrong


def with_session(text: str, today: date) -> str:
    """Return *text* with one more session, a week after the last one at the same hours, or four weeks from *today*.

    Raises:
        InputError: it is no TOML.
    """
    values, document = loaded(text), _document(text)
    sessions = tables(values, "sessions")
    windows = [hours for session in sessions if (hours := window(session, values))]
    start = datetime.combine(today + 4 * _A_WEEK, time(13))
    first, last = max(windows, default=(start - _A_WEEK, start - _A_WEEK + timedelta(hours=2)))
    taken = {text_of(session.get("id")) for session in sessions}
    name = next(str(number) for number in range(len(sessions) + 1, 1000) if str(number) not in taken)
    start, end = ((one + _A_WEEK).replace(tzinfo=None) for one in (first, last))
    _append(document, "sessions", {"id": name, "title": "", "start": start, "end": end})
    return _dumped(document)


def with_signatory(text: str) -> str:
    """Return *text* with one more person who signs.

    Raises:
        InputError: it is no TOML.
    """
    document = _document(text)
    _append(document, "signatories", {"name": "", "role": ""})
    return _dumped(document)


def with_kind(text: str, name: str) -> str:
    """Return *text* with one more kind of certificate, called *name*.

    Raises:
        InputError: it is no TOML; or there is such a kind, or the name is none.
    """
    import tomlkit  # noqa: PLC0415 -- only forms write event files

    document = _document(text)
    kinds = document.setdefault("kinds", tomlkit.table(is_super_table=True))
    if not isinstance(kinds, MutableMapping):
        raise InputError(say("This cannot be changed by the form: change the file."))
    if not KIND.fullmatch(name) or name in {*kinds, ATTENDANCE}:
        raise InputError(say("Name a kind in lower-case letters, digits and hyphens, unlike the others."))
    kind, rule = tomlkit.table(), tomlkit.inline_table()
    rule.update({"sessions": 1, "share": 0.5})
    kind.update({"title": "", "rule": rule})
    kinds[name] = kind
    return _dumped(document)


def without(text: str, what: str, which: str) -> str:
    """Return *text* without one row: of `sessions` or `signatories` by place, of `kinds` by name.

    Raises:
        InputError: it is no TOML, or has no such row.
    """
    document = _document(text)
    rows: Any = document.get(what)
    with suppress(KeyError, IndexError, ValueError, TypeError):
        if what in ROWS or what == "kinds":
            del rows[int(which) if what in ROWS else which]
            if not rows:
                del document[what]
            return _dumped(document)
    raise InputError(say("This row is not there any more. Look again."))


def moved(text: str, days: int, years: int = 0) -> str:
    """Return *text* with all sessions so many *days* later, at the same hours; its last valid day moves by *years*.

    Raises:
        InputError: it is no TOML, or a session would be in no year that there is.
    """
    document, values = _document(text), loaded(text)
    try:
        for session in tables(document, "sessions"):
            for part in (session, *tables(session, "again")):
                if hours := window({"zone": session.get("zone", values.get("zone")), **part}, values):
                    part["start"], part["end"] = (one + timedelta(days=days) for one in hours)
        until = values.get("valid_until")
        if years and type(until) is date:
            document["valid_until"] = until.replace(
                year=until.year + years, day=min(until.day, 28) if until.month == 2 else until.day
            )
    except (OverflowError, ValueError):
        raise InputError(say("Give a day nearer to this year.")) from None
    return _dumped(document)


def _document(text: str) -> MutableMapping[str, Any]:
    """Return the file with its comments, to be changed in place.

    Raises:
        InputError: it is no TOML.
    """
    import tomlkit  # noqa: PLC0415 -- only forms write event files

    loaded(text)
    return tomlkit.parse(text.removeprefix("\ufeff"))


def _dumped(document: MutableMapping[str, Any]) -> str:
    import tomlkit  # noqa: PLC0415 -- as above

    return tomlkit.dumps(document)


def _append(document: MutableMapping[str, Any], key: str, values: Mapping[str, object]) -> None:
    """Add a row to the list of tables *key*, written as the others are.

    Raises:
        InputError: what stands there is no list.
    """
    import tomlkit  # noqa: PLC0415 -- as above

    rows = document.setdefault(key, tomlkit.aot())
    if not isinstance(rows, list):
        raise InputError(say("This cannot be changed by the form: change the file."))
    added = tomlkit.inline_table() if isinstance(rows, tomlkit.items.Array) else tomlkit.table()
    added.update(values)
    if isinstance(added, tomlkit.items.Table):
        added.add(tomlkit.nl())
    rows.append(added)


def _keep_hours(document: MutableMapping[str, Any]) -> None:
    """Take the offsets from sessions in the event's zone, which changes: they stay at their hours."""
    for session in tables(document, "sessions"):
        if "zone" not in session and (hours := window(session, document)):
            session["start"], session["end"] = hours


def _write(document: MutableMapping[str, Any], name: str, word: str, wrong: dict[str, str]) -> None:
    """Write one field that is no time of a session."""
    *place, key = name.split(".")
    how = _HOW.get(name) or _HOW.get(f"*.{key}" if place else "") or _plain
    try:
        value = how(word)
    except (ValueError, InvalidOperation):
        wrong[name] = _DAY if how is _day else _NUMBER
        return
    if key == "percent" and place[0] != "near_miss":
        key, value = "share", Decimal(str(value)) / 100
    table = _place(document, place, of_rule=key in {"sessions", "share"})
    if value == "" and key not in _NEEDED:
        table.pop(key, None)
    else:
        table[key] = _item(value)


def _item(value: object) -> object:
    """Return *value* as it is written; TOML has no decimals, but digits as they are typed."""
    import tomlkit  # noqa: PLC0415 -- as above

    return tomlkit.float_(f"{value:f}") if isinstance(value, Decimal) else value


def _place(document: MutableMapping[str, Any], place: Sequence[str], *, of_rule: bool) -> MutableMapping[str, Any]:
    """Return the table that a field is written in; what may be left out of a file is made."""
    if place[:1] == ["near_miss"] and "near_miss" not in document:
        document["near_miss"] = {}
    table: Any = document
    for part in place:
        table = table[int(part) if part.isdecimal() and isinstance(table, list) else part]
    return table["rule"] if of_rule and place[:1] == ["kinds"] else table  # type: ignore[no-any-return]


def _write_times(
    session: MutableMapping[str, Any], prefix: str, words: Mapping[str, str], wrong: dict[str, str]
) -> None:
    """Write day and hours of a session; an end before the start is on the next day."""
    read: dict[str, Any] = {}
    for key, how, otherwise in (("day", date.fromisoformat, _DAY), ("from", _hour, _HOUR), ("to", _hour, _HOUR)):
        try:
            read[key] = how(words[f"{prefix}.{key}"])
        except ValueError:
            wrong[f"{prefix}.{key}"] = otherwise
    if len(read) == 3:
        start, end = (datetime.combine(read["day"], read[key]) for key in ("from", "to"))
        session["start"], session["end"] = start, end + A_DAY if end < start else end


def _is_time(name: str) -> bool:
    return name.startswith("sessions.") and name.rpartition(".")[2] in {"day", "from", "to"}


def _hour(word: str) -> time:
    return datetime.strptime(word, "%H:%M").time()  # noqa: DTZ007 -- by the clocks of a zone


def _day(word: str) -> object:
    return date.fromisoformat(word) if word else ""


def _plain(word: str) -> object:
    return word


def _number(word: str) -> object:
    number = Decimal(word.replace(",", "."))
    if not number.is_finite() or abs(number) > 10**6:
        raise ValueError
    return int(number) if number == int(number) else number


_HOW: Mapping[str, Callable[[str], object]] = {
    "valid_until": _day,
    "near_miss.sessions": _number,
    "*.percent": _number,
    "*.sessions": _number,
    **dict.fromkeys(FLAGS, lambda word: word == YES),
}
_DAY = say("Give a day, like 2026-10-06.")
_HOUR = say("Give a time of day, like 13:00.")
_NUMBER = say("Give a number.")
