"""Verdicts: what the page of a certificate shows and nothing more; the register's view of the person is not in it."""

from typing import NotRequired, TypedDict

from certs.ground.number import printed
from certs.model import Certificate, Claim, Number, Statement, Verdict
from certs.views.times import iso
from certs.work.verify import headline


class StepView(TypedDict):
    """A step that was taken."""

    name: str
    outcome: str
    text: str


class AttendedView(TypedDict):
    """A session as the certificate names it."""

    title: str
    day: str
    attended: bool


class SignatoryView(TypedDict):
    """Who signs for the issuer."""

    name: str
    role: str


class StatementView(TypedDict):
    """Everything that is printed on a certificate."""

    number: str
    kind: str
    title: str | None
    name: str
    event: str
    issuer: str
    place: str
    first_day: str
    last_day: str
    hours: float
    sessions_attended: int
    sessions_in_all: int
    sessions: list[AttendedView]
    criteria: str
    signatories: list[SignatoryView]
    issued_on: str
    valid_until: str | None
    demo: bool


class ClaimView(TypedDict):
    """What a QR code says."""

    kid: str
    number: str
    kind: str
    name: str
    event: str
    first_day: str
    last_day: str
    hours: float
    sessions_attended: int
    sessions_in_all: int
    issued_on: str


class RevocationView(TypedDict):
    """When and why a certificate was revoked."""

    at: str
    reason: str
    detail: str


class ReinstatedView(TypedDict):
    """From when to when a certificate was withdrawn by mistake."""

    withdrawn_at: str
    reinstated_at: str


class VerdictView(TypedDict):
    """A verdict; *statement* is what the register holds, *claim* what was brought."""

    summary: str
    headline: str
    steps: list[StepView]
    statement: StatementView | None
    registered_at: NotRequired[str]
    sha256: NotRequired[str]
    replaced_by: NotRequired[str | None]
    replaces: NotRequired[str | None]
    revocation: NotRequired[RevocationView | None]
    reinstated: NotRequired[list[ReinstatedView]]
    claim: NotRequired[ClaimView]
    file: NotRequired[str]


class LineView(TypedDict):
    """A verdict among many, in short."""

    item: int
    number: str | None
    summary: str
    name: str | None
    event: str | None
    issued_on: str | None
    registered_at: str | None
    replaced_by: str | None
    revoked_at: str | None
    file: NotRequired[str]


class UnreadView(TypedDict):
    """What was asked among many and could not be answered."""

    item: int
    summary: str
    code: str
    detail: str


def line(item: int, of: Verdict, asked: Number | None, same_file: bool | None = None) -> LineView:
    """Return a verdict in short; *asked* is the number that was asked for, if one was."""
    held, said = of.certificate, of.certificate and of.certificate.statement
    number = asked or (held.number if held else of.claim and of.claim.number)
    view: LineView = {
        "item": item,
        "number": printed(number) if number else None,
        "summary": of.summary.value,
        "name": said.name if said else None,
        "event": said.event.title if said else None,
        "issued_on": iso(said.issued_on) if said else None,
        "registered_at": iso(held.registered_at) if held else None,
        "replaced_by": printed(held.superseded_by) if held and held.superseded_by else None,
        "revoked_at": iso(held.revocation.at) if held and held.revocation else None,
    }
    if same_file is not None:
        view["file"] = _FILES[same_file]
    return view


def unread(item: int, code: str, detail: str) -> UnreadView:
    """Return what is said of an item that could not be answered."""
    return {"item": item, "summary": "unread", "code": code, "detail": detail}


_FILES = {True: "identical", False: "different"}


def verdict(of: Verdict, same_file: bool | None = None) -> VerdictView:
    """Return a verdict; where a file's digest was asked about, with what that says."""
    certificate = of.certificate
    view: VerdictView = {
        "summary": of.summary.value,
        "headline": " ".join(f"{part.rstrip('.')}." for part in headline(of)),
        "steps": [{"name": s.name, "outcome": s.outcome.value, "text": s.text} for s in of.steps],
        "statement": statement(certificate.statement) if certificate else None,
    }
    if certificate:
        _register(view, certificate)
    if of.claim:
        view["claim"] = claim(of.claim)
    if same_file is not None:
        view["file"] = _FILES[same_file]
    return view


def _register(view: VerdictView, certificate: Certificate) -> None:
    """Add what the register says of a certificate beside its statement."""
    view["registered_at"] = iso(certificate.registered_at)
    view["sha256"] = certificate.pdf_sha256
    view["replaced_by"] = printed(certificate.superseded_by) if certificate.superseded_by else None
    view["replaces"] = printed(certificate.supersedes) if certificate.supersedes else None
    revoked = certificate.revocation
    view["revocation"] = (
        {"at": iso(revoked.at), "reason": revoked.reason.value, "detail": revoked.detail} if revoked else None
    )
    if certificate.lapses:
        view["reinstated"] = [
            {"withdrawn_at": iso(one.since), "reinstated_at": iso(one.until)} for one in certificate.lapses
        ]


def statement(of: Statement) -> StatementView:
    """Return everything that is printed on the certificate."""
    event = of.event
    return {
        "number": printed(of.number),
        "kind": of.kind,
        "title": event.heading or None,
        "name": of.name,
        "event": event.title,
        "issuer": event.issuer,
        "place": event.place,
        "first_day": iso(event.first_day),
        "last_day": iso(event.last_day),
        "hours": of.quarter_hours / 4,
        "sessions_attended": of.sessions_attended,
        "sessions_in_all": of.sessions_in_all,
        "sessions": [{"title": s.title, "day": iso(s.day), "attended": s.id in of.attended} for s in event.sessions],
        "criteria": event.criteria,
        "signatories": [{"name": s.name, "role": s.role} for s in event.signatories],
        "issued_on": iso(of.issued_on),
        "valid_until": iso(event.valid_until),
        "demo": event.demo,
    }


def claim(of: Claim) -> ClaimView:
    """Return what a QR code says."""
    return {
        "kid": of.kid,
        "number": printed(of.number),
        "kind": of.kind,
        "name": of.name,
        "event": of.event,
        "first_day": iso(of.first_day),
        "last_day": iso(of.last_day),
        "hours": of.quarter_hours / 4,
        "sessions_attended": of.sessions_attended,
        "sessions_in_all": of.sessions_in_all,
        "issued_on": iso(of.issued_on),
    }
