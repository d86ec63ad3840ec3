"""What is typed for a command, declared once: where the parameter is that it is given to.

    def export(how: How, slug: str = SLUG, out: Path = option("--out", "Where to write.", required=True)) -> None:

The parameter's name is the option's, its type says what may be typed: a text, which is empty where nothing is said, a
number, a path, a moment, one of an enumeration; `bool` is a flag, `X | None` need not be said, and `tuple[X, ...]` is
said as often as wanted. A function whose parameters are declared so makes one value of them for another's parameter.
"""

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from pathlib import Path
from types import EllipsisType, FunctionType, NoneType
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

import click

from certs.errors import ConflictError, InputError

PATH = click.Path(path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
THERE = click.Path(exists=True, path_type=Path)
MANY = click.IntRange(min=0)
SOME = click.IntRange(min=1)
HUNDRED = click.IntRange(0, 100)
MOST_PORT = 65_535
PORT = click.IntRange(1, MOST_PORT)
Words = tuple[str, ...]
Paths = tuple[Path, ...]


class Values(click.Choice[Enum]):
    """One of an enumeration, by its value."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """Return what is typed."""
        return str(choice.value if isinstance(choice, Enum) else choice)


def option(flags: str, text: str, **more: Any) -> Any:
    """Return what a parameter is given by that is said with one of *flags*."""
    return partial(click.Option, flags.split(), help=text, **more)


def argument(metavar: str | None = None, **more: Any) -> Any:
    """Return what a parameter is given by that needs no name; called as the parameter, unless *metavar* says else."""
    return partial(click.Argument, [], metavar=metavar, **more)


def together(function: Callable[..., object]) -> Any:
    """Return what a parameter is given by that *function* makes of its own parameters."""
    return function


SLUG = argument()


def parameters(function: Callable[..., object]) -> Iterator[click.Parameter]:
    """Yield what is typed for the parameters of *function*."""
    for name, one in inspect.signature(function).parameters.items():
        if isinstance(one.default, FunctionType):
            yield from parameters(one.default)
        elif isinstance(one.default, partial):
            make, (flags,), said = one.default.func, one.default.args, one.default.keywords
            yield make([*flags, name], **{**_by_type(one.annotation, is_option=make is click.Option, **said), **said})


def _by_type(annotation: Any, *, is_option: bool, required: bool = False, **_: object) -> dict[str, Any]:
    """Return what the type of a parameter says of how it is typed."""
    kinds = get_args(annotation) if get_origin(annotation) is not Literal else ()
    kind, *others = kinds or (annotation,)
    by: dict[str, Any] = {"type": _readers(kind)}
    if EllipsisType in map(type, others):
        by |= {"multiple": True} if is_option else {"nargs": -1}
    elif kind is bool:
        by = {"is_flag": True}
    elif not is_option:
        by |= {"required": NoneType not in others}
    elif kind is str and not others and not required:
        by |= {"default": ""}
    return by


def _readers(kind: Any) -> Any:
    """Return what makes a value of *kind* of a text."""
    if get_origin(kind) is Literal:
        return click.Choice(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Values(kind)
    return {Path: PATH, datetime: moment}.get(kind, kind)


def given(function: Callable[..., object], typed: dict[str, Any], **more: object) -> object:
    """Return what *function* makes of what was *typed* and of *more*."""
    values: dict[str, object] = {}
    for name, one in inspect.signature(function).parameters.items():
        is_own = isinstance(one.default, FunctionType)
        values[name] = given(one.default, typed) if is_own else typed[name] if name in typed else more[name]
    return function(**values)


def moment(given: str) -> datetime:
    """Return the moment that is *given* with its zone; a day alone begins at midnight UTC.

    Raises:
        InputError: it is no moment, or says a time without its zone.
    """
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise InputError(f"{given} is no time: write 2026-11-20T14:00Z, or 2026-11-20 for that day.") from None
    if found.tzinfo is None and len(given) > len("2026-11-20"):
        raise InputError(f"{given} says no zone: add Z for UTC, or an offset such as +01:00.")
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def zone(given: str) -> str:
    """Return the time zone that is *given*, or nothing.

    Raises:
        InputError: there is no such zone.
    """
    try:
        return str(ZoneInfo(given)) if given else ""
    except (ValueError, OSError, KeyError):
        raise InputError(f'--zone: "{given}" is no IANA time zone; write one like Europe/Zurich.') from None


def read_bytes(file: Path, most: int = -1) -> bytes:
    """Return what *file* holds, or its beginning.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error


def read_text(file: Path, most: int = -1) -> str:
    """Return the text that *file* holds in UTF-8, or its beginning.

    Raises:
        InputError: it cannot be read or is no UTF-8.
    """
    try:
        return read_bytes(file, most).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not in UTF-8.") from error


def write_new(file: Path, data: bytes) -> None:
    """Write a file that is not there yet.

    Raises:
        ConflictError: it is there already.
        InputError: it cannot be written.
    """
    try:
        with file.open("xb") as out:
            out.write(data)
    except FileExistsError:
        raise ConflictError(
            f"{file} is there already, perhaps filled in, and nothing was written. Move it away, or name another file."
        ) from None
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.") from None
