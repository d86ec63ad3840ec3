"""Where a registered certificate stands today: the last steps of every verification.

    trust    the keys that signed it were ours alone when it was registered
    status   it was not withdrawn, and not replaced by a corrected one
    expiry   it has not run out, where its event sets a last day

Three keys sign a certificate (claim, seal and, where it carries one, credential), and the trust step asks after each.
Retired is not compromised: a retired key only stops signing, and what it signed stands. A compromised key stops
counting from a moment on: what was registered before stands. What was registered at that moment or later is *unknown*:
somebody else may have made it, or we; its signature cannot tell, and nobody is called a forger or withdrawn for a key's
sake. A key whose record is missing makes it unknown too, and so does a register whose rows say less against a
certificate than its audit trail does, or more: somebody put something older in place, or wrote to the database by hand.
So does a withdrawal that was taken back under no checkpoint of ours: whoever only writes to the database can enter
that, but not sign it; and a replacement that is not signed as one: see `codes`.
"""

import logging
from datetime import date, datetime
from zoneinfo import ZoneInfo

from certs.ground import checkpoint as checkpoints
from certs.ground import number as numbers
from certs.model import Certificate, KeyState, Kid, Outcome, Purpose, Revocation, RevocationReason, Step, Summary
from certs.ports import Trusted
from certs.wording import day, joined, listing, mark, say, say_marked

_log = logging.getLogger("certs.verify")
_REASONS = {
    RevocationReason.ERROR: mark("it contained an error"),
    RevocationReason.FRAUD: mark("it was obtained by deceit"),
    RevocationReason.WITHDRAWN: mark("the issuer withdrew it"),
    RevocationReason.KEY_COMPROMISE: mark("a signing key was no longer safe"),
}
_PURPOSES = {
    Purpose.CLAIM: mark("claim"),
    Purpose.SEAL: mark("seal"),
    Purpose.CREDENTIAL: mark("credential"),
}
_SAFE = say("The keys that signed it are in use and safe.")
_STATUS_UNSURE = Step(
    "status",
    Outcome.UNKNOWN,
    say("Our records disagree about whether it was withdrawn, so it could not be checked. Ask the issuer."),
)
_REPLACEMENT_UNSURE = Step(
    "status",
    Outcome.UNKNOWN,
    say("Our records disagree about what replaced it, so it could not be checked. Ask the issuer."),
)
_REINSTATED_BY_NOBODY = Step(
    "status",
    Outcome.UNKNOWN,
    say(
        "It was withdrawn, and that this was taken back is not under our signature, so it could not be checked. "
        "Ask the issuer."
    ),
)


def standing(certificate: Certificate, keys: Trusted, now: datetime) -> tuple[Summary, tuple[Step, ...]]:
    """Return how *certificate* stands at *now*, and the steps that say so.

    Raises:
        SigningError: the key folder cannot be read.
    """
    trust, status = _trust(certificate, keys), _status(certificate, keys)
    steps = [trust, status]
    last_day = certificate.statement.event.valid_until
    if last_day is not None:
        steps.append(_expiry(last_day, now.astimezone(ZoneInfo(certificate.statement.event.zone)).date()))
    return _summary(certificate, status, trust, steps[-1]), tuple(steps)


def withdrawn(revocation: Revocation, zone: str) -> str:
    """Return what everybody who checks reads about *revocation*; its day is by the calendar of the event's *zone*."""
    on, detail = day(revocation.at.astimezone(ZoneInfo(zone))), revocation.detail
    if revocation.reason is RevocationReason.OTHER:
        if detail:
            return say("It was withdrawn on {day}: {detail}", day=on, detail=detail)
        return say("It was withdrawn on {day}.", day=on)
    why = say_marked(_REASONS[revocation.reason])
    if detail:
        return say("It was withdrawn on {day} because {why}: {detail}", day=on, why=why, detail=detail)
    return say("It was withdrawn on {day} because {why}.", day=on, why=why)


def _summary(certificate: Certificate, status: Step, trust: Step, last: Step) -> Summary:
    """Return the one word: withdrawn weighs more than replaced, and replaced more than a doubtful key."""
    if status.outcome is Outcome.UNKNOWN:
        return Summary.UNKNOWN
    if certificate.revocation:
        return Summary.REVOKED
    if certificate.superseded_by:
        return Summary.REPLACED
    if trust.outcome is not Outcome.PASSED:
        return Summary.UNKNOWN
    return Summary.EXPIRED if last.outcome is Outcome.FAILED else Summary.VALID


def _trust(certificate: Certificate, keys: Trusted) -> Step:
    notes = []
    signed = {
        Purpose.CLAIM: certificate.claim_kid,
        Purpose.SEAL: certificate.seal_kid,
        Purpose.CREDENTIAL: certificate.credential_kid,
    }
    for purpose, kid in signed.items():
        if kid is None:
            continue
        outcome, text = _key_note(purpose, kid, certificate.registered_at, keys)
        if outcome is Outcome.PASSED and (differs := _unsafe_by_trail(purpose, kid, certificate, keys)):
            return Step("trust", Outcome.UNKNOWN, differs)
        if outcome is not Outcome.PASSED:
            return Step("trust", outcome, text)
        if text:
            notes.append(text)
    return Step("trust", Outcome.PASSED, joined(notes) if notes else _SAFE)


