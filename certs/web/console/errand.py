"""What a worker does that somebody has asked for just now: a page that looks again, and leads on once it is done.

return waits(errands.order(...))      after a form: the intent is kept, and the browser sent to this page
"""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, url_for

from certs.errors import NotFoundError
from certs.model import Errand, ErrandKind
from certs.web.console import notice
from certs.web.console.desk import READERS, allows, desk, guard, see_other
from certs.web.console.event import screen as event_screen
from certs.wording import say
from certs.work.errands import acting

pages = Blueprint("errand", __name__)
guard(pages)


@pages.get("/desk/<slug>/errands/<int:errand>", endpoint="screen")
@allows(*READERS)
def under_way(slug: str, errand: int) -> Response:
    """Show how far an errand is; once it has ended, lead to what it did or found."""
    asked = desk().register.errands.get(errand)
    if asked.wish.slug != slug or asked.wish.kind not in _NEXT:
        raise NotFoundError(say("There is no such page here."))
    if asked.ended_at is not None:
        return _NEXT[asked.wish.kind](asked)
    return event_screen("errand.html", slug, _HERE[asked.wish.kind], errand=asked)


def waits(errand: Errand) -> Response:
    """Send the browser to the page of *errand*."""
    return see_other(url_for("errand.screen", slug=errand.wish.slug, errand=errand.id))


def _told(address: str, errand: Errand) -> Response:
    return notice.done(address, errand.sentence, tone="bad" if errand.code else "good")


def _foreseen(errand: Errand) -> Response:
    slug, (what, _, which) = errand.wish.slug, errand.wish.what.partition(" ")
    if errand.code:
        return _told(url_for("attendance.screen", slug=slug), errand)
    if what == acting.TRAY:
        return see_other(url_for("attendance.effect", slug=slug, file=int(which)))
    return see_other(url_for("attendance.out", slug=slug, sha256=which))


def _changed(errand: Errand) -> Response:
    return _told(url_for("attendance.screen", slug=errand.wish.slug), errand)


def _ordered(errand: Errand) -> Response:
    slug = errand.wish.slug
    if errand.code:
        return see_other(url_for("issue.screen", slug=slug, kind=errand.wish.what or None, refused=errand.id))
    if not errand.outcome:  # another order was placed since
        return see_other(url_for("issue.screen", slug=slug))
    return _told(url_for("issue.batch", slug=slug, ordinal=int(errand.outcome)), errand)


_NEXT: Mapping[ErrandKind, Callable[[Errand], Response]] = {
    ErrandKind.FORESEE: _foreseen,
    ErrandKind.CHANGE: _changed,
    ErrandKind.ORDER: _ordered,
}
_HERE: Mapping[ErrandKind, str] = {
    ErrandKind.FORESEE: "attendance",
    ErrandKind.CHANGE: "attendance",
    ErrandKind.ORDER: "issue",
}
