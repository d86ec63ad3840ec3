"""A credential that somebody brought -> what it says, if one of our keys signed exactly that.

Only the form that `document` writes is read: the facts are taken out of their places and the document is written again
from them. Where both differ, it is not ours. So nothing that a stranger wrote reaches the JSON-LD processor but plain
texts, and a member that no signature covers cannot hide. The order of members and white space do not matter.

Whether the credential still holds is not asked here: the register knows, and the status list says it to others.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from certs.credential import proof
from certs.credential.did import did_of
from certs.credential.document import Own, Shared, document, refuse_unwritable
from certs.credential.multibase import read_base58
from certs.credential.rdf import Document, Json
from certs.credential.status import index_of
from certs.errors import CredentialError, CredentialFault, InputError
from certs.ground import number as numbers
from certs.model import Kid, Number, Purpose, TrustedKey
from certs.ports import Keys
from certs.wording import say

MAX_BYTES = 64 * 1024
"""Of a credential; ours have 2,500 and the length of the event's words."""
_MAX_HOURS = 1_000_000
_ID: Final = re.compile(r"(https?://[^\s#?<>\"{}|\\^`]+)/c/([0-9A-HJKMNP-TV-Z]{12})/credential\.json")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a believable credential says; whether it still holds is for the register to say."""

    kid: Kid
    base_url: str
    number: Number
    name: str
    event: str
    quarter_hours: int
    sessions_attended: int
    sessions_in_all: int
    status_index: int
    issued_at: datetime


def read(data: bytes, keys: Keys) -> Reading:
    """Return what the credential *data* says, if it has our form and one of our credential keys signed it.

    The key's state is not looked at: whether a retired or compromised key still counts is for `verify` to say.

    Raises:
        CredentialError: malformed, unknown key or wrong signature, told apart by its fault.
    """
    try:
        brought = _parse(data)
        kid = Kid(_text(brought, "proof", 0, "verificationMethod").rpartition("#")[2])
        key = keys.find(Purpose.CREDENTIAL, kid)
        if key is None:
            raise CredentialError(
                CredentialFault.UNKNOWN_KEY, say("This credential names a signing key that is not ours.")
            )
        shared, own = _shared(brought), _own(brought)
        reading = _reading(kid, shared, own)
        signature = _signature(brought, kid, shared, own)
    except (ValueError, InputError) as error:
        message = "This is not a credential that we write: it is damaged, altered or another issuer's."
        raise CredentialError(CredentialFault.MALFORMED, message) from error
    _check_signature(signature, key, shared, own)
    return reading


def _parse(data: bytes) -> Document:
    """Return the JSON object *data*; no key twice, no number that is none."""
    if len(data) > MAX_BYTES:
        raise ValueError("too large")
    try:
        brought: Json = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(brought, Mapping):
        raise ValueError("no JSON object")
    return brought


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON number")


# ---------------------------------------------------------------- facts out of their places


def _at(node: Json, *path: str | int) -> Json:
    for step in path:
        node = _members(node).get(step) if isinstance(step, str) else _item(node, step)
    return node


def _members(node: Json) -> Document:
    if not isinstance(node, Mapping):
        raise ValueError("no JSON object")
    return node


def _item(node: Json, place: int) -> Json:
    if not isinstance(node, list) or place >= len(node):
        raise ValueError("no JSON array, or too short")
    item: Json = node[place]
    return item


def _text(node: Json, *path: str | int) -> str:
    text = _at(node, *path)
    if not isinstance(text, str):
        raise ValueError(f"no text at {path}")
    refuse_unwritable(text, "The credential")
    return text


def _address(brought: Document) -> tuple[str, str]:
    """Return the base URL and the number out of the credential's id."""
    found = _ID.fullmatch(_text(brought, "id"))
    if found is None:
        raise ValueError("not one of our addresses")
    return found[1], found[2]


def _shared(brought: Document) -> Shared:
    base_url, _ = _address(brought)
    subject = _at(brought, "credentialSubject")
    achievement = _at(subject, "achievement")
    slug, kind = _text(achievement, "id").split("/")[-2:]
    return Shared(
        base_url=base_url,
        did=did_of(base_url),
        issuer=_text(brought, "issuer", "name"),
        slug=slug,
        kind=kind,
        title=_text(brought, "name"),
        description=_text(achievement, "description"),
        criteria=_text(achievement, "criteria", "narrative"),
        language=_text({"inLanguage": "", **_members(achievement)}, "inLanguage"),
        starts=_text(subject, "activityStartDate"),
        ends=_text(subject, "activityEndDate"),
        issued=_text(brought, "validFrom"),
        expires=_text({"validUntil": "", **brought}, "validUntil"),
        sessions=_text(achievement, "resultDescription", 0, "valueMax"),
    )


def _own(brought: Document) -> Own:
    subject = _at(brought, "credentialSubject")
    identifiers, hours = _at(subject, "identifier"), _at(subject, "creditsEarned")
    if not isinstance(identifiers, list) or isinstance(hours, bool) or not isinstance(hours, int | float):
        raise ValueError("no identifiers or no hours")
    return Own(
        number=_address(brought)[1],
        name=_text(identifiers, 0, "identityHash"),
        hours=hours,
        attended=_text(subject, "result", 0, "value"),
        list_number=_text(brought, "credentialStatus", "statusListCredential").rpartition("/")[2],
        position=_text(brought, "credentialStatus", "statusListIndex"),
        address_hash=_text(identifiers, 1, "identityHash") if len(identifiers) > 1 else "",
    )


# ---------------------------------------------------------------- judging


def _reading(kid: Kid, shared: Shared, own: Own) -> Reading:
    hours = float(own.hours)
    if not 0 <= hours <= _MAX_HOURS or not (hours * 4).is_integer():
        raise ValueError("hours come in quarters")
    if numbers.parse(own.number) != own.number:
        raise ValueError("not the canonical number")
    return Reading(
        kid=kid,
        base_url=shared.base_url,
        number=Number(own.number),
        name=own.name,
        event=shared.title,
        quarter_hours=round(hours * 4),
        sessions_attended=_count(own.attended),
        sessions_in_all=_count(shared.sessions),
        status_index=index_of(_count(own.list_number), _count(own.position)),
        issued_at=datetime.strptime(shared.issued, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
    )


def _count(text: str) -> int:
    """Return the whole number that *text* is, in its one spelling."""
    if not text.isascii() or not text.isdigit() or str(int(text[:9])) != text:
        raise ValueError("no count")
    return int(text)


def _options(kid: Kid, shared: Shared) -> dict[str, str]:
    return proof.options(proof.method(shared.did, kid), shared.issued)


def _signature(brought: Document, kid: Kid, shared: Shared, own: Own) -> bytes:
    """Return the proof's signature, if *brought* is exactly what the facts give when written again."""
    value = _text(brought, "proof", 0, "proofValue")
    ours = {**document(shared, own), "proof": [{**_options(kid, shared), "proofValue": value}]}
    if json.dumps(brought, sort_keys=True) != json.dumps(ours, sort_keys=True):
        raise ValueError("not the form that we write")
    return read_base58(value)


def _check_signature(signature: bytes, key: TrustedKey, shared: Shared, own: Own) -> None:
    message = proof.signed_bytes(document(shared, own), _options(key.kid, shared))
    if not proof.fits(key, message, signature):
        raise CredentialError(CredentialFault.WRONG_SIGNATURE, say("The signature in this credential does not fit it."))
