"""The JSON of a credential without its proof: which fact stands where.

    id                          BASE/c/NUMBER/credential.json
    name                        the event's title, before it the kind's if it has one; DEMO first in a demonstration
    issuer                      did:web of BASE, name, url
    validFrom, validUntil       when issued; the end of the event's last valid day, where it has one
    credentialStatus            BASE/status/LIST#POSITION, purpose revocation
    credentialSubject
      activityStartDate, …End…  the event's first and last day in its own zone
      creditsEarned             hours, in quarters
      identifier                the name; where asked for also sha256 of address and number
      result                    sessions attended, of achievement.resultDescription's valueMax
      achievement               BASE/achievements/SLUG/KIND: title, titles of the sessions, the rule as criteria

Nodes have ids wherever the 1EdTech schema allows, so that only the identifiers are blank. Terms and their order
follow Open Badges 3.0 section B and VCDM 2.0 section 4. There is one way to write the same facts; `reading` refuses
every other.
"""

import re
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from certs.credential.rdf import BADGE_CONTEXT, VC_CONTEXT, Document
from certs.errors import InputError
from certs.model import EventFacts
from certs.wording import say

ACHIEVEMENT_TYPE = "CertificateOfCompletion"
HASH_PREFIX = "sha256$"
_DEMO = "DEMO – "
_LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""What the schema takes as inLanguage; a finer tag is cut to its language."""
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Control characters have several N-Quads spellings in the wild; surrogates and noncharacters are no text."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all credentials of one event and kind say alike, as the texts that stand in the document."""

    base_url: str
    did: str
    issuer: str
    slug: str
    kind: str
    title: str
    description: str
    criteria: str
    language: str
    """May be empty."""
    starts: str
    ends: str
    issued: str
    expires: str
    """May be empty."""
    sessions: str


@dataclass(frozen=True, slots=True)
class Own:
    """What is one credential's own, as it stands in the document; *hours* is text in a template only."""

    number: str
    name: str
    hours: float | str
    attended: str
    list_number: str
    position: str
    address_hash: str = ""
    """`sha256$…` of address and number, or empty."""


def shared_facts(event: EventFacts, kind: str, base_url: str, did: str, issued_at: datetime) -> Shared:
    """Return what *event* gives to its credentials of *kind*.

    Raises:
        InputError: a text with a control character.
    """
    zone = ZoneInfo(event.zone)
    language = event.language if _LANGUAGE.fullmatch(event.language) else event.language.partition("-")[0]
    shared = Shared(
        base_url=base_url.rstrip("/"),
        did=did,
        issuer=event.issuer,
        slug=event.slug,
        kind=kind,
        title=_DEMO * event.demo + (f"{event.heading} – {event.title}" if event.heading else event.title),
        description=" · ".join(session.title for session in event.sessions) or event.title,
        criteria=event.criteria,
        language=language if _LANGUAGE.fullmatch(language) else "",
        starts=_moment(event.first_day, time(0), zone),
        ends=_moment(event.last_day, time(23, 59, 59), zone),
        issued=f"{issued_at:%Y-%m-%dT%H:%M:%SZ}",
        expires=_moment(event.valid_until, time(23, 59, 59), zone) if event.valid_until else "",
        sessions=str(len(event.sessions)),
    )
    for field in fields(shared):
        refuse_unwritable(getattr(shared, field.name), f"The event's {field.name}")
    return shared


def refuse_unwritable(text: str, what: str) -> None:
    """Stop at a text that a credential cannot carry.

    Raises:
        InputError: *text* has a control character; the sentence begins with *what*.
    """
    if found := _UNWRITABLE.search(text):
        code = f"U+{ord(found.group()):04X}"
        raise InputError(
            say(
                "{what} contains the control character {code}, which no credential can carry: remove it.",
                what=what,
                code=code,
            )
        )


def _moment(day: date, at: time, zone: ZoneInfo) -> str:
    return datetime.combine(day, at, zone).isoformat()


def document(shared: Shared, own: Own) -> Document:
    """Return the credential without its proof."""
    credential_id = f"{shared.base_url}/c/{own.number}/credential.json"
    return {
        "@context": [VC_CONTEXT, BADGE_CONTEXT],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": shared.title,
        "issuer": {"id": shared.did, "type": ["Profile"], "name": shared.issuer, "url": shared.base_url},
        "validFrom": shared.issued,
        **({"validUntil": shared.expires} if shared.expires else {}),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "activityStartDate": shared.starts,
            "activityEndDate": shared.ends,
            "achievement": _achievement(shared),
            "id": credential_id + "#subject",
            "identifier": _identifiers(own),
            "creditsEarned": own.hours,
            "result": [
                {
                    "id": credential_id + "#sessions",
                    "type": ["Result"],
                    "resultDescription": _achievement_id(shared) + "#sessions",
                    "value": own.attended,
                }
            ],
        },
        "id": credential_id,
        "credentialStatus": _status(shared, own),
    }


def _achievement_id(shared: Shared) -> str:
    return f"{shared.base_url}/achievements/{shared.slug}/{shared.kind}"


def _achievement(shared: Shared) -> Document:
    identifier = _achievement_id(shared)
    return {
        "id": identifier,
        "type": ["Achievement"],
        "achievementType": ACHIEVEMENT_TYPE,
        "name": shared.title,
        "description": shared.description,
        "criteria": {"id": identifier + "#criteria", "narrative": shared.criteria},
        **({"inLanguage": shared.language} if shared.language else {}),
        "resultDescription": [
            {
                "id": identifier + "#sessions",
                "type": ["ResultDescription"],
                "name": "Sessions attended",
                "resultType": "RawScore",
                "valueMin": "0",
                "valueMax": shared.sessions,
            }
        ],
    }


def _identifiers(own: Own) -> list[Document]:
    name: Document = {"type": "IdentityObject", "hashed": False, "identityHash": own.name, "identityType": "name"}
    if not own.address_hash:
        return [name]
    address: Document = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": own.address_hash,
        "identityType": "emailAddress",
        "salt": own.number,
    }
    return [name, address]


def _status(shared: Shared, own: Own) -> Document:
    status_list = f"{shared.base_url}/status/{own.list_number}"
    return {
        "id": f"{status_list}#{own.position}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListCredential": status_list,
        "statusListIndex": own.position,
    }
