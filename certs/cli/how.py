"""How a command is made, and how one call of it is to be done: as whom and why, asked or not, for person or program.

@command(REASON, YES, AS, JSON)
def lift(how: How, slug: str = SLUG, kind: str = option("--kind", "Which kind.")) -> None:
'''Let the rule decide again in event SLUG.'''
how.confirm("Lift it?")
how.tell({"event": slug}, f"Lifted in {slug}.")
"""

import gc
import getpass
import inspect
import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from certs.cli import INTERRUPTED
from certs.cli.declare import given, parameters
from certs.cli.tables import Lines, write_json, write_lines
from certs.config import Settings
from certs.errors import InputError
from certs.model import Act

if TYPE_CHECKING:
    from certs.build import App
    from certs.ports import Store


def because(text: str = "Why, for the audit trail.", *, required: bool = True) -> click.Option:
    """Return the option --reason, without which a command does nothing if it is *required*."""
    if required:
        return click.Option(["--reason"], required=True, metavar="TEXT", help=text)
    return click.Option(["--reason"], default="", metavar="TEXT", help=text)


def unasked(text: str = "Do not ask.") -> click.Option:
    """Return the option --yes."""
    return click.Option(["--yes"], is_flag=True, help=text)


REASON = because(required=False)
BECAUSE = because()
YES = unasked()
AS = click.Option(["--as", "actor"], metavar="NAME", help="Who acts (default: CERTS_ACTOR or the system user).")
JSON = click.Option(["--json", "wants_json"], is_flag=True, help="Print JSON for a program to read.")


def command(
    *options: click.Option, name: str = "", of: click.Group | None = None
) -> Callable[[Callable[..., object]], click.Command]:
    """Make a command, one *of* a group, that has *options* beside what its parameters say."""

    def make(function: Callable[..., object]) -> click.Command:
        def called(
            *, reason: str = "", yes: bool = False, actor: str | None = None, wants_json: bool = False, **typed: Any
        ) -> object:
            return given(function, typed, how=How(reason, actor, yes=yes, wants_json=wants_json))

        named = name or function.__name__.replace("_", "-")
        made = click.Command(named, callback=called, params=[*parameters(function), *options], help=_help(function))
        if of is not None:
            of.add_command(made)
        return made

    return make


def group(function: Callable[[], None]) -> click.Group:
    """Make a group of commands."""
    return click.Group(function.__name__, help=_help(function))


def _help(function: Callable[..., object]) -> str:
    """Return the docstring; examples are not wrapped."""
    return (inspect.getdoc(function) or "").replace("\n\nExample", "\n\n\b\nExample")


class How:
    """One call of a command: the program, and what was said with the shared options."""

    def __init__(self, reason: str, actor: str | None, *, yes: bool, wants_json: bool) -> None:
        self.reason, self.yes, self.wants_json = reason.strip(), yes, wants_json
        self.actor = actor

    @cached_property
    def app(self) -> "App":
        """The program, put together when it is first needed; see `open_app` for what it raises."""
        return open_app()

    @property
    def store(self) -> "Store":
        """The register."""
        return self.app.store

    def begin(self, *, beside_keys: bool = False) -> None:
        """Let the register begin, if there is none; only for commands that are meant to.

        Raises:
            ConflictError: there are keys, whose register must be somewhere else.
            StorageError: the database is out of reach, or holds something else.
        """
        if self.app.begin(beside_keys=beside_keys):
            place = self.app.settings.sqlite_file or "the database of CERTS_DATABASE_URL"
            self.note(f"A new register begins at {place}.")

    def act(self, because: str = "") -> Act:
        """Return the act, now; *because* is its reason where none was said.

        Raises:
            InputError: the name is blank.
        """
        name = self.app.settings.actor if self.actor is None else self.actor.strip()
        if not name:
            raise InputError("--as needs a name.")
        act = Act(name, self.app.clock(), self.reason or because)
        return act if self.actor is None else replace(act, role=f"{act.role}, by the word of {_at_the_shell()}")

    def confirm(self, question: str) -> None:
        """Ask *question*, unless nobody is to be asked; without a terminal to ask at, refuse.

        Raises:
            InputError: nobody can be asked.
            Exit: the answer is no.
            Abort: there is none.
        """
        if self.yes:
            return
        if not sys.stdin.isatty():
            raise InputError(f"{question} Nobody is there to answer; say --yes to go ahead.")
        if not click.confirm(question, err=True):
            self.note("Nothing was done.")
            raise click.exceptions.Exit(INTERRUPTED)

    def tell(self, view: Mapping[str, object] | Sequence[object], *lines: Lines, aside: Iterable[Lines] = ()) -> None:
        """Print *view* for a program, or for a person *lines*, and others *aside* of the data."""
        if self.wants_json:
            write_json(view)
        else:
            self.show(*lines)
            self.note(*aside)

    def show(self, *lines: Lines) -> None:
        """Print *lines*, which are data."""
        write_lines(lines)

    def note(self, *lines: Lines) -> None:
        """Print *lines* beside the data."""
        write_lines(lines, err=True)


def _at_the_shell() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


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
