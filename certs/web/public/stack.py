"""Many certificates on one page: numbers and addresses pasted, or a table whose column of them is found.

Without a script a form gives one page with all answers. With it `stack.js` asks for the entries first (`/entries`),
then for rows of the table some hundred at a time (`/rows`), and shows how far it is. Both have the rows of one
template, so they are said in the visitor's language and look alike. Nothing of what is sent is kept.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import ServiceUnavailable

from certs.errors import InputError
from certs.ground import number as numbers
from certs.model import Certificate, Summary, Verdict
from certs.receipt import Asked
from certs.views import verdicts
from certs.web.edge import assets, bodies
from certs.web.edge.headers import OWN_SCRIPT
from certs.web.edge.language import VOICES, language, voice
from certs.web.edge.limits import ITEMS
from certs.web.edge.shared import as_json, page, site
from certs.web.public import many, receipts
from certs.web.public.facts import spoken
from certs.web.public.many import Unread
from certs.wording import day, mark, say, say_marked
from certs.work.deliver.spreadsheet import Verbatim, as_csv
from certs.work.deliver.workbook import Line, as_workbook
from certs.work.receipts import can_give
from certs.work.verify import asked_in_table, asked_in_text, asked_on_lines, headline, named

pages = Blueprint("stack", __name__, url_prefix="/verify/stack")
MOUNTS = {pages.url_prefix or "": OWN_SCRIPT}
"""Where this page's script may run."""
MOST_BYTES = 4_000_000
MOST, MOST_ON_A_PAGE = 10_000, 500
AT_ONCE = 200
"""Rows that the script asks for together."""
_COLUMNS = ("asked", "item", "number", "summary", "name", "event", "issued_on", "registered_at", "replaced_by",
            "revoked_at", "demo")  # fmt: skip
