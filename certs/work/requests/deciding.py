"""Answer requests, as organisers do: accept a name, add evidence, grant, refuse.

What an answer does is done first, and the request is ended then: after a crash between the two the answer is given
again, and what was done already is left as it is.
"""

from collections.abc import Sequence
from dataclasses import replace

from certs.errors import ConflictError, InputError
from certs.ground import names
from certs.model import (
    Act,
    Number,
    Request,
    RequestKind,
    RequestsSought,
    RequestState,
    Ruled,
)
from certs.ports import Store, Trusted
from certs.wording import say
from certs.work import corrections, evidence, imports, naming, orders, rulings
from certs.work.corrections import Changes, Wanted
from certs.work.requests.names import is_small

MAX_ANSWER = 500
_MOST_AT_ONCE = 200
_BECAUSE = "asked for by the person"


def refuse(store: Store, request: Request, answer: str, act: Act) -> None:
    """Refuse a request with a sentence that its person reads.

    Raises:
        InputError: no sentence, or too long a one.
        ConflictError: somebody answered it already.
        StorageError: the database fails.
    """
    _end(store, request, RequestState.REFUSED, _sentence(answer), act)


def accept_name(store: Store, keys: Trusted, request: Request, act: Act, base_url: str) -> None:
    """Accept a name: of an issued certificate as a correction to be ordered, before that as the name to print.

    Raises:
        ConflictError: somebody answered it already, or the certificate was withdrawn or replaced meanwhile.
        InputError: no name is asked for, or it cannot be printed any more.
        StorageError: the database fails.
    """
    _demand(request, RequestKind.NAME)
    because = replace(act, reason=act.reason or _BECAUSE)
    number = request.asked.number or _issued(store, request)
    if number is None:
        wanted = {str(request.asked.person): request.asked.name}
        naming.rename(store, request.slug, naming.propose(store, request.slug, wanted, base_url, insist=True), because)
    else:
        changes = Changes(name=request.asked.name, insist=True)
        _gather(store, keys, request.slug, Wanted(number, changes, reason=because.reason), because)
    _end(store, request, RequestState.ACCEPTED, "", act)


def small(store: Store, slug: str) -> Sequence[Request]:
    """Return the names that wait in an event and differ in accents, capitals and order alone; at most 200.

    Raises:
        StorageError: the database fails.
    """
    sought = RequestsSought(RequestState.ASKED, RequestKind.NAME)
    waiting = store.requests.listed(slug, sought, limit=_MOST_AT_ONCE).items
    return [one for one in waiting if is_small(one.asked.before, one.asked.name)]


def accept_small(store: Store, keys: Trusted, slug: str, expected: int, act: Act, base_url: str) -> int:
    """Accept all small changes of names, if they are as many as somebody saw; return how many.

    Raises:
        ConflictError: by now they are others, or one cannot be accepted any more.
        StorageError: the database fails.
    """
    found = small(store, slug)
    if len(found) != expected:
        raise ConflictError(say("By now these are others. Nothing was done: look again."))
    for one in found:
        accept_name(store, keys, one, act, base_url)
    return len(found)


def add_evidence(store: Store, request: Request, sheet: evidence.Sheet, answer: str, act: Act) -> None:
    """Add evidence that its person was present, and accept the request.

    Raises:
        InputError: as `evidence.add` has it.
        ConflictError: somebody answered it already.
        StorageError: the database fails.
    """
    _demand(request, RequestKind.ATTENDANCE)
    if not _has_evidence(store, request, sheet):
        evidence.add(store, request.slug, sheet, [request.asked.person], act)
    _end(store, request, RequestState.ACCEPTED, names.clean(answer)[:MAX_ANSWER], act)


def grant(store: Store, request: Request, kind: str, answer: str, act: Act) -> None:
    """Let its person have a certificate beside the rule, for the act's reason, and accept the request.

    Raises:
        InputError: no reason, or she cannot be granted one, as where she was never seen.
        ConflictError: somebody answered it already, or changed the event meanwhile.
        StorageError: the database fails.
    """
    _demand(request, RequestKind.ATTENDANCE)
    event, person = imports.event_of(store, request.slug), request.asked.person
    chosen = orders.kind_of(event, kind).name
    newest = [one for one in store.rulings.all(request.slug) if (one.person, one.kind) == (person, chosen)][-1:]
    if not newest or newest[0].ruled is not Ruled.GRANTED:
        anybody = rulings.Reach(len(event.sessions), 100)
        planned = rulings.plan(store, request.slug, Ruled.GRANTED, [person], kind, anybody)
        rulings.rule(store, planned, act)
    _end(store, request, RequestState.ACCEPTED, names.clean(answer)[:MAX_ANSWER], act)


def _has_evidence(store: Store, request: Request, sheet: evidence.Sheet) -> bool:
    """Say whether just that was added already, as before a crash."""
    wanted = (request.asked.person, sheet.session, names.clean(sheet.kind), names.clean(sheet.note))
    held = (one for one in store.evidence.all(request.slug) if one.in_force)
    return any((one.person, one.session, one.kind, one.note) == wanted for one in held)


def _issued(store: Store, request: Request) -> Number | None:
    """Return her certificate in force of the event, which may have been issued since she asked."""
    for one in store.links.certificates(request.asked.person):
        said = one.statement
        if said.event.slug == request.slug and one.superseded_by is None and one.revocation is None:
            return one.number
    return None


def _gather(store: Store, keys: Trusted, slug: str, wanted: Wanted, act: Act) -> None:
    """Put a correction with those to be ordered, unless just that is ordered or made."""
    if corrections.propose(store, keys, [wanted]).fresh:
        corrections.gather(store, keys, slug, wanted, act)


def _demand(request: Request, kind: RequestKind) -> None:
    """Check that *request* waits and asks for *kind*.

    Raises:
        ConflictError: it is answered.
        InputError: it asks for something else.
    """
    if request.state is not RequestState.ASKED:
        raise ConflictError(say("Somebody else answered this request a moment ago; nothing was changed."))
    if request.asked.kind is not kind:
        raise InputError(say("This request asks for something else."))


def _end(store: Store, request: Request, state: RequestState, answer: str, act: Act) -> None:
    store.requests.end(request.slug, request.id, state, answer, act)


def _sentence(answer: str) -> str:
    said = " ".join(answer.split())
    if not said:
        raise InputError(say("Say why, in a sentence: the person reads it."))
    if len(said) > MAX_ANSWER:
        raise InputError(say("Write at most {most:,} characters.", most=MAX_ANSWER))
    return said
