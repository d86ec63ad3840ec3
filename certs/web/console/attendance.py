"""Screen 1: get all exports in, see what is missing, answer what a file leaves open."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for

from certs.errors import InputError, NotFoundError
from certs.model import Errand, ErrandKind, UserRole
from certs.web.console import notice
from certs.web.console.desk import act, allows, desk, guard, worded
from certs.web.console.errand import waits
from certs.web.console.event import count_anew
from certs.web.console.event import screen as event_screen
from certs.web.edge.bodies import takes
from certs.wording import joined, say, say_n
from certs.work import errands, imports, receive
from certs.work import evidence as by_hand
from certs.work.errands import acting
from certs.work.exports import export, exports, lost

pages = Blueprint("attendance", __name__)
guard(pages)
EVERYBODY = (UserRole.ORGANISER, UserRole.APPROVER, UserRole.VIEWER)
MOST_BYTES = 100 << 20
"""What may be dropped at once; nine exports of a marathon are 5 MB."""
_SHOWN = 200
_BODY_BYTES = MOST_BYTES + (64 << 10)


@pages.get("/desk/<slug>/attendance")
@allows(*EVERYBODY)
def screen(slug: str) -> Response:
    """Show every session with its exports, what waits, and how the reading went that the address names."""
    found = exports(desk().register, imports.event_of(desk().register, slug))
    read = _reading(slug, request.args.get("read", 0, int))
    return event_screen("attendance.html", slug, "attendance", found=found, most_bytes=MOST_BYTES, read=read)


@pages.post("/desk/<slug>/attendance")
@allows(UserRole.ORGANISER)
@takes(_BODY_BYTES)
def upload(slug: str) -> Response:
    """Keep the files that were sent, and let them be read unless more are on the way."""
    given = _uploads()
    again = receive.keep(desk().register, slug, given, act(role=UserRole.ORGANISER))
    known = joined([say("{file} is here already: nothing changes.", file=one.name) for one in again])
    if request.form.get("more") == "yes":
        return Response(known, 200 if known else 204, content_type="text/plain; charset=utf-8")
    if not given:
        return notice.done(_screen(slug), say("Choose the files first."), tone="warn")
    return _read(slug, known) if len(again) < len(given) else notice.done(_screen(slug), known)


@pages.post("/desk/<slug>/attendance/read")
@allows(UserRole.ORGANISER)
def read(slug: str) -> Response:
    """Let the files be read that arrived and were not read yet."""
    return _read(slug)


@pages.post("/desk/<slug>/attendance/waiting/<int:file>")
@allows(UserRole.ORGANISER)
def answer(slug: str, file: int) -> Response:
    """Read a file with answers to what it asked; one that corrects another waits to be looked at."""
    register, given = desk().register, request.form.to_dict()
    waiting = receive.in_tray(register, slug, file)
    word = given.get(receive.CHANGED, receive.BESIDE)
    try:
        if word != receive.BESIDE:
            old = export(register, slug, word).imported
            kept = imports.Upload(waiting.name, register.tray.content(slug, file))
            new = receive.put_in_place(register, slug, kept, old, act(role=UserRole.ORGANISER))
            return _look(slug, acting.TRAY, new)
        receive.answer(register, slug, file, given)
    except InputError as error:
        return notice.done(_screen(slug), worded(error), tone="warn")
    return _read(slug)


@pages.post("/desk/<slug>/attendance/waiting/<int:file>/away")
@allows(UserRole.ORGANISER)
def put_away(slug: str, file: int) -> Response:
    """Put a file away that does not count."""
    one = receive.in_tray(desk().register, slug, file)
    desk().register.tray.take(slug, [file])
    return notice.done(_screen(slug), say("{file} was put away.", file=one.name))


@pages.post("/desk/<slug>/attendance/waiting/<int:file>/look")
@allows(UserRole.ORGANISER)
def look_in(slug: str, file: int) -> Response:
    """Ask the worker what would change if a file that waits counted."""
    receive.in_tray(desk().register, slug, file)
    return _look(slug, acting.TRAY, file)


@pages.get("/desk/<slug>/attendance/waiting/<int:file>")
@allows(UserRole.ORGANISER)
def effect(slug: str, file: int) -> Response:
    """Show what would change if a file that waits counted, as it was worked out."""
    name = receive.in_tray(desk().register, slug, file).name
    found = errands.foreseen(desk().register, slug, acting.TRAY, file)
    look, agree = (url_for(f"attendance.{one}", slug=slug, file=file) for one in ("look_in", "count"))
    return event_screen("effect.html", slug, "attendance", name=name, found=found, out=False, look=look, act=agree)


@pages.post("/desk/<slug>/attendance/waiting/<int:file>/count")
@allows(UserRole.ORGANISER)
def count(slug: str, file: int) -> Response:
    """Ask that a file that waits count, as it was shown."""
    waiting = receive.in_tray(desk().register, slug, file)
    return _change(slug, (acting.TRAY, file), waiting.name, waiting.sha256)


@pages.get("/desk/<slug>/attendance/files/<sha256>")
@allows(*EVERYBODY)
def file(slug: str, sha256: str) -> Response:
    """Show a file: what it holds, and its rows that count for nobody."""
    one = export(desk().register, slug, sha256)
    rows = lost(desk().register, slug, one.imported)
    return event_screen("export.html", slug, "attendance", one=one, rows=rows)


@pages.post("/desk/<slug>/attendance/files/<sha256>/replace")
@allows(UserRole.ORGANISER)
@takes(_BODY_BYTES)
def replace(slug: str, sha256: str) -> Response:
    """Keep a file that shall count in place of another, and show what that changes."""
    old = export(desk().register, slug, sha256).imported
    here = url_for("attendance.file", slug=slug, sha256=sha256)
    try:
        given = _uploads()
        if len(given) != 1:
            raise InputError(say("Choose the corrected file first, one alone."))
        new = receive.put_in_place(desk().register, slug, given[0], old, act(role=UserRole.ORGANISER))
    except InputError as error:
        return notice.done(here, worded(error), tone="warn")
    return _look(slug, acting.TRAY, new)


@pages.post("/desk/<slug>/attendance/files/<sha256>/look")
@allows(UserRole.ORGANISER)
def look_out(slug: str, sha256: str) -> Response:
    """Ask the worker what would change if a file counted no longer."""
    export(desk().register, slug, sha256)
    return _look(slug, acting.OUT, sha256)


@pages.get("/desk/<slug>/attendance/files/<sha256>/out")
@allows(UserRole.ORGANISER)
def out(slug: str, sha256: str) -> Response:
    """Show what would change if a file counted no longer, as it was worked out."""
    name = export(desk().register, slug, sha256).imported.name
    found = errands.foreseen(desk().register, slug, acting.OUT, sha256)
    look, agree = (url_for(f"attendance.{one}", slug=slug, sha256=sha256) for one in ("look_out", "take_out"))
    return event_screen("effect.html", slug, "attendance", name=name, found=found, out=True, look=look, act=agree)


@pages.post("/desk/<slug>/attendance/files/<sha256>/out")
@allows(UserRole.ORGANISER)
def take_out(slug: str, sha256: str) -> Response:
    """Ask that a file count no longer, as it was shown."""
    name = export(desk().register, slug, sha256).imported.name
    return _change(slug, (acting.OUT, sha256), name, sha256)


@pages.get("/desk/<slug>/attendance/evidence")
@allows(*EVERYBODY)
def evidence(slug: str) -> Response:
    """Show the evidence beside the exports, and the form for more."""
    return _evidence(slug, {}, "")


@pages.post("/desk/<slug>/attendance/evidence")
@allows(UserRole.ORGANISER)
def add_evidence(slug: str) -> Response:
    """Note that people were there, though the exports do not say so."""
    typed = request.form.to_dict()
    try:
        minutes = _minutes(typed.get("minutes", ""))
        sheet = by_hand.Sheet(typed.get("session", ""), minutes, typed.get("kind", ""), typed.get("note", ""))
        people = typed.get("people", "").replace(",", " ").replace(";", " ").split()
        ids = by_hand.add(desk().register, slug, sheet, people, act(role=UserRole.ORGANISER))
    except InputError as error:
        return _evidence(slug, typed, worded(error), 400)
    count_anew(slug)
    told = say_n("Evidence for {n} person was added.", "Evidence for {n} people was added.", len(ids))
    return notice.done(url_for("attendance.evidence", slug=slug), told)


@pages.post("/desk/<slug>/attendance/evidence/<int:one>/withdraw")
@allows(UserRole.ORGANISER)
def withdraw(slug: str, one: int) -> Response:
    """Let evidence count no more."""
    here = url_for("attendance.evidence", slug=slug)
    try:
        by_hand.withdraw(desk().register, slug, [one], act(request.form.get("reason", ""), UserRole.ORGANISER))
    except InputError as error:
        return notice.done(here, worded(error), tone="warn")
    count_anew(slug)
    return notice.done(here, say("This evidence counts no longer."))


def _look(slug: str, what: str, which: str | int) -> Response:
    return waits(errands.foresee(desk().register, slug, what, which, act(role=UserRole.ORGANISER)))


def _change(slug: str, file: tuple[str, str | int], name: str, sha256: str) -> Response:
    agreed = errands.Agreed(name, sha256, request.form.get("as_of", 0, int))
    doing = act(request.form.get("reason", ""), UserRole.ORGANISER)
    return waits(errands.change(desk().register, slug, file, agreed, doing))


def _evidence(slug: str, typed: Mapping[str, str], wrong: str, status: int = 200) -> Response:
    known = [one for one in desk().register.evidence.all(slug) if one.in_force]
    shown = {"known": known[::-1][:_SHOWN], "all": len(known), "typed": typed, "wrong": wrong}
    return event_screen("evidence.html", slug, "attendance", status, **shown)


def _minutes(typed: str) -> int | None:
    """Return the minutes that were typed, None for all of the session.

    Raises:
        InputError: that is no number.
    """
    if not typed.strip():
        return None
    if not typed.strip().isdecimal():
        raise InputError(say("Write minutes as a number, or leave them empty for all of the session."))
    return int(typed)


def _screen(slug: str) -> str:
    return url_for("attendance.screen", slug=slug)


def _uploads() -> list[imports.Upload]:
    """Return the files of this request, each under its bare name."""
    given = [one for one in request.files.getlist("files") if one.filename]
    return [imports.Upload(receive.base_name(one.filename or ""), one.stream.read()) for one in given]


def _read(slug: str, known: str = "") -> Response:
    """Ask the worker to read what is in the tray, and go where that is told."""
    asked = errands.read_tray(desk().register, slug, act(role=UserRole.ORGANISER))
    return notice.done(url_for("attendance.screen", slug=slug, read=asked.id), known)


def _reading(slug: str, errand: int) -> Errand | None:
    """Return the reading of before that the address names, once it has ended."""
    if not errand:
        return None
    try:
        found = desk().register.errands.get(errand)
    except NotFoundError:
        return None
    is_it = found.wish.kind is ErrandKind.TRAY and found.wish.slug == slug and found.ended_at is not None
    return found if is_it else None
