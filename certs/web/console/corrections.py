"""Corrections: what is wrong on a certificate, old and new side by side; gathered, and ordered together."""

from flask import Blueprint, Response, request, url_for

from certs.errors import CertsError, InputError
from certs.ground.number import parse
from certs.model import SessionId, Statement, UserRole
from certs.web.console import notice
from certs.web.console.certificates import fate_of, page_of
from certs.web.console.desk import act, allows, desk, guard, refused, worded
from certs.wording import say, say_n
from certs.work import corrections, due
from certs.work.corrections import Changes, Wanted
from certs.work.reason import demand

pages = Blueprint("corrections", __name__)
guard(pages)
_QUARTERS = 4


@pages.post("/desk/<slug>/certificates/<number>/correct")
@allows(UserRole.ORGANISER)
def correct(slug: str, number: str) -> Response:
    """Show old and new side by side; the same once more, said to be right, is put with the corrections to order."""
    doing = act(request.form.get("reason", "").strip(), UserRole.ORGANISER)
    try:
        wanted = _wanted(slug, number)
        demand(doing)
        if request.form.get("sure") != "yes":
            return page_of(slug, number, correction=corrections.look(desk().register, desk().keys, wanted))
        corrections.gather(desk().register, desk().keys, slug, wanted, doing)
    except CertsError as error:
        return page_of(slug, number, refused(error), wrong={"name": worded(error)})
    return notice.done(_list(slug), say("The correction waits below, to be ordered with the others."))


@pages.post("/desk/<slug>/corrections/<number>/out")
@allows(UserRole.ORGANISER)
def take_out(slug: str, number: str) -> Response:
    """Let a correction that waits not be made."""
    corrections.take_out(desk().register, slug, parse(number))
    return notice.done(_list(slug), say("This correction will not be ordered."))


@pages.post("/desk/<slug>/corrections")
@allows(UserRole.ORGANISER)
def order(slug: str) -> Response:
    """Order all corrections that wait, in the number that was shown."""
    register, form = desk().register, request.form
    doing = act(form.get("reason", "").strip(), UserRole.ORGANISER)
    demo = due.signs_as_demo(desk().keys)
    try:
        placed = corrections.order(register, desk().keys, slug, form.get("expected", 0, int), doing, demo=demo)
    except CertsError as error:
        refused(error)
        return notice.done(_list(slug), worded(error), tone="bad")
    told = say_n(
        "{n:,} correction is ordered. Nothing is signed yet.",
        "{n:,} corrections are ordered. Nothing is signed yet.",
        sum(one.remaining for one in placed),
    )
    return notice.done(url_for("issue.batch", slug=slug, ordinal=placed[0].ordinal), told)


def _list(slug: str) -> str:
    return url_for("certificates.screen", slug=slug)


def _wanted(slug: str, number: str) -> Wanted:
    """Return what the form wants otherwise than the certificate says it.

    Raises:
        InputError: the hours are none.
        NotFoundError: the event has no such certificate.
    """
    fate, form = fate_of(slug, number), request.form
    certificate = desk().register.certificate(fate.number)
    if certificate is None or certificate.withheld:
        raise InputError(say("This certificate cannot be read."))
    said, hours = certificate.statement, _quarters(form.get("hours", ""))
    name, language = form.get("name", said.name).strip(), form.get("language", said.language).strip()
    changes = Changes(
        name if name != said.name else None,
        language if language != said.language else None,
        hours if hours not in {None, said.quarter_hours} else None,
        _attended(said),
        insist=form.get("insist") == "yes",
    )
    return Wanted(fate.number, changes)


def _attended(said: Statement) -> frozenset[SessionId] | None:
    """Return the sessions that the form says were attended, where they are others than the certificate's."""
    if "sessions" not in request.form:
        return None
    attended = frozenset(map(SessionId, request.form.getlist("attended")))
    return attended if attended != said.attended else None


def _quarters(typed: str) -> int | None:
    """Return hours as whole quarters, None where nothing was typed.

    Raises:
        InputError: these are none.
    """
    whole, _, part = typed.strip().replace(",", ".").partition(".")
    quarters = {"": 0, "0": 0, "00": 0, "25": 1, "5": 2, "50": 2, "75": 3}
    if not typed.strip():
        return None
    if not (whole.isascii() and whole.isdecimal() and len(whole) < _QUARTERS and part in quarters):
        raise InputError(say("Write hours in quarters, like 7.25."))
    return _QUARTERS * int(whole) + quarters[part]
