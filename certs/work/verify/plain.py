"""A verdict and its days in plain words, and as the JSON that programs read.

Both edges use these, so the page, the command line and the API say the same. The JSON carries what the page shows and
nothing more: the register's view of the person is not in it.
"""

from datetime import date
from functools import cache

from certs.ground import number as numbers
from certs.model import Claim, Outcome, Statement, Summary, Verdict

_HEADLINES = {
    Summary.VALID: ("Valid", "This certificate is genuine and in force."),
    Summary.REPLACED: ("Replaced", "This certificate was genuine, but a corrected one has replaced it."),
    Summary.REVOKED: ("Withdrawn", "This certificate was issued, but it does not count any more."),
    Summary.EXPIRED: ("Expired", "This certificate is genuine, but its time has run out."),
    Summary.ALTERED: ("Altered", "This is not what we issued: something in it was changed."),
    Summary.NOT_ISSUED: ("Not issued by us", "We did not issue this certificate."),
    Summary.UNKNOWN: ("Could not be checked", "We could not check this. It may be genuine or not."),
}
_SEALED = (
    "Not in our register",
    "We sealed this file and nobody changed it, but our register does not hold it. Ask the issuer.",
)


def headline(verdict: Verdict) -> tuple[str, str]:
    """Return the verdict as a title and a sentence for a visitor."""
    return _SEALED if verdict.summary is Summary.NOT_ISSUED and _is_sealed(verdict) else _HEADLINES[verdict.summary]


def _is_sealed(verdict: Verdict) -> bool:
    """Say whether the file bears a seal of ours over all of it: nobody changed it, and we made it."""
    return any(step.name == "seal" and step.outcome is Outcome.PASSED for step in verdict.steps)


def day(of: date) -> str:
    """Return `6 October 2026`."""
    return f"{of.day} {month(of.month)} {of.year}"


@cache
def month(number: int) -> str:
    """Return the name of a month, asked of the C library once: every page shows some.

    Raises:
        ValueError: there is no such month.
    """
    return f"{date(2000, number, 1):%B}"


def as_json(verdict: Verdict) -> dict[str, object]:
    """Return *verdict* as JSON values: `summary`, `headline`, `steps`, `statement`, and `claim` where one was brought.

    `statement` is what the register holds, null where it holds nothing. Days are ISO 8601 dates.
    """
    certificate = verdict.certificate
    answer: dict[str, object] = {
        "summary": verdict.summary.value,
        "headline": " ".join(f"{part.rstrip('.')}." for part in headline(verdict)),
        "steps": [{"name": s.name, "outcome": s.outcome.value, "text": s.text} for s in verdict.steps],
        "statement": statement_json(certificate.statement) if certificate else None,
    }
    if certificate:
        answer["registered_at"] = certificate.registered_at.isoformat()
        answer["sha256"] = certificate.pdf_sha256
        answer["replaced_by"] = certificate.superseded_by and numbers.printed(certificate.superseded_by)
        answer["replaces"] = certificate.supersedes and numbers.printed(certificate.supersedes)
        answer["revocation"] = certificate.revocation and {
            "at": certificate.revocation.at.isoformat(),
            "reason": certificate.revocation.reason.value,
            "detail": certificate.revocation.detail,
        }
        if certificate.lapses:
            answer["reinstated"] = [
                {"withdrawn_at": one.since.isoformat(), "reinstated_at": one.until.isoformat()}
                for one in certificate.lapses
            ]
    if verdict.claim:
        answer["claim"] = _claim_json(verdict.claim)
    return answer


def statement_json(statement: Statement) -> dict[str, object]:
    """Return everything that is printed on the certificate."""
    event = statement.event
    return {
        "number": numbers.printed(statement.number),
        "kind": statement.kind,
        "title": event.heading or None,
        "name": statement.name,
        "event": event.title,
        "issuer": event.issuer,
        "place": event.place,
        "first_day": event.first_day.isoformat(),
        "last_day": event.last_day.isoformat(),
        "hours": statement.quarter_hours / 4,
        "sessions_attended": statement.sessions_attended,
        "sessions_in_all": statement.sessions_in_all,
        "sessions": [
            {"title": s.title, "day": s.day.isoformat(), "attended": s.id in statement.attended} for s in event.sessions
        ],
        "criteria": event.criteria,
        "signatories": [{"name": s.name, "role": s.role} for s in event.signatories],
        "issued_on": statement.issued_on.isoformat(),
        "valid_until": event.valid_until and event.valid_until.isoformat(),
        "demo": event.demo,
    }


def _claim_json(claim: Claim) -> dict[str, object]:
    return {
        "kid": claim.kid,
        "number": numbers.printed(claim.number),
        "kind": claim.kind,
        "name": claim.name,
        "event": claim.event,
        "first_day": claim.first_day.isoformat(),
        "last_day": claim.last_day.isoformat(),
        "hours": claim.quarter_hours / 4,
        "sessions_attended": claim.sessions_attended,
        "sessions_in_all": claim.sessions_in_all,
        "issued_on": claim.issued_on.isoformat(),
    }
