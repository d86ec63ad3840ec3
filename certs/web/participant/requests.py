"""What she asks for on her page: another name on a certificate, or that more attendance counts.

Whoever sends a form knows her link, and that is all the proof there is: nothing here changes a certificate, a person
decides. A form that is refused comes back with what was typed.
"""

from flask import Blueprint, Response, request

from certs.errors import CertsError, ConflictError, InputError, NotFoundError
from certs.ground import number as numbers
from certs.model import Act, Asked, Number, PersonKey, RequestKind
from certs.ports import Store
from certs.web.edge.bodies import takes
from certs.web.edge.language import asked as language_asked
from certs.web.edge.language import kept, voice
from certs.web.edge.limits import SPECIMENS
from certs.web.edge.shared import page, site
from certs.web.participant.personal import demand_person
from certs.wording import say
from certs.work import imports, specimens
from certs.work.deliver import Links
from certs.work.requests import MAX_BYTES, ask, attached, names

pages = Blueprint("asking", __name__)
_FORM_BYTES = MAX_BYTES + 64 * 1024
"""The file, and what is typed beside it."""


@pages.get("/me/<token>/name/<typed>")
def name_form(token: str, typed: str) -> Response:
    """Show the form for another name on a certificate."""
    store, key = behind(token)
    return _name_page(token, names.current(store, key, _number(typed)).number)


@pages.post("/me/<token>/name/<typed>")
def correct(token: str, typed: str) -> Response:
    """Show how a certificate would look with the name; the same once more, said to be right, is asked for."""
    (store, key), number, text = behind(token), _number(typed), request.form.get("name", "")
    try:
        wish = names.correction(store, key, number, text, site().base_url)
        if request.form.get("sure") != "yes":
            return _name_page(token, number, wish.name, looks=True)
        slug = names.current(store, key, number).statement.event.slug
        ask(store, slug, wish, herself(key))
    except (InputError, ConflictError) as error:
        return _name_page(token, number, text, error)
    return back(token)


@pages.get("/me/<token>/name/<typed>.png")
def look(token: str, typed: str) -> Response:
    """Send a picture of a certificate with the name in the address, SPECIMEN across."""
    store, key = behind(token)
    site().limits.spend(SPECIMENS)
    said = names.corrected(store, key, _number(typed), request.args.get("name", ""), site().base_url)
    return Response(specimens.picture(said, site().base_url), mimetype="image/png")


@pages.get("/me/<token>/attendance/<slug>")
def attendance_form(token: str, slug: str) -> Response:
    """Show the form to say what was missed."""
    store, key = behind(token)
    demand_event(store, key, slug)
    return _attendance_page(token, slug)


@pages.post("/me/<token>/attendance/<slug>")
@takes(_FORM_BYTES)
def appeal(token: str, slug: str) -> Response:
    """Keep what she says was missed, with a file."""
    store, key = behind(token)
    demand_event(store, key, slug)
    said = request.form.get("words", "")
    try:
        given = attached(*_file())
        ask(store, slug, Asked(RequestKind.ATTENDANCE, key, said), herself(key), given)
    except (InputError, ConflictError) as error:
        return _attendance_page(token, slug, said, error)
    return back(token)


def _file() -> tuple[str, bytes]:
    """Return the name of the file that was sent, and of its bytes as many as tell that it is too large."""
    given = request.files.get("file")
    if given is None:
        return "", b""
    with given.stream:
        return given.filename or "", given.stream.read(MAX_BYTES + 1)


def behind(token: str) -> tuple[Store, PersonKey]:
    """Return the whole register and whose link *token* is.

    Raises:
        NotFoundError: nobody's, or it was withdrawn.
        StorageError: the register is not there.
    """
    return demand_person(Links(site().keys).person_ref(token))


def herself(key: PersonKey) -> Act:
    """Return an act of hers."""
    return Act(key, site().clock(), "", "participant, personal link")


def back(token: str) -> Response:
    """Send the browser to her page, where the request stands (RFC 9110 section 15.4.4)."""
    return Response(status=303, headers={"Location": f"{site().base_url}/me/{token}{kept(language_asked())}#requests"})


def demand_event(store: Store, key: PersonKey, slug: str) -> None:
    """Check that she took part in an event.

    Raises:
        NotFoundError: she did not, or there is none.
    """
    if slug not in store.decisions.where(key):
        raise NotFoundError(say("You took part in no such event."))


def _number(typed: str) -> Number:
    try:
        return numbers.parse(typed)
    except InputError:
        raise NotFoundError(say("There is no such page here.")) from None


def _name_page(
    token: str, number: Number, name: str = "", error: CertsError | None = None, *, looks: bool = False
) -> Response:
    store, key = behind(token)
    said = names.current(store, key, number).statement
    return page(
        "ask-name.html",
        200 if error is None else 400,
        token=token,
        number=numbers.printed(number),
        said=said,
        typed=name or said.name,
        looks=looks,
        wrong="" if error is None else error.said_by(voice()),
    )


def _attendance_page(token: str, slug: str, said: str = "", error: CertsError | None = None) -> Response:
    event = imports.event_of(behind(token)[0], slug)
    wrong = "" if error is None else error.said_by(voice())
    status = 200 if error is None else 400
    return page("ask-attendance.html", status, token=token, event=event, said=said, wrong=wrong)
