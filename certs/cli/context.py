"""What every command shares: the program put together, who acts, and how results are written."""

import gc
import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby, islice, zip_longest
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import click

from certs.cli import INTERRUPTED
from certs.config import Settings
from certs.errors import InputError

if TYPE_CHECKING:
    from certs.build import App
    from certs.work import guards

_PIECES = 4_096
"""Of JSON that are put together before they are written."""
Item = TypeVar("Item")


def open_app() -> "App":
    """Put the program together from the environment, and begin to log.

    Raises:
        InputError: a setting is wrong; says which.
        StorageError: the database is out of reach, or the log cannot be written.
    """
    from certs import logs  # noqa: PLC0415 -- nor does it log
    from certs.build import build  # noqa: PLC0415 -- Flask and the database, which help does not need

    settings = Settings.from_environ(os.environ)
    logs.install(settings.log, logging.CRITICAL)
    app = build(settings, tell=lambda why: click.echo(why, err=True))
    if context := click.get_current_context(silent=True):
        context.find_root().call_on_close(app.close)
    gc.freeze()  # what was imported stays to the end: looking through it for cycles takes a tenth of a second
    return app


def begin(app: "App", *, beside_keys: bool = False) -> None:
    """Let the register begin, if there is none; only for commands that are meant to.

    Raises:
        ConflictError: there are keys, whose register must be somewhere else.
        StorageError: the database is out of reach, or holds something else.
    """
    if app.begin(beside_keys=beside_keys):
        click.echo(
            f"A new register begins at {app.settings.sqlite_file or 'the database of CERTS_DATABASE_URL'}.", err=True
        )


def moment_of(option: str, given: str) -> datetime:
    """Return the moment that *given* with *option* says; a day alone begins at midnight UTC.

    Raises:
        InputError: it is no moment, or says a time without its zone.
    """
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise InputError(f"{option} {given} is no time: write 2026-11-20T14:00Z, or 2026-11-20 for that day.") from None
    if moment.tzinfo is None and len(given) > len("2026-11-20"):
        raise InputError(f"{option} {given} says no zone: add Z for UTC, or an offset such as +01:00.")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def zone_of(given: str) -> str:
    """Return what --zone says if it is a time zone, or nothing.

    Raises:
        InputError: there is no such zone.
    """
    try:
        return str(ZoneInfo(given)) if given else ""
    except (ValueError, OSError, KeyError):
        raise InputError(f'--zone: "{given}" is no IANA time zone; write one like Europe/Zurich.') from None


def write_json(value: Mapping[str, object] | Sequence[object]) -> None:
    """Print *value* as JSON, readable and in UTF-8 whatever the terminal, a part at a time in memory."""
    pieces = json.JSONEncoder(ensure_ascii=False, indent=2, default=str).iterencode(value)
    while part := "".join(islice(pieces, _PIECES)):
        sys.stdout.buffer.write(part.encode())
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def confirm(question: str, *, yes: bool) -> None:
    """Ask *question* unless *yes*; without a terminal to ask at, refuse.

    Raises:
        InputError: nobody can be asked.
        Exit: the answer is no.
        Abort: there is none.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise InputError(f"{question} Nobody is there to answer; say --yes to go ahead.")
    if not click.confirm(question, err=True):
        click.echo("Nothing was done.", err=True)
        raise click.exceptions.Exit(INTERRUPTED)


def look_out(app: "App", issuer: str) -> "list[guards.Finding]":
    """Say what is wrong or doubtful about issuing for *issuer* here, on standard error, and return it.

    An empty *issuer* is one whom the event file does not name: no seal is compared with that.

    Raises:
        SigningError: the keys cannot be read.
        StorageError: the database is out of reach.
    """
    from certs.cli.hints import VOICE  # noqa: PLC0415 -- nor hints
    from certs.work import guards  # noqa: PLC0415 -- most commands need no keys

    found = guards.findings(app.settings.base_url, app.keys, issuer=issuer, used=app.store.batches.newest_address())
    found += guards.clock(app.clock(), app.store.newest_moment())
    for one in found:
        click.echo(f"{one.severity.upper()}: {VOICE.say(one.told)}", err=True)
    return found


def ask_if_doubtful(app: "App", issuer: str, question: str, *, yes: bool, refused_if_wrong: bool = False) -> None:
    """Say what is wrong or doubtful about issuing for *issuer* here; if anything is, ask *question* unless *yes*.

    What is wrong is not asked about where it is *refused_if_wrong*, whatever anybody answers.

    Raises:
        InputError: nobody can be asked.
        Exit: the answer is no.
    """
    found = look_out(app, issuer)
    if found and not (refused_if_wrong and any(one.severity is one.severity.WRONG for one in found)):
        confirm(question, yes=yes)


def aligned(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield *rows*, gone through twice, as lines whose columns line up in a terminal, wide characters included."""
    widths: list[int] = []
    for some in _some(rows):
        found = (max(_lengths(column)) for column in zip_longest(*some, fillvalue=""))
        widths = [max(pair) for pair in zip_longest(widths, found, fillvalue=0)]
    for some in _some(rows):
        for size, alike in groupby(some, key=len):
            *columns, last = zip(*alike, strict=True) if size else ([],)
            padded = [_padded(column, width) for column, width in zip(columns, widths, strict=False)]
            yield from map("  ".join, zip(*padded, last, strict=True))


def _some(rows: Iterable[Item]) -> Iterator[list[Item]]:
    waiting = iter(rows)
    while some := list(islice(waiting, 1_000)):
        yield some


def _lengths(column: Sequence[str]) -> Iterable[int]:
    """Return how wide the cells of *column* are; what is ASCII is as wide as it is long."""
    together = "".join(column)
    if together.isascii() and (together.isprintable() or not together):
        return map(len, column)
    from rich.cells import cell_len  # noqa: PLC0415 -- only for tables

    return (len(cell) if cell.isascii() and cell.isprintable() else cell_len(cell) for cell in column)


def _padded(column: Sequence[str], width: int) -> list[str]:
    return [cell + " " * (width - length) for cell, length in zip(column, _lengths(column), strict=True)]


def write_lines(lines: Iterable[str]) -> None:
    """Print *lines*, however many, a thousand at a time."""
    for some in _some(lines):
        click.echo("\n".join(some))
