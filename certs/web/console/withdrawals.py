"""Withdraw many certificates at once, chosen or all that a filter shows, and take that back as a whole."""

from datetime import datetime

from flask import Blueprint, Response, request, url_for

from certs.errors import CertsError, ConflictError, InputError
from certs.model import CertificatesSought, Fate, RevocationReason, Stands, UserRole
from certs.web.console import notice
from certs.web.console.certificates import reason_of
from certs.web.console.desk import act, allows, desk, guard, refused, worded
from certs.web.console.event import screen
from certs.wording import say, say_n
from certs.work import errands, revocations

pages = Blueprint("withdrawals", __name__)
guard(pages)


@pages.get("/desk/<slug>/certificates/withdraw", endpoint="screen")
@allows(UserRole.ORGANISER, again=True)
def before(slug: str) -> Response:
    """Show which certificates are chosen, and ask why."""
    try:
        return _page(slug, _chosen(slug))
    except InputError as error:
        return notice.done(url_for("certificates.screen", slug=slug), worded(error), tone="warn")


@pages.post("/desk/<slug>/certificates/withdraw")
@allows(UserRole.ORGANISER, again=True)
def withdraw(slug: str) -> Response:
    """Withdraw them, in the number that was shown: everybody reads class and sentence, the trail alone the note."""
    register, form = desk().register, request.form
    fates = _chosen(slug)
    try:
        if form.get("expected", 0, int) != len(fates):
            raise ConflictError(say("By now these are others. Nothing was withdrawn: look again."))
        reason, said = reason_of(form.get("class", "")), form.get("said", "").strip()
        left = revocations.to_revoke(fates, reason, said)
        doing = act(form.get("note", ""), UserRole.ORGANISER)
        if left:
            revocations.revoke(register, [one.number for one in left], reason, doing, said=said)
    except CertsError as error:
        return _page(slug, fates, refused(error), wrong={"withdraw": worded(error)})
    way_back = notice.Undo(url_for("withdrawals.undo", slug=slug), {"at": doing.at.isoformat()})
    told = say_n(
        "{n:,} certificate is withdrawn. Everybody who checks it sees so.",
        "{n:,} certificates are withdrawn. Everybody who checks them sees so.",
        len(left),
    )
    return _publish_and_tell(slug, told, way_back)


@pages.post("/desk/<slug>/certificates/withdraw/undo")
@allows(UserRole.ORGANISER)
def undo(slug: str) -> Response:
    """Take back all that was withdrawn in one act, within ten minutes of it."""
    try:
        at = datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        raise InputError(say("This is no moment.")) from None
    fates = revocations.revoked_at(desk().register, slug, at)
    revocations.undo(desk().register, [one.number for one in fates], act("undone", UserRole.ORGANISER))
    told = say_n("{n:,} certificate counts again.", "{n:,} certificates count again.", len(fates))
    return _publish_and_tell(slug, told)


def _publish_and_tell(slug: str, sentence: str, way_back: notice.Undo | None = None) -> Response:
    """Let the worker tell foreign verifiers, and go back to the list."""
    errands.publish(desk().register, act(role=UserRole.ORGANISER))
    return notice.done(url_for("certificates.screen", slug=slug), sentence, way_back)


def _chosen(slug: str) -> list[Fate]:
    """Return the certificates that are chosen by a tick each, or by the filter.

    Raises:
        InputError: none is, or one is not of this event.
    """
    given = request.values
    if given.get("whom") == "all":
        stands = given.get("stands", "")
        if stands and stands not in set(Stands):
            raise InputError(say("Choose the certificates first."))
        sought = CertificatesSought(given.get("search", "").strip()[:100], Stands(stands) if stands else None)
        found = revocations.in_force(desk().register, slug, sought)
    else:
        found = revocations.of_event(desk().register, slug, given.getlist("number")) if "number" in given else []
    if not found:
        raise InputError(say("Choose the certificates first."))
    return found


def _page(slug: str, fates: list[Fate], status: int = 200, **values: object) -> Response:
    given, classes = request.values, list(RevocationReason)
    shown = {"wrong": {}, "fates": fates, "given": given, "classes": classes, **values}
    return screen("withdraw.html", slug, "certificates", status, **shown)
