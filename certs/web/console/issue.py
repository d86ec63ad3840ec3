"""Issue: check, order, let another person approve, watch it being done."""

from collections.abc import Callable, Sequence
from random import SystemRandom

from flask import Blueprint, Response, request, url_for

from certs.errors import CertsError, DeniedError, NotFoundError
from certs.model import Act, Batch, Errand, ErrandKind, Number, UserRole
from certs.ports import Store
from certs.web.console import notice
from certs.web.console.desk import (
    READERS,
    act,
    allows,
    desk,
    guard,
    hides_addresses,
    is_fresh,
    refused,
    see_other,
    who,
    worded,
)
from certs.web.console.errand import waits
from certs.web.console.event import screen
from certs.web.console.sign_in import show_again
from certs.wording import say, say_n
from certs.work import due, ending, errands, orders, review

pages = Blueprint("issue", __name__)
guard(pages)


@pages.get("/desk/<slug>/issue", endpoint="screen")
@allows(*READERS)
def before(slug: str) -> Response:
    """Show what would be ordered, and every order with its state."""
    return _before(slug)


@pages.post("/desk/<slug>/issue")
@allows(UserRole.ORGANISER)
def order(slug: str) -> Response:
    """Ask the worker to order the certificates, in the number that was shown."""
    form, doing = request.form, act(request.form.get("reason", ""), UserRole.ORGANISER)
    demo, accepted = due.signs_as_demo(desk().keys), form.getlist("accept")
    how = errands.Ordering(form.get("expected", 0, int), demo, doing.signed_in, accepted)
    return waits(errands.order(desk().register, slug, form.get("kind", ""), how, doing))


@pages.get("/desk/<slug>/batches/<int:ordinal>")
@allows(*READERS)
def batch(slug: str, ordinal: int) -> Response:
    """Show an order as far as it is: to approve, being issued, done or ended."""
    return _batch(desk().register.batches.at(slug, ordinal))


@pages.post("/desk/<slug>/batches/<int:ordinal>/approve")
@allows(UserRole.APPROVER, UserRole.ORGANISER)
def approve(slug: str, ordinal: int) -> Response:
    """Approve an order, the password or passkey shown again; issue it at once if that is wished."""
    found = desk().register.batches.at(slug, ordinal)
    try:
        _demand_may_approve(found)
        typed = request.form.get("password", "")
        wrong, status = ("", 200) if is_fresh() and not typed else show_again(typed)
        if wrong:
            return _batch(found, status, wrong={"password": wrong})
        approved = orders.approve(desk().register, found.id, act(role=_role(found)))
    except CertsError as error:
        return _batch(desk().register.batches.get(found.id), refused(error), wrong={"approve": worded(error)})
    return _issue(approved) if request.form.get("then") == "issue" else see_other(_address(approved))


@pages.post("/desk/<slug>/batches/<int:ordinal>/reject")
@allows(UserRole.APPROVER)
def reject(slug: str, ordinal: int) -> Response:
    """Send an order back with a reason."""
    return _end(slug, ordinal, ending.reject, UserRole.APPROVER)


@pages.post("/desk/<slug>/batches/<int:ordinal>/withdraw")
@allows(UserRole.ORGANISER)
def withdraw(slug: str, ordinal: int) -> Response:
    """Give up what of an order is not issued."""
    return _end(slug, ordinal, ending.cancel, UserRole.ORGANISER)


@pages.post("/desk/<slug>/batches/<int:ordinal>/issue")
@allows(UserRole.ORGANISER)
def start(slug: str, ordinal: int) -> Response:
    """Ask the worker to issue an approved order, or to try again."""
    return _issue(desk().register.batches.at(slug, ordinal))


def _demand_may_approve(found: Batch) -> None:
    """Refuse an organiser to approve where two people are demanded: only approvers do, and never the orderer.

    Raises:
        DeniedError: it is so.
    """
    if not due.may_approve(found, _roles(found), who().user.name):
        raise DeniedError(say("You ordered this, or are no approver of this event: somebody else must approve it."))


def _role(found: Batch) -> UserRole:
    return UserRole.APPROVER if UserRole.APPROVER in _roles(found) else UserRole.ORGANISER


def _roles(found: Batch) -> set[UserRole]:
    return {one.role for one in desk().register.users.roles(who().user.ref) if one.slug == found.slug}


def _issue(found: Batch) -> Response:
    """Keep the intent; the worker does it."""
    errands.issue(desk().register, found, act(role=_role(found)))
    return see_other(_address(found))


def _end(
    slug: str, ordinal: int, how: Callable[[Store, int, Act, ending.Gone], Sequence[Number]], role: UserRole
) -> Response:
    register = desk().register
    found = register.batches.at(slug, ordinal)
    try:
        gone = how(register, found.id, act(request.form.get("reason", ""), role), lambda token: False)
    except CertsError as error:
        return _batch(register.batches.get(found.id), refused(error), wrong={"ending": worded(error)})
    told = say_n(
        "The order is given up: {n:,} certificate is not issued.",
        "The order is given up: {n:,} certificates are not issued.",
        len(gone),
    )
    return notice.done(_address(found), told)


def _address(found: Batch) -> str:
    return url_for("issue.batch", slug=found.slug, ordinal=found.ordinal)


def _is_judged(found: Batch) -> bool:
    """Say whether somebody still has to look at what an order would issue."""
    return bool(found.remaining) and not found.ending and found.approved_at is None


def _before(slug: str, status: int = 200, **values: object) -> Response:
    register = desk().register
    found = due.look(register, slug, request.values.get("kind", ""), desk().base_url, desk().keys, desk().clock())
    approvers = [one.user.name for one in register.users.of_event(slug) if one.role is UserRole.APPROVER]
    refusal = _refusal(slug)
    shown = {"wrong": {"order": refusal.sentence} if refusal else {}, "typed": refusal.reason if refusal else ""}
    return screen("issue.html", slug, "issue", status, **{**shown, "due": found, "approvers": approvers, **values})


def _refusal(slug: str) -> Errand | None:
    """Return the order that was asked for and refused, where the address names one."""
    try:
        found = desk().register.errands.get(request.args.get("refused", 0, int))
    except NotFoundError:
        return None
    is_it = found.wish.kind is ErrandKind.ORDER and found.wish.slug == slug and found.code
    return found if is_it else None


def _batch(found: Batch, status: int = 200, **values: object) -> Response:
    register, now = desk().register, desk().clock()
    glance = review.glance(register, found, now, SystemRandom()) if _is_judged(found) else None
    held = register.batches.held(found.id)
    asked = register.errands.newest(ErrandKind.ISSUE, found.slug)
    errand = asked if asked and asked.wish.what == found.reference else None
    shown = {"wrong": {}, "batch": found, "glance": glance, "held": held, "errand": errand}
    shown |= {
        "may_approve": due.may_approve(found, _roles(found), who().user.name),
        "masked": hides_addresses(found.slug),
    }
    shown |= {"answers": due.answers_by(register, found.slug)}
    return screen("batch.html", found.slug, "issue", status, **{**shown, **values})
