"""`certs user`: those who sign in to the console, and what each may do in which event."""

from urllib.parse import urlsplit

from certs.cli import use
from certs.cli.declare import SLUG, argument, option
from certs.cli.how import AS, JSON, How, command, group
from certs.cli.tables import aligned
from certs.errors import InputError
from certs.model import Act, User, UserRole
from certs.views import users as views


@group
def user() -> None:
    """Make, invite and suspend those who sign in, and give them roles in events.

    Example:
      certs user add ana@example.org --name "Ana Ferreira"
      certs user give ana@example.org cgmp-2026 organiser
    """


EMAIL = argument()
ROLE = argument()


@command(AS, of=user)
def add(
    how: How,
    email: str = EMAIL,
    name: str = option("--name", "What she is called; the trail says it.", required=True),
    administrator: bool = option("--administrator", "Of the installation: users, keys, settings."),
) -> None:
    """Make a user and print the link by which she chooses a password; it opens once, within a day.

    Example:
      certs user add ana@example.org --name "Ana Ferreira" --administrator
    """
    act = how.act()
    _invite(how, use.users.add(how.store, email, name, act, administrator=administrator), act)


@command(AS, of=user)
def reset(how: How, email: str = EMAIL) -> None:
    """Print a new link by which EMAIL chooses a password; her authenticator app and passkeys stay.

    Example:
      certs user reset ana@example.org
    """
    _invite(how, use.users.find(how.store, email), how.act())


@command(AS, of=user)
def suspend(how: How, email: str = EMAIL, end: bool = option("--end", "Let her in again.")) -> None:
    """Suspend EMAIL: she is signed out everywhere and cannot sign in.

    Example:
      certs user suspend ben@example.org
    """
    use.users.change(how.store, use.users.find(how.store, email), how.act(), suspended=not end)
    how.show(f"{email} {'may sign in again' if end else 'is suspended and signed out everywhere'}.")


@command(AS, of=user)
def give(how: How, email: str = EMAIL, slug: str = SLUG, role: UserRole = ROLE) -> None:
    """Give EMAIL a role in the event SLUG: organiser, approver or viewer.

    Example:
      certs user give ana@example.org cgmp-2026 organiser
    """
    how.store.users.give(use.users.find(how.store, email).ref, slug, role, how.act())
    how.show(f"{email} is {role} of {slug}.")


@command(AS, of=user)
def take(how: How, email: str = EMAIL, slug: str = SLUG, role: UserRole = ROLE) -> None:
    """Take a role in the event SLUG from EMAIL.

    Example:
      certs user take ben@example.org cgmp-2026 approver
    """
    how.store.users.take(use.users.find(how.store, email).ref, slug, role, how.act())
    how.show(f"{email} is no {role} of {slug} any more.")


@command(JSON, name="list", of=user)
def list_(how: How) -> None:
    """List users with their roles and how they sign in.

    Example:
      certs user list
    """
    found = [views.user(one, how.store.users.roles(one.ref)) for one in how.store.users.all()]
    if not found and not how.wants_json:
        raise InputError("There are no users yet: certs user add ADDRESS --name NAME --administrator makes the first.")
    how.tell(found, aligned([_row(one) for one in found]))


def _invite(how: How, one: User, act: Act) -> None:
    """Print the link by which *one* chooses a password."""
    base_url = how.app.settings.base_url
    how.show(f"{base_url}/sign-in/first/{use.users.invite(how.store, one, act)}")
    how.note("Give this link to her by a way that you trust: it opens once, within a day.")
    if urlsplit(base_url).hostname in {"127.0.0.1", "localhost"}:
        how.note("It leads to this machine; set base_url for one that others can open.")


def _row(one: views.UserView) -> tuple[str, ...]:
    special = ["administrator"] * one["administrator"] + ["suspended"] * (one["suspended_at"] is not None)
    special += [f"{given['event']}: {given['role']}" for given in one["roles"]]
    return one["email"], one["name"], "; ".join(special)