def _key_note(purpose: Purpose, kid: Kid, registered_at: datetime, keys: Trusted) -> tuple[Outcome, str]:
    """Return whether key *kid* counts for what was registered then, and a sentence unless it is simply active."""
    key, what = keys.find(purpose, kid), say_marked(_PURPOSES[purpose])
    if key is None:
        return Outcome.UNKNOWN, say(
            "The {purpose} key {kid} that signed it is missing here, so this could not be checked.",
            purpose=what,
            kid=kid,
        )
    since = key.compromised_since
    if since is not None:
        return _unsafe_key_note(what, kid, since, registered_at)
    if key.state is KeyState.RETIRED:
        return Outcome.PASSED, say(
            "The {purpose} key {kid} has been retired in good order; what it signed stands.", purpose=what, kid=kid
        )
    return Outcome.PASSED, ""


def _unsafe_key_note(what: str, kid: Kid, since: datetime, registered_at: datetime) -> tuple[Outcome, str]:
    """Return whether a key that is not safe *since* some moment counts for what was registered then, and why."""
    if since <= registered_at:
        return Outcome.FAILED, say(
            "The {purpose} key {kid} has not been safe since {since}, and this certificate was registered no earlier "
            "({registered}): its signature cannot tell who made it. Ask the issuer for a new one.",
            purpose=what,
            kid=kid,
            since=_moment(since),
            registered=_moment(registered_at),
        )
    return Outcome.PASSED, say(
        "The {purpose} key {kid} has not been safe since {since}; this certificate was registered before "
        "({registered}), so it stands.",
        purpose=what,
        kid=kid,
        since=_moment(since),
        registered=_moment(registered_at),
    )


def _unsafe_by_trail(purpose: Purpose, kid: Kid, certificate: Certificate, keys: Trusted) -> str:
    """Return what is to be said where the trail calls key *kid* unsafe and its record does not: an older one, say."""
    told = dict(certificate.unsafe_by_trail).get(kid)
    key = keys.find(purpose, kid)
    if told is None or key is None or (key.compromised_since is not None and key.compromised_since <= told):
        return ""
    _log.critical("key_differs_from_trail", extra={"number": certificate.number, "kid": kid})
    return say(
        "Our records disagree about whether the {purpose} key {kid} that signed it is safe, so it could not be "
        "checked. Ask the issuer.",
        purpose=say_marked(_PURPOSES[purpose]),
        kid=kid,
    )


def _status(certificate: Certificate, keys: Trusted) -> Step:
    zone = certificate.statement.event.zone
    if unsure := _contradiction(certificate, keys):
        return unsure
    if certificate.revocation:
        return Step("status", Outcome.FAILED, withdrawn(certificate.revocation, zone))
    if certificate.superseded_by:
        return Step(
            "status",
            Outcome.FAILED,
            say("It was replaced by {superseded_by}.", superseded_by=numbers.printed(certificate.superseded_by)),
        )
    if certificate.lapses:
        times = listing(
            say(
                "from {since} to {until}",
                since=day(lapse.since.astimezone(ZoneInfo(zone))),
                until=day(lapse.until.astimezone(ZoneInfo(zone))),
            )
            for lapse in certificate.lapses
        )
        text = say("It was withdrawn {times} and then reinstated. It was not replaced.", times=times)
        return Step("status", Outcome.PASSED, text)
    return Step("status", Outcome.PASSED, say("It was neither withdrawn nor replaced."))


def _contradiction(certificate: Certificate, keys: Trusted) -> Step | None:
    """Return the step, and log loudly, where rows, trail and signatures do not say the same of its status."""
    about = {"number": certificate.number}
    if certificate.withdrawn_by_nobody or (certificate.withdrawn_by_trail and certificate.revocation is None):
        _log.critical("status_differs_from_trail", extra=about)
        return _STATUS_UNSURE
    if certificate.revocation:
        return None
    if certificate.restored_under is not None and not _is_signed(certificate.restored_under, keys):
        _log.critical("reinstated_by_nobody", extra=about)
        return _REINSTATED_BY_NOBODY
    if certificate.replaced_by_trail and certificate.replaced_by_trail != certificate.superseded_by:
        _log.critical("replacement_differs_from_trail", extra=about)
        return _REPLACEMENT_UNSURE
    if certificate.replaced_by_nobody:
        _log.critical("replaced_by_nobody", extra=about)
        return _REPLACEMENT_UNSURE
    return None


def _is_signed(note: str, keys: Trusted) -> bool:
    """Say whether *note* is a checkpoint under a key of ours that was safe by then."""
    return bool(note) and checkpoints.signer_of(note, keys) is not None


def _expiry(last_day: date, today: date) -> Step:
    """Say whether the last day is over where the event was, as the credential's validUntil does."""
    if today > last_day:
        return Step("expiry", Outcome.FAILED, say("It was valid until {day}.", day=day(last_day)))
    return Step("expiry", Outcome.PASSED, say("It is valid until {day}.", day=day(last_day)))


def _moment(moment: datetime) -> str:
    return say("{day}, {at:%H:%M} UTC", day=day(moment), at=moment)
