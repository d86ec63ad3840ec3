"""`certs event`: events by their file."""

from pathlib import Path

import click

from certs import importing
from certs.cli.context import act_of, acting, as_json, open_app, write_json
from certs.eligibility.words import count
from certs.errors import InputError


@click.group()
def event() -> None:
    """Add and list events.

    \b
    Example:
      certs event add marathon.toml --as Ana
    """


@event.command()
@click.argument("file", type=click.Path(path_type=Path))
@acting
@as_json
def add(file: Path, actor: str | None, wants_json: bool) -> None:
    """Add the event that FILE describes, or take over a changed FILE.

    \b
    Example:
      certs event add demo/marathon.toml
    """
    text = read_text(file)
    app = open_app()
    added, changed = importing.add_event(app.store, text, file.name, act_of(app, actor), app.settings.base_url)
    if wants_json:
        write_json({"event": added.slug, "sessions": len(added.sessions), "changed": changed})
    else:
        said = "is in the register" if changed else "was in the register already, just so"
        click.echo(f"Event {added.slug} ({added.title}, {count(len(added.sessions), 'session')}) {said}.")


@event.command(name="list")
@as_json
def list_(wants_json: bool) -> None:
    """List the events of the register.

    \b
    Example:
      certs event list
    """
    slugs = open_app().store.events.slugs()
    if wants_json:
        write_json({"events": slugs})
    else:
        click.echo("\n".join(slugs) or "There are no events yet. Add one with: certs event add FILE")


def read_bytes(file: Path) -> bytes:
    """Return what *file* holds.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error


def read_text(file: Path) -> str:
    """Return the text that *file* holds in UTF-8.

    Raises:
        InputError: it cannot be read or is no UTF-8.
    """
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not in UTF-8.") from error
