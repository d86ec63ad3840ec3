"""The public keys, for those who check without us: of claims and receipts as JWKS (RFC 7517), the seals' roots."""

from collections.abc import Sequence

from flask import Blueprint, Response

from certs.errors import NotFoundError
from certs.model import KeyState, Purpose, TrustedKey
from certs.views import published
from certs.web.edge.language import voice
from certs.web.edge.shared import as_json, page, site
from certs.wording import day, joined, mark, say, say_marked

pages = Blueprint("keypages", __name__)
_STATES = {
    KeyState.ACTIVE: mark("active"),
    KeyState.RETIRED: mark("retired"),
    KeyState.COMPROMISED: mark("compromised"),
}


@pages.get("/.well-known/jwks.json")
def jwks() -> Response:
    """Publish every key of claims, then of receipts, with its life, newest first."""
    ring = site().keys.ring()
    both = [*ring.trusted(Purpose.CLAIM), *ring.trusted(Purpose.RECEIPT)]
    response = as_json(published.jwks(both), mimetype="application/jwk-set+json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@pages.get("/keys")
def overview() -> Response:
    """Show the keys and the roots with their fingerprints."""
    speak = voice().say
    keys = site().keys
    claims = [(key, speak(_life(key, made=True))) for key in keys.trusted(Purpose.CLAIM)]
    receipts = [(key, speak(_life(key, made=True))) for key in keys.trusted(Purpose.RECEIPT)]
    roots = [(one, speak(_life(one.seal, commercial=not one.own))) for one in _roots()]
    return page("keys.html", claims=claims, receipts=receipts, roots=roots)


@pages.get("/keys/<kid>.pem")
def root(kid: str) -> Response:
    """Send the root under which seal *kid* stands."""
    for one in _roots():
        if one.seal.kid == kid:
            return Response(one.pem, mimetype="application/x-pem-file")
    raise NotFoundError(say("There is no such key here."))


def _life(key: TrustedKey, *, made: bool = False, commercial: bool = False) -> str:
    """Return what is to be known of *key*, as one line."""
    state = say_marked(_STATES[key.state])
    told: list[str] = [state]
    if key.compromised_since:
        told = [say("{state} since {day}", state=state, day=day(key.compromised_since))]
    if made:
        told.append(say("made {day}", day=day(key.created_at)))
    if commercial:
        told.append(say("commercial authority"))
    if key.demo:
        told.append(say("demonstration only"))
    return joined(told, ", ")


def _roots() -> Sequence[published.Root]:
    keys = site().keys
    return published.roots(keys.trusted(Purpose.SEAL), keys.trusted(Purpose.ROOT))
