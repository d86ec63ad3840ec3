"""Users and roles, for administrators: invite, suspend, reset, and who may do what in which event."""

from flask import Blueprint, Response, request, url_for

from certs.errors import CertsError, InputError, NotFoundError
from certs.model import Given, User, UserRole
from certs.web.console.desk import absolute, act, allows, desk, guard, see_other, show, worded
from certs.wording import say
from certs.work import users

pages = Blueprint("members", __name__)
guard(pages)


@pages.get("/desk/users")
@allows(administrator=True)
def listed() -> Response:
    """List users with their roles."""
    return _page()


@pages.post("/desk/users")
@allows(administrator=True, again=True)
def add() -> Response:
    """Make a user and show the link that invites her, once."""
    typed = request.form
    try:
        user = users.add(
            desk().register,
            typed.get("email", ""),
            typed.get("name", ""),
            act(),
            administrator=typed.get("administrator") == "yes",
        )
    except CertsError as error:
        return _page(400, wrong=worded(error), typed=dict(typed))
    return _invite(user)


@pages.post("/desk/users/<ref>/invite")
@allows(administrator=True, again=True)
def invite(ref: str) -> Response:
    """Make a new link to choose a password."""
    return _invite(_user(ref))


@pages.post("/desk/users/<ref>/suspend")
@allows(administrator=True, again=True)
def suspend(ref: str) -> Response:
    """Suspend somebody, or let her in again."""
    users.change(desk().register, _user(ref), act(), suspended=request.form.get("suspended") == "yes")
    return see_other(url_for("members.listed"))


@pages.post("/desk/users/<ref>/administrator")
@allows(administrator=True, again=True)
def administrator(ref: str) -> Response:
    """Make somebody an administrator, or not any more."""
    users.change(desk().register, _user(ref), act(), administrator=request.form.get("administrator") == "yes")
    return see_other(url_for("members.listed"))


@pages.post("/desk/users/<ref>/roles")
@allows(administrator=True, again=True)
def role(ref: str) -> Response:
    """Give or take a role in an event."""
    slug, wish, user = request.form.get("event", ""), request.form.get("role", ""), _user(ref)
    if wish not in set(UserRole):
        raise InputError(say("Choose a role: organiser, approver or viewer."))
    register = desk().register
    change = register.users.take if request.form.get("take") == "yes" else register.users.give
    change(user.ref, slug, UserRole(wish), act())
    return see_other(url_for("members.listed"))


def _user(ref: str) -> User:
    """Return the user of that reference.

    Raises:
        NotFoundError: there is none.
    """
    user = desk().register.users.find(ref)
    if user is None:
        raise NotFoundError(say("There is no such user."))
    return user


def _invite(user: User) -> Response:
    token = users.invite(desk().register, user, act())
    return _page(invited=(user, absolute(url_for("sign_in.first", token=token))))


def _page(status: int = 200, **values: object) -> Response:
    register = desk().register
    everybody = register.users.all()
    roles: dict[str, list[Given]] = {}
    for one in everybody:
        roles[one.ref] = list(register.users.roles(one.ref))
    shown = {"wrong": "", "typed": {}, "invited": None, **values}
    events = register.events.slugs()
    return show("users.html", status, users=everybody, roles=roles, events=events, every_role=list(UserRole), **shown)
