"""How a command is to be done: as whom and why, asked or not, told to a person or to a program.

@click.command()
@click.argument("slug")
@shared(REASON, YES, AS, JSON)
def lift(slug: str, how: How) -> None:
    ...
    how.confirm("Lift it?")
    how.tell({"event": slug}, f"Lifted in {slug}.")
"""

import getpass
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from certs.cli.context import confirm, write_json
from certs.errors import InputError
from certs.model import Act

if TYPE_CHECKING:
    from certs.build import App

Option = Callable[[Callable[..., Any]], Callable[..., Any]]


def because(text: str, *, required: bool = True) -> Option:
    """Return the option --reason, without which a command does nothing if it is *required*."""
    if required:
        return click.option("--reason", required=True, metavar="TEXT", help=text)
    return click.option("--reason", default="", metavar="TEXT", help=text)


def unasked(text: str = "Do not ask.") -> Option:
    """Return the option --yes."""
    return click.option("--yes", is_flag=True, help=text)


WHY = "Why, for the audit trail."
REASON = because(WHY, required=False)
BECAUSE = because(WHY)
YES = unasked()
AS = click.option("--as", "actor", metavar="NAME", help="Who acts (default: CERTS_ACTOR or the system user).")
JSON = click.option("--json", "wants_json", is_flag=True, help="Print JSON for a program to read.")


@dataclass(frozen=True, slots=True)
class How:
    """What was said with the shared options; nothing for those that a command does not have."""

    reason: str = ""
    yes: bool = False
    actor: str | None = None
    wants_json: bool = False

    def act(self, app: "App") -> Act:
        """Return the act, now.

        Raises:
            InputError: the name is blank.
        """
        name = app.settings.actor if self.actor is None else self.actor.strip()
        if not name:
            raise InputError("--as needs a name.")
        act = Act(name, app.clock(), self.reason.strip())
        return act if self.actor is None else replace(act, role=f"{act.role}, by the word of {_at_the_shell()}")

    def confirm(self, question: str) -> None:
        """Ask *question*, unless nobody is to be asked; see `certs.cli.context.confirm`.

        Raises:
            InputError: nobody can be asked.
            Exit: the answer is no.
        """
        confirm(question, yes=self.yes)

    def tell(self, view: Mapping[str, object] | Sequence[object], *lines: str) -> None:
        """Print *view* for a program, or *lines* for a person."""
        if self.wants_json:
            write_json(view)
        else:
            echo(*lines)


def _at_the_shell() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def echo(*lines: str, err: bool = False) -> None:
    """Print *lines*, as data or beside it."""
    for line in lines:
        click.echo(line, err=err)


def shared(*options: Option) -> Option:
    """Give a command *options*; it gets what they say as `how`."""

    def give(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def called(
            reason: str = "", yes: bool = False, actor: str | None = None, wants_json: bool = False, **own: Any
        ) -> object:
            return command(**own, how=How(reason, yes, actor, wants_json))

        given: Callable[..., Any] = called
        for option in reversed(options):
            given = option(given)
        return given

    return give