_WIDTHS = (24, 6, 18, 12, 30, 40, 12, 22, 18, 22, 8)
_TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_UNREAD = "unread"
_NOT_READ = mark("Not read")
_READERS = BoundedSemaphore(2)
"""Tables that are read at once: a workbook is read in a process of its own."""
_PATIENCE_SECONDS, _RETRY_SECONDS = 5.0, 5


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, ready to be shown."""

    place: int
    asked: str
    summary: str
    word: str
    notes: Sequence[str] = ()
    number: str = ""
    name: str = ""
    language: str = ""
    event: str = ""
    issued_on: str = ""
    registered_on: str = ""


@pages.get("")
def form() -> Response:
    """Show the form."""
    return _screen()


@pages.post("")
@bodies.takes(MOST_BYTES)
def answer() -> Response:
    """Answer what was sent on one page."""
    try:
        entries = _bounded(_asked(), MOST_ON_A_PAGE)
    except InputError as error:
        return _screen(400, typed=request.form.get("entries", ""), wrong=error.said_by(voice()))
    rows = _rows(entries)
    return _screen(rows=rows, entries="\n".join(entries), counts=Counter(row.summary for row in rows))


@pages.post("/entries")
@bodies.takes(MOST_BYTES)
def entries() -> Response:
    """Say what was asked, for the script: one entry for each certificate."""
    try:
        return as_json({"entries": _bounded(_asked(), MOST)})
    except InputError as error:
        return as_json({"wrong": error.said_by(voice())}, 400)


@pages.post("/rows")
@bodies.takes(MOST_BYTES)
def rows() -> Response:
    """Answer some of the entries as rows of the table, for the script."""
    some = asked_on_lines(request.form.get("entries", ""))
    first = request.form.get("first", 1, int)
    if not 1 <= len(some) <= AT_ONCE:
        abort(413)
    return page("stackrows.html", rows=_rows(some, first))


@pages.post("/table")
@bodies.takes(MOST_BYTES)
def table() -> Response:
    """Send the answers as a table to keep."""
    kind = request.form.get("as", "")
    if kind not in _TYPES:
        abort(400)
    found = _bounded(asked_on_lines(request.form.get("entries", "")), MOST)
    lines = [[cells[column] for column in _COLUMNS] for cells in _cells(found)]
    if kind == "csv":
        data = as_csv(_COLUMNS, lines)
    else:
        data = as_workbook(_COLUMNS, [Line([str(cell) for cell in cells], ()) for cells in lines], _WIDTHS, "answers")
    name = f"certificates-{site().clock():%Y-%m-%d}.{kind}"
    return Response(data, mimetype=_TYPES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


@pages.post("/receipt")
@bodies.takes(MOST_BYTES)
def receipt() -> Response:
    """Send a signed receipt of the answers."""
    entries = _bounded(asked_on_lines(request.form.get("entries", "")), receipts.MOST_ITEMS)
    given = receipts.given(_as_asked(*one) for one in _answers(entries))
    return receipts.sent(given)


def _as_asked(entry: str, answer: Verdict | Unread) -> tuple[Asked, Verdict | Unread, None]:
    try:
        return receipts.as_asked(entry, named(entry)), answer, None
    except InputError:
        return receipts.as_asked(entry, None), answer, None


def _screen(
    status: int = 200,
    *,
    rows: Sequence[Row] = (),
    entries: str = "",
    counts: Counter[str] | None = None,
    typed: str = "",
    wrong: str = "",
) -> Response:
    speak = voice().say
    words = {summary.value: speak(headline(Verdict(summary))[0]) for summary in Summary}
    return page(
        "stack.html",
        status,
        rows=rows,
        entries=entries,
        counts=counts or Counter(),
        words={**words, _UNREAD: speak(say_marked(_NOT_READ))},
        typed=typed,
        wrong=wrong,
        most=speak(say("{n:,}", n=MOST)),
        most_on_a_page=MOST_ON_A_PAGE,
        at_once=AT_ONCE,
        receipts=can_give(site().keys),
        most_receipted=receipts.MOST_ITEMS,
        style_sheet=assets.address("stack.css"),
        script=assets.address("stack.js"),
    )


def _asked() -> list[str]:
    """Return what the form asks: by its file, else by its text.

    Raises:
        InputError: it asks nothing, or the file is no table of certificates.
    """
    text, file = request.form.get("entries", ""), request.files.get("file")
    if file is None or not file.filename:
        return asked_in_text(text)
    if text.strip():
        raise InputError(say("Paste a text or choose a file, not both at once."))
    if not _READERS.acquire(timeout=_PATIENCE_SECONDS):
        raise ServiceUnavailable(retry_after=_RETRY_SECONDS)
    try:
        return asked_in_table(file.filename[:200], file.read())
    finally:
        _READERS.release()


def _bounded(entries: list[str], most: int) -> list[str]:
    """Return *entries*, of which this visitor may ask so many.

    Raises:
        InputError: there are none, or too many at once.
        TooManyRequests: they are too many for this hour.
    """
    if not entries:
        raise InputError(say("There is no number and no address in what was sent."))
    if len(entries) > most:
        raise InputError(say("That is {n:,} at once: send at most {most:,}.", n=len(entries), most=most))
    return entries


def _answers(entries: Sequence[str]) -> list[tuple[str, Verdict | Unread]]:
    site().limits.spend(ITEMS, len(entries))
    return list(many.answers(entries, lambda entry: many.judged(named(entry))))


def _rows(entries: Sequence[str], first: int = 1) -> list[Row]:
    spoken_here = language()
    return [_row(place, *one, spoken_here) for place, one in enumerate(_answers(entries), first)]


def _row(place: int, asked: str, answer: Verdict | Unread, language: str) -> Row:
    speak = VOICES[language].say
    if isinstance(answer, Unread):
        return Row(place, asked, _UNREAD, speak(say_marked(_NOT_READ)), [speak(answer.detail)])
    word, held = speak(headline(answer)[0]), answer.certificate
    number = verdicts.line(place, answer, named(asked).number)["number"] or ""
    if held is None:
        return Row(place, asked, answer.summary.value, word, number=number)
    zone = ZoneInfo(held.statement.event.zone)
    return Row(
        place,
        asked,
        answer.summary.value,
        word,
        [speak(note) for note in _notes(held, zone)],
        number,
        held.statement.name,
        spoken(held.statement.name, held.statement.language),
        held.statement.event.title,
        speak(day(held.statement.issued_on)),
        speak(day(held.registered_at.astimezone(zone))),
    )


def _notes(held: Certificate, zone: ZoneInfo) -> Sequence[str]:
    """Return what an employer must know besides the verdict."""
    notes: list[str] = []
    if held.statement.event.demo:
        notes.append(say("Signed with demonstration keys: this is no certificate."))
    if held.superseded_by:
        notes.append(say("Replaced by {number}.", number=numbers.printed(held.superseded_by)))
    if held.revocation:
        notes.append(say("Withdrawn on {day}.", day=day(held.revocation.at.astimezone(zone))))
    return notes


def _cells(entries: Sequence[str]) -> list[dict[str, Verbatim | str | int]]:
    """Return the answers as a file has them, by column; places count from 1."""
    return [_line(place, asked, answer) for place, (asked, answer) in enumerate(_answers(entries), 1)]


def _line(place: int, asked: str, answer: Verdict | Unread) -> dict[str, Verbatim | str | int]:
    blank: dict[str, Verbatim | str | int] = dict.fromkeys(_COLUMNS, "")
    if isinstance(answer, Unread):
        return {**blank, "asked": asked, "item": place, "summary": _UNREAD}
    view, held = verdicts.line(place, answer, named(asked).number), answer.certificate
    cells = {name: Verbatim(value) for name, value in view.items() if isinstance(value, str)}
    written = {"asked": asked, "name": view["name"] or "", "event": view["event"] or ""}
    return {**blank, **cells, **written, "item": place, "demo": "demo" if held and held.statement.event.demo else ""}
