"""The personal page behind its signed link: her certificates, what was counted for her, Download. Of nobody else.

The link never expires and opening it changes nothing, so scanners that prefetch do no harm. An address that no key of
ours signed and one of a person whom the register does not know give the same answer; one that was withdrawn says that
and no more. Who knows the link is her: a form behind it needs no other proof, and whoever does not know it cannot send
one.
"""

from collections.abc import Sequence

from flask import Blueprint, Response

from certs.errors import InputError, NotFoundError, StorageError
from certs.ground import number as numbers
from certs.model import Certificate, Number, PersonKey, Purpose
from certs.ports import Store, StoredPdf
from certs.web.edge import errors
from certs.web.edge.language import language
from certs.web.edge.shared import absent, page, site
from certs.web.participant.asked import Told, told
from certs.web.participant.counted import Counted, counted
from certs.web.participant.shown import shown
from certs.wording import say
from certs.work import behind
from certs.work.deliver import Links, content_disposition
from certs.work.deliver.picture import picture
from certs.work.record import checked

pages = Blueprint("personal", __name__)

_WITHDRAWN = say(
    "This personal link was withdrawn: ask the organiser for a new one. Certificates are as valid as before."
)
_UNCHECKED = say("This certificate could not be checked, so it is not given out. Ask the organiser.")
_INCOMPLETE = say("This personal link is not complete: open it again from the message.")


@pages.get("/me/<token>")
def certificates(token: str) -> Response:
    """Show her certificates, newest first, and what was counted for her, also if she did not earn one."""
    here, spoken = site(), language()
    ref = Links(here.keys).person_ref(token)
    found = here.register.certificates_of(ref)
    if not found:
        demand_person(ref)
    hers = [shown(one, here, spoken) for one in found]
    more, requests = _beside(ref, found, spoken)
    may_ask = here.whole is not None
    return page("person.html", certificates=hers, counted=more, requests=requests, may_ask=may_ask, token=token)


@pages.get("/me/<token>/<typed>.pdf")
def download(token: str, typed: str) -> Response:
    """Send one of her certificates as it was issued."""
    certificate, stored = _issued(token, typed)
    response = Response(stored.plate + stored.tail, mimetype="application/pdf")
    response.headers["Content-Disposition"] = content_disposition(certificate)
    return response


@pages.get("/me/<token>/<typed>.png")
def look(token: str, typed: str) -> Response:
    """Send a picture of one of her certificates, drawn from the issued file."""
    return Response(picture(_issued(token, typed)[1]), mimetype="image/png")


def demand_person(ref: str) -> tuple[Store, PersonKey]:
    """Return the whole register and whose link has the reference *ref*.

    Raises:
        NotFoundError: nobody's, or it was withdrawn.
        StorageError: the register is not there, or not the one of our links.
    """
    here = site()
    if here.whole is not None and (key := behind.person(here.whole(), ref)) is not None:
        return here.whole(), key
    raise absent(_WITHDRAWN if here.register.link_withdrawn(ref) else _INCOMPLETE, Purpose.LINK)


def _beside(ref: str, found: Sequence[Certificate], spoken: str) -> tuple[Sequence[Counted], Sequence[Told]]:
    """Return what was counted for her and what she asked for.

    Nothing while that cannot be read: her certificates are shown all the same.
    """
    here = site()
    if here.whole is None:
        return (), ()
    try:
        store = here.whole()
        if (key := behind.person(store, ref)) is None:
            return (), ()
        kinds = {one.statement.event.slug: one.statement.kind for one in reversed(found)}
        more = [counted(one, spoken) for one in behind.taken(store, key, kinds)]
        return more, list(told(store.requests.of_person(key), spoken))
    except StorageError as error:
        errors.note(error)
        return (), ()


def _issued(token: str, typed: str) -> tuple[Certificate, StoredPdf]:
    """Return one of her certificates and its file.

    Raises:
        NotFoundError: the link is nobody's or was withdrawn, or she has no such certificate.
        StorageError: it is not what we signed, or the register fails.
    """
    here, number = site(), _parse(typed)
    for certificate in here.register.certificates_of(_owner(token)):
        if certificate.number == number:
            if checked(certificate, here.register, here.keys) is None:
                raise StorageError(_UNCHECKED)
            if (stored := here.register.pdf(number)) is not None:
                return certificate, stored
    raise NotFoundError(_INCOMPLETE)


def _owner(token: str) -> str:
    """Return the reference behind *token*.

    Raises:
        NotFoundError: no key of ours signed it, or it was withdrawn.
        StorageError: the register is not there.
    """
    ref = Links(site().keys).person_ref(token)
    if site().register.link_withdrawn(ref):
        raise absent(_WITHDRAWN, Purpose.LINK)
    return ref


def _parse(typed: str) -> Number:
    try:
        return numbers.parse(typed)
    except InputError:
        raise NotFoundError(_INCOMPLETE) from None
