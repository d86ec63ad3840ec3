"""Certificates: find one, see what happened to it, withdraw it, take that back, correct it."""

from flask import Blueprint, Response, request, url_for

from certs.errors import CertsError, InputError, NotFoundError
from certs.ground.number import parse, printed
from certs.model import CertificatesSought, EntriesSought, Fate, RevocationReason, Stands, UserRole
from certs.web.console import notice
from certs.web.console.desk import READERS, act, allows, desk, guard, hides_addresses, refused
from certs.web.console.event import screen
from certs.work import corrections, due, errands, revocations
from certs.work.corrections import Changes, Proposal, Wanted
from certs.work.reason import demand

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
        after=asked.get("after", ""),
    )


@pages.get("/desk/<slug>/certificates/<number>")
@allows(*READERS)
def one(slug: str, number: str) -> Response:
    """Show a certificate, what it says, what happened to it, and what can be done."""
    return _page(slug, number)


@pages.post("/desk/<slug>/certificates/<number>/withdraw")
@allows(UserRole.ORGANISER, again=True)
def withdraw(slug: str, number: str) -> Response:
    """Withdraw a certificate: everybody reads the class and the sentence, the trail alone the note."""
    form = request.form
    try:
        reason, said = _reason(form.get("class", "")), form.get("said", "").strip()
        fates = revocations.to_revoke([_fate(slug, number)], reason, said)
        doing = act(form.get("note", ""), UserRole.ORGANISER)
        if fates:
            revocations.revoke(desk().register, [one.number for one in fates], reason, doing, said=said)
    except CertsError as error:
        return _page(slug, number, refused(error), wrong={"withdraw": str(error)})
    return _publish_and_tell(slug, number, "1 certificate is withdrawn. Everybody who checks it sees so.", undo=True)


@pages.post("/desk/<slug>/certificates/<number>/undo")
@allows(UserRole.ORGANISER)
def undo(slug: str, number: str) -> Response:
    """Take a withdrawal back, within ten minutes of it."""
    try:
        fates = revocations.to_take_back([_fate(slug, number)])
        doing = act(request.form.get("reason", "") or "undone", UserRole.ORGANISER)
        if fates:
            revocations.undo(desk().register, [one.number for one in fates], doing)
    except CertsError as error:
        return _page(slug, number, refused(error), wrong={"undo": str(error)})
    return _publish_and_tell(slug, number, "The certificate counts again, as if it had not been withdrawn.")


@pages.post("/desk/<slug>/certificates/<number>/correct")
@allows(UserRole.ORGANISER)
def correct(slug: str, number: str) -> Response:
    """Show old and new side by side; the same form again, said to be right, orders the correction."""
    form = request.form
    try:
        proposal = _proposed(slug, number)
        doing = act(form.get("reason", ""), UserRole.ORGANISER)
        demand(doing)
        if form.get("sure") != "yes":
            return _page(slug, number, proposal=proposal)
        batches = corrections.place(desk().register, proposal, doing, demo=due.signs_as_demo(desk().keys))
    except CertsError as error:
        return _page(slug, number, refused(error), wrong={"name": str(error)})
    ordinal = desk().register.batches.get([*proposal.waiting, *batches][0]).ordinal
    return notice.done(url_for("issue.batch", slug=slug, ordinal=ordinal), "The correction is ordered.")


def _proposed(slug: str, number: str) -> Proposal:
    """Return what the form asks to correct.

    Raises:
        CertsError: as `corrections.propose` has it.
    """
    changes = Changes(name=request.form.get("name", ""), insist=request.form.get("insist") == "yes")
    return corrections.propose(desk().register, desk().keys, [Wanted(_fate(slug, number).number, changes)])


def _publish_and_tell(slug: str, number: str, sentence: str, *, undo: bool = False) -> Response:
    """Let the worker tell foreign verifiers, and go back to the certificate."""
    errands.publish(desk().register, act(role=UserRole.ORGANISER))
    way_back = notice.Undo(url_for("certificates.undo", slug=slug, number=number)) if undo else None
    return notice.done(url_for("certificates.one", slug=slug, number=number), sentence, way_back)


def _reason(typed: str) -> RevocationReason:
    if typed not in {one.value for one in RevocationReason}:
        raise InputError("Say what kind of reason it is: everybody who checks reads it.")
    return RevocationReason(typed)


def _fate(slug: str, number: str) -> Fate:
    """Return an issued certificate of the event.

    Raises:
        NotFoundError: there is none with that number.
    """
    try:
        read = parse(number)
    except InputError:
        raise NotFoundError("No certificate of this event has that number.") from None
    fate = desk().register.revocations.fates([read]).get(read)
    if fate is None or fate.slug != slug:
        raise NotFoundError("No certificate of this event has that number.")
    return fate


def _page(slug: str, number: str, status: int = 200, **values: object) -> Response:
    register, fate = desk().register, _fate(slug, number)
    certificate = register.certificate(fate.number)
    entries = register.lists.entries(EntriesSought(event=slug, subject=fate.number)).items
    now = desk().clock()
    may_undo = fate.revocation is not None and now - fate.revocation.at <= revocations.UNDO_WINDOW
    shown: dict[str, object] = {
        "wrong": {},
        "proposal": None,
        "fate": fate,
        "certificate": certificate,
        "entries": entries,
    }
    shown |= {"may_undo": may_undo, "classes": list(RevocationReason), "masked": hides_addresses(slug)}
    shown |= {"until": fate.revocation.at + revocations.UNDO_WINDOW if fate.revocation else None, "form": request.form}
    ref = register.links.refs([fate.person]).get(fate.person, "")
    title = printed(fate.number)
    return screen("certificate.html", slug, "certificates", status, **{**shown, "ref": ref, "title": title, **values})
