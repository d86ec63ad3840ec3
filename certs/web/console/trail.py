"""The trail of an event: who did what, when and why."""

import json
from collections.abc import Iterator
from dataclasses import astuple, fields
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, Response, request

from certs.errors import InputError
from certs.model import AuditEntry, EntriesSought, UserRole
from certs.views import trail as views
from certs.web.console.desk import READERS, allows, desk, download, guard, hides_addresses, worded
from certs.web.console.event import screen
from certs.wording import say
from certs.work.deliver.spreadsheet import as_csv

pages = Blueprint("trail", __name__)
guard(pages)
_AT_ONCE = 1000
_COLUMNS = [field.name for field in fields(AuditEntry)]


@pages.get("/desk/<slug>/trail", endpoint="screen")
@allows(*READERS)
def entries(slug: str) -> Response:
    """List entries, newest first, by person, act and day."""
    asked, wrong, status = request.args, {}, 200
    try:
        sought = _sought(slug)
    except InputError as error:
        sought, wrong, status = EntriesSought(event=slug), {"day": worded(error)}, 400
    page = desk().register.lists.entries(sought, asked.get("after", ""))
    shown = {"page": page, "sought": sought, "asked": asked, "wrong": wrong, "masked": hides_addresses(slug)}
    return screen("trail.html", slug, "trail", status, **shown)


@pages.get("/desk/<slug>/trail.json")
@allows(UserRole.ORGANISER, UserRole.APPROVER)
def as_json(slug: str) -> Response:
    """Return the entries of a filter as JSON, as `certs audit --json` has them."""
    text = json.dumps(views.trail(slug, _everything(slug)), ensure_ascii=False, indent=1)
    return download(text.encode(), "application/json", f"{slug}-trail.json")


@pages.get("/desk/<slug>/trail.csv")
@allows(UserRole.ORGANISER, UserRole.APPROVER)
def as_table(slug: str) -> Response:
    """Return the entries of a filter as CSV, every field."""
    return download(as_csv(_COLUMNS, map(astuple, _everything(slug))), "text/csv", f"{slug}-trail.csv")


def _everything(slug: str) -> Iterator[AuditEntry]:
    sought, after, more = _sought(slug), "", True
    while more:
        page = desk().register.lists.entries(sought, after, _AT_ONCE)
        yield from page.items
        after, more = page.after, bool(page.after)


def _sought(slug: str) -> EntriesSought:
    """Return what the address asks for.

    Raises:
        InputError: its day is none.
    """
    asked = request.args
    since = _midnight(asked["day"]) if asked.get("day") else None
    until = since + timedelta(days=1) if since else None
    return EntriesSought(
        slug, asked.get("actor") or None, asked.get("act") or None, asked.get("subject") or None, since, until
    )


def _midnight(typed: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(typed), datetime.min.time(), UTC)
    except ValueError:
        raise InputError(say("Give a day like 2026-11-30.")) from None
