"""`certs user`: those who sign in to the console, and what each may do in which event."""

from collections.abc import Callable
from urllib.parse import urlsplit

import click

from certs.cli.context import act_of, acting, aligned, as_json, open_app, write_json
from certs.errors import InputError
from certs.model import Act, User, UserRole
from certs.ports import Store
from certs.views import users as views


@click.group()
def user() -> None:
    """Make, invite and suspend those who sign in, and give them roles in events."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="What she is called; the trail says it.")
@click.option("--administrator", is_flag=True, help="Of the installation: users, keys, settings.")
@acting
def add(email: str, name: str, administrator: bool, actor: str | None) -> None:
    """Make a user and print the link by which she chooses a password; it opens once, within a day.

    \b
    Example:
      certs user add ana@example.org --name "Ana Ferreira" --administrator
    """
    from certs.work import users  # noqa: PLC0415 -- argon2, which help does not need

    app = open_app()
    act = act_of(app, actor)
    made = users.add(app.store, email, name, act, administrator=administrator)
    _print_link(app.settings.base_url, users.invite(app.store, made, act))


@user.command()
@click.argument("email")
@acting
def reset(email: str, actor: str | None) -> None:
    """Print a new link by which EMAIL chooses a password; her authenticator app and passkeys stay.

    \b
    Example:
      certs user reset ana@example.org
    """
    from certs.work import users  # noqa: PLC0415

    app = open_app()
    _print_link(app.settings.base_url, users.invite(app.store, users.find(app.store, email), act_of(app, actor)))


@user.command()
@click.argument("email")
@click.option("--end", is_flag=True, help="Let her in again.")
@acting
def suspend(email: str, end: bool, actor: str | None) -> None:
    """Suspend EMAIL: she is signed out everywhere and cannot sign in.

    \b
    Example:
      certs user suspend ben@example.org
    """
    from certs.work import users  # noqa: PLC0415

    app = open_app()
    users.change(app.store, users.find(app.store, email), act_of(app, actor), suspended=not end)
    click.echo(f"{email} {'may sign in again' if end else 'is suspended and signed out everywhere'}.")


def _of_roles(does: str) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command that changes a role."""

    def made(command: Callable[..., None]) -> click.Command:
        for option in (
            click.argument("role", type=click.Choice([role.value for role in UserRole])),
            click.argument("slug"),
            click.argument("email"),
            acting,
        ):
            command = option(command)
        return user.command(does)(command)

    return made


@_of_roles("give")
def give(email: str, slug: str, role: str, actor: str | None) -> None:
    """Give EMAIL a role in the event SLUG: organiser, approver or viewer.

    \b
    Example:
      certs user give ana@example.org cgmp-2026 organiser
    """
    _change_role(email, actor, lambda store, one, act: store.users.give(one.ref, slug, UserRole(role), act))
    click.echo(f"{email} is {role} of {slug}.")


@_of_roles("take")
def take(email: str, slug: str, role: str, actor: str | None) -> None:
    """Take a role in the event SLUG from EMAIL.

    \b
    Example:
      certs user take ben@example.org cgmp-2026 approver
    """
    _change_role(email, actor, lambda store, one, act: store.users.take(one.ref, slug, UserRole(role), act))
    click.echo(f"{email} is no {role} of {slug} any more.")


@user.command("list")
@as_json
def list_(wants_json: bool) -> None:
    """List users with their roles and how they sign in.

    \b
    Example:
      certs user list
    """
    store = open_app().store
    found = [views.user(one, store.users.roles(one.ref)) for one in store.users.all()]
    if wants_json:
        write_json(found)
        return
    if not found:
        raise InputError("There are no users yet: certs user add ADDRESS --name NAME --administrator makes the first.")
    for line in aligned([_row(one) for one in found]):
        click.echo(line)


def _change_role(email: str, actor: str | None, change: Callable[[Store, User, Act], None]) -> None:
    from certs.work import users  # noqa: PLC0415

    app = open_app()
    change(app.store, users.find(app.store, email), act_of(app, actor))


def _print_link(base_url: str, token: str) -> None:
    click.echo(f"{base_url}/sign-in/first/{token}")
    click.echo("Give this link to her by a way that you trust: it opens once, within a day.", err=True)
    if urlsplit(base_url).hostname in {"127.0.0.1", "localhost"}:
        click.echo("It leads to this machine; set base_url for one that others can open.", err=True)


def _row(one: views.UserView) -> tuple[str, ...]:
    special = ["administrator"] * one["administrator"] + ["suspended"] * (one["suspended_at"] is not None)
    special += [f"{given['event']}: {given['role']}" for given in one["roles"]]
    return one["email"], one["name"], "; ".join(special)
