"""Certificates: find one, see what happened to it, withdraw it, take that back; which corrections wait."""

from flask import Blueprint, Response, request, url_for

from certs.errors import CertsError, InputError, NotFoundError
from certs.ground.number import parse, printed
from certs.model import CertificatesSought, EntriesSought, Fate, RevocationReason, Stands, UserRole
from certs.web.console import notice
from certs.web.console.desk import READERS, act, allows, desk, guard, hides_addresses, refused, worded
from certs.web.console.event import screen
from certs.wording import say
from certs.work import corrections, errands, revocations

pages = Blueprint("certificates", __name__)
guard(pages)


@pages.get("/desk/<slug>/certificates", endpoint="screen")
@allows(*READERS)
def found(slug: str) -> Response:
    """List certificates by name, narrowed by how they stand and by what is searched."""
    asked = request.args
    stands = asked.get("stands", "")
    sought = CertificatesSought(
        asked.get("search", "").strip()[:100], Stands(stands) if stands in set(Stands) else None, by_name=True
    )
    page = desk().register.lists.certificates(slug, sought, asked.get("after", ""))
    counts = {one: desk().register.lists.count(slug, CertificatesSought(stands=one)) for one in Stands}
    return screen(
        "certificates.html",
        slug,
        "certificates",
        page=page,
        sought=sought,
        counts=counts,
        masked=hides_addresses(slug),
        every=list(Stands),
        waiting=corrections.waiting(desk().register, slug),
        after=asked.get("after", ""),
    )


@pages.get("/desk/<slug>/certificates/<number>")
@allows(*READERS)
def one(slug: str, number: str) -> Response:
    """Show a certificate, what it says, what happened to it, and what can be done."""
    return page_of(slug, number)


@pages.post("/desk/<slug>/certificates/<number>/withdraw")
@allows(UserRole.ORGANISER, again=True)
def withdraw(slug: str, number: str) -> Response:
    """Withdraw a certificate: everybody reads the class and the sentence, the trail alone the note."""
    form = request.form
    try:
        reason, said = reason_of(form.get("class", "")), form.get("said", "").strip()
        fates = revocations.to_revoke([fate_of(slug, number)], reason, said)
        doing = act(form.get("note", ""), UserRole.ORGANISER)
        if fates:
            revocations.revoke(desk().register, [one.number for one in fates], reason, doing, said=said)
    except CertsError as error:
        return page_of(slug, number, refused(error), wrong={"withdraw": worded(error)})
    return _publish_and_tell(slug, number, "1 certificate is withdrawn. Everybody who checks it sees so.", undo=True)


@pages.post("/desk/<slug>/certificates/<number>/undo")
@allows(UserRole.ORGANISER)
def undo(slug: str, number: str) -> Response:
    """Take a withdrawal back, within ten minutes of it."""
    try:
        fates = revocations.to_take_back([fate_of(slug, number)])
        doing = act(request.form.get("reason", "") or "undone", UserRole.ORGANISER)
        if fates:
            revocations.undo(desk().register, [one.number for one in fates], doing)
    except CertsError as error:
        return page_of(slug, number, refused(error), wrong={"undo": worded(error)})
    return _publish_and_tell(slug, number, say("The certificate counts again, as if it had not been withdrawn."))


def _publish_and_tell(slug: str, number: str, sentence: str, *, undo: bool = False) -> Response:
    """Let the worker tell foreign verifiers, and go back to the certificate."""
    errands.publish(desk().register, act(role=UserRole.ORGANISER))
    way_back = notice.Undo(url_for("certificates.undo", slug=slug, number=number)) if undo else None
    return notice.done(url_for("certificates.one", slug=slug, number=number), sentence, way_back)


def reason_of(typed: str) -> RevocationReason:
    """Return the kind of reason that was chosen.

    Raises:
        InputError: none was.
    """
    if typed not in {one.value for one in RevocationReason}:
        raise InputError(say("Say what kind of reason it is: everybody who checks reads it."))
    return RevocationReason(typed)


def fate_of(slug: str, number: str) -> Fate:
    """Return an issued certificate of the event.

    Raises:
        NotFoundError: there is none with that number.
    """
    try:
        read = parse(number)
    except InputError:
        raise NotFoundError(say("No certificate of this event has that number.")) from None
    fate = desk().register.revocations.fates([read]).get(read)
    if fate is None or fate.slug != slug:
        raise NotFoundError(say("No certificate of this event has that number."))
    return fate


def page_of(slug: str, number: str, status: int = 200, **values: object) -> Response:
    """Return the page of a certificate."""
    register, fate = desk().register, fate_of(slug, number)
    certificate = register.certificate(fate.number)
    if certificate is not None and certificate.withheld:
        raise NotFoundError(say("This certificate is withheld at the person's request. Whoever holds it can check it."))
    entries = register.lists.entries(EntriesSought(event=slug, subject=fate.number)).items
    now = desk().clock()
    may_undo = fate.revocation is not None and now - fate.revocation.at <= revocations.UNDO_WINDOW
    shown: dict[str, object] = {
        "wrong": {},
        "correction": None,
        "fate": fate,
        "certificate": certificate,
        "entries": entries,
    }
    shown |= {"may_undo": may_undo, "classes": list(RevocationReason), "masked": hides_addresses(slug)}
    shown |= {"until": fate.revocation.at + revocations.UNDO_WINDOW if fate.revocation else None, "form": request.form}
    ref = register.links.refs([fate.person]).get(fate.person, "")
    title = printed(fate.number)
    return screen("certificate.html", slug, "certificates", status, **{**shown, "ref": ref, "title": title, **values})
