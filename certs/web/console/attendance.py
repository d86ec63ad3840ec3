"""Screen 1: get all exports in, and see what is missing."""

from flask import Blueprint, Response

from certs.model import UserRole
from certs.web.console.desk import allows, desk, guard
from certs.web.console.event import screen as event_screen
from certs.work import imports
from certs.work.exports import exports

pages = Blueprint("attendance", __name__)
guard(pages)
EVERYBODY = (UserRole.ORGANISER, UserRole.APPROVER, UserRole.VIEWER)


@pages.get("/desk/<slug>/attendance")
@allows(*EVERYBODY)
def screen(slug: str) -> Response:
    """Show every session with its exports."""
    event = imports.event_of(desk().register, slug)
    return event_screen("attendance.html", slug, "attendance", found=exports(desk().register, event))
