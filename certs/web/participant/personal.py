"""The personal page behind its signed link: her certificates, their status, Download. Nothing else, and of nobody else.

The link never expires and opening it changes nothing, so scanners that prefetch do no harm. An address that no key of
ours signed and one of a person whom the register does not know give the same answer; one that was withdrawn says that
and no more.
"""

from flask import Blueprint, Response

from certs.errors import InputError, NotFoundError, StorageError
from certs.ground import number as numbers
from certs.model import Certificate, Number, Purpose
from certs.web.edge.language import VOICES, language
from certs.web.edge.shared import absent, page, site
from certs.web.public.facts import facts
from certs.wording import say
from certs.work.deliver import Links, content_disposition
from certs.work.record import checked
from certs.work.verify import headline, verify_registered

pages = Blueprint("personal", __name__)

_WITHDRAWN = say(
    "This personal link was withdrawn: ask the organiser for a new one. Certificates are as valid as before."
)
_UNCHECKED = say("This certificate could not be checked, so it is not given out. Ask the organiser.")
_INCOMPLETE = say("This personal link is not complete: open it again from the message.")


@pages.get("/me/<token>")
def certificates(token: str) -> Response:
    """Show her certificates, newest first."""
    here, now, spoken = site(), site().clock(), language()
    speak, shown = VOICES[spoken].say, []
    for certificate in _hers(token):
        verdict = verify_registered(certificate, here.register, here.keys, now)
        title, sentence = map(speak, headline(verdict))
        ours = verdict.certificate and facts(verdict.certificate.statement, spoken)
        number = numbers.printed(certificate.number)
        shown.append((number, ours, verdict.summary.value, title, sentence, certificate.pdf_bytes))
    return page("person.html", certificates=shown, token=token)


@pages.get("/me/<token>/<typed>.pdf")
def download(token: str, typed: str) -> Response:
    """Send one of her certificates as it was issued."""
    number = _parse(typed)
    for certificate in _hers(token):
        if certificate.number != number:
            continue
        if checked(certificate, site().register, site().keys) is None:
            raise StorageError(_UNCHECKED)
        stored = site().register.pdf(number)
        if stored is not None:
            response = Response(stored.plate + stored.tail, mimetype="application/pdf")
            response.headers["Content-Disposition"] = content_disposition(certificate)
            return response
    raise NotFoundError(_INCOMPLETE)


def _hers(token: str) -> list[Certificate]:
    """Return the certificates behind *token*.

    Raises:
        NotFoundError: nobody's, nothing was issued to her, or it was withdrawn.
        StorageError: the register is not there, or not the one of our links.
    """
    register, ref = site().register, Links(site().keys).person_ref(token)
    found = list(register.certificates_of(ref))
    if not found:
        raise absent(_WITHDRAWN if register.link_withdrawn(ref) else _INCOMPLETE, Purpose.LINK)
    return found


def _parse(typed: str) -> Number:
    try:
        return numbers.parse(typed)
    except InputError:
        raise NotFoundError(_INCOMPLETE) from None
