"""`certs user`: those who sign in to the console, and what each may do in which event."""

from collections.abc import Callable
from urllib.parse import urlsplit

import click

from certs.cli.context import aligned, open_app, write_json
from certs.cli.how import AS, JSON, How, echo, shared
from certs.errors import InputError
from certs.model import Act, User, UserRole
from certs.ports import Store
from certs.views import users as views


@click.group()
def user() -> None:
    """Make, invite and suspend those who sign in, and give them roles in events.

    \b
    Example:
      certs user add ana@example.org --name "Ana Ferreira"
      certs user give ana@example.org cgmp-2026 organiser
    """


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="What she is called; the trail says it.")
@click.option("--administrator", is_flag=True, help="Of the installation: users, keys, settings.")
@shared(AS)
def add(email: str, name: str, administrator: bool, how: How) -> None:
    """Make a user and print the link by which she chooses a password; it opens once, within a day.

    \b
    Example:
      certs user add ana@example.org --name "Ana Ferreira" --administrator
    """
    from certs.work import users  # noqa: PLC0415 -- argon2, which help does not need

    app = open_app()
    act = how.act(app)
    made = users.add(app.store, email, name, act, administrator=administrator)
    _print_link(app.settings.base_url, users.invite(app.store, made, act))


@user.command()
@click.argument("email")
@shared(AS)
def reset(email: str, how: How) -> None:
    """Print a new link by which EMAIL chooses a password; her authenticator app and passkeys stay.

    \b
    Example:
      certs user reset ana@example.org
    """
    from certs.work import users  # noqa: PLC0415

    app = open_app()
    _print_link(app.settings.base_url, users.invite(app.store, users.find(app.store, email), how.act(app)))


@user.command()
@click.argument("email")
@click.option("--end", is_flag=True, help="Let her in again.")
@shared(AS)
def suspend(email: str, end: bool, how: How) -> None:
    """Suspend EMAIL: she is signed out everywhere and cannot sign in.

    \b
    Example:
      certs user suspend ben@example.org
    """
    from certs.work import users  # noqa: PLC0415

    app = open_app()
    users.change(app.store, users.find(app.store, email), how.act(app), suspended=not end)
    click.echo(f"{email} {'may sign in again' if end else 'is suspended and signed out everywhere'}.")


_ROLE = (
    click.argument("email"),
    click.argument("slug"),
    click.argument("role", type=click.Choice([role.value for role in UserRole])),
)


@user.command()
@shared(*_ROLE, AS)
def give(email: str, slug: str, role: str, how: How) -> None:
    """Give EMAIL a role in the event SLUG: organiser, approver or viewer.

    \b
    Example:
      certs user give ana@example.org cgmp-2026 organiser
    """
    _change_role(email, how, lambda store, one, act: store.users.give(one.ref, slug, UserRole(role), act))
    click.echo(f"{email} is {role} of {slug}.")


@user.command()
@shared(*_ROLE, AS)
def take(email: str, slug: str, role: str, how: How) -> None:
    """Take a role in the event SLUG from EMAIL.

    \b
    Example:
      certs user take ben@example.org cgmp-2026 approver
    """
    _change_role(email, how, lambda store, one, act: store.users.take(one.ref, slug, UserRole(role), act))
    click.echo(f"{email} is no {role} of {slug} any more.")


@user.command("list")
@shared(JSON)
def list_(how: How) -> None:
    """List users with their roles and how they sign in.

    \b
    Example:
      certs user list
    """
    store = open_app().store
    found = [views.user(one, store.users.roles(one.ref)) for one in store.users.all()]
    if how.wants_json:
        write_json(found)
        return
    if not found:
        raise InputError("There are no users yet: certs user add ADDRESS --name NAME --administrator makes the first.")
    echo(*aligned([_row(one) for one in found]))


def _change_role(email: str, how: How, change: Callable[[Store, User, Act], None]) -> None:
    from certs.work import users  # noqa: PLC0415

    app = open_app()
    change(app.store, users.find(app.store, email), how.act(app))


def _print_link(base_url: str, token: str) -> None:
    click.echo(f"{base_url}/sign-in/first/{token}")
    click.echo("Give this link to her by a way that you trust: it opens once, within a day.", err=True)
    if urlsplit(base_url).hostname in {"127.0.0.1", "localhost"}:
        click.echo("It leads to this machine; set base_url for one that others can open.", err=True)


def _row(one: views.UserView) -> tuple[str, ...]:
    special = ["administrator"] * one["administrator"] + ["suspended"] * (one["suspended_at"] is not None)
    special += [f"{given['event']}: {given['role']}" for given in one["roles"]]
    return one["email"], one["name"], "; ".join(special)
