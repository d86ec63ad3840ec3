"""Her certificates without her link: an address in, always the same answer, and a mail to whoever has it.

A mailed link is a page with one button: opening it changes nothing, for scanners of mail do so. The button uses it up
and leads to her personal page. Nothing here tells who attended, neither by words nor by time.
"""

from flask import Blueprint, Response, request

from certs.errors import InputError, StorageError
from certs.model.ownlist import ListLink, Opened
from certs.ports import Store
from certs.web.edge.language import language, voice
from certs.web.edge.limits import ASKED, MISSES
from certs.web.edge.shared import page, site
from certs.wording import say
from certs.work.deliver import Links
from certs.work.herself import listing

pages = Blueprint("mine", __name__)
_STATUS = {ListLink.GOOD: 200, ListLink.USED: 410, ListLink.ENDED: 410, ListLink.NONE: 404}
_MOST = 320
_AWAY = say("Nothing can be sent at the moment. Try again later.")


@pages.get("/mine")
def form() -> Response:
    """Ask for an address; where no mail can be sent, say what to do instead."""
    return page("mine.html", typed="", wrong="", asked=False, mails=site().mails)


@pages.post("/mine")
def asked() -> Response:
    """Take an address; the answer is the same whoever's it is."""
    if not site().mails:
        return form()
    site().limits.spend(ASKED)
    typed = request.form.get("address", "")[:_MOST]
    try:
        listing.ask(_store(), typed, language(), site().clock())
    except InputError as error:
        return page("mine.html", 400, typed=typed, wrong=error.said_by(voice()), asked=False, mails=True)
    return page("mine.html", typed="", wrong="", asked=True, mails=True)


@pages.get("/mine/<secret>")
def link(secret: str) -> Response:
    """Show the button, or why there is none; nothing is used up."""
    return _shown(listing.stands(_store(), secret, site().clock()))


@pages.post("/mine/<secret>")
def show(secret: str) -> Response:
    """Use the link up and lead to her page."""
    found = listing.opened(_store(), secret, site().clock())
    if not isinstance(found, Opened):
        return _shown(found)
    where = f"{site().base_url}/me/{Links(site().keys).token(found.ref)}"
    return Response(status=303, headers={"Location": where})


def _shown(stands: ListLink) -> Response:
    if stands is ListLink.NONE:
        site().limits.spend(MISSES)
    return page("mine_link.html", _STATUS[stands], stands=stands.value)


def _store() -> Store:
    """Return the whole register.

    Raises:
        StorageError: it is not there.
    """
    whole = site().whole
    if whole is None:
        raise StorageError(_AWAY)
    return whole()
