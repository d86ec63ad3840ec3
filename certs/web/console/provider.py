"""Signing in by an identity provider (OpenID Connect Core 1.0, authorization code flow with PKCE, RFC 7636).

1. The browser is sent to the provider, with a state, a nonce and a challenge that a signed cookie of ten minutes holds.
2. It comes back with a code and the state; the code is exchanged, with the verifier, for an ID token.
3. The token's signature, issuer, audience, time and nonce are checked with the provider's own keys.
4. Its *verified* address is that of a user whom an administrator made, or nobody is signed in.

What the provider says is asked again when a process begins, and when a token is signed by a key not seen before.
"""

import secrets
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from certs.errors import DeniedError, StorageError
from certs.wording import say

GOOD_FOR_SECONDS = 600
_TIMEOUT_SECONDS = 10
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_LEEWAY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Journey:
    """What is remembered while somebody is at the provider."""

    state: str
    nonce: str
    verifier: str
    next: str
    anew: bool
    """Whether she must have shown her password there just now."""


class Provider:
    """The identity provider of the deployment."""

    def __init__(
        self, issuer: str, client_id: str, client_secret: Callable[[], bytes], secret: Callable[[], bytes]
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._secret = secret
        self._said: dict[str, Any] = {}
        self._keys: KeySet | None = None

    def set_out(self, back: str, wanted: str, *, anew: bool = False) -> tuple[str, str]:
        """Return where the browser goes, and what its cookie holds meanwhile; *anew* asks her for her password there.

        Raises:
            StorageError: the provider does not answer.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        journey = Journey(state, nonce, verifier, wanted, anew)
        address, _ = self._session(back).create_authorization_url(
            self._discovered()["authorization_endpoint"],
            state=journey.state,
            nonce=journey.nonce,
            code_challenge=create_s256_code_challenge(journey.verifier),
            code_challenge_method="S256",
            **({"prompt": "login", "max_age": 0} if anew else {}),
        )
        held = self._serializer().dumps(list(astuple(journey)))
        return str(address), str(held)

    def come_back(self, back: str, held: str, state: str, code: str, now: datetime) -> tuple[str, str]:
        """Return the verified address of who comes back, and where she wanted to go.

        Raises:
            DeniedError: she did not set out from here, was not let in, or has no address that the provider vouches for.
            StorageError: the provider does not answer.
        """
        journey = self._journey(held, state)
        try:
            token = self._session(back).fetch_token(
                self._discovered()["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=journey.verifier,
                timeout=_TIMEOUT_SECONDS,
            )
        except requests.RequestException as error:
            raise StorageError(say("The identity provider does not answer.")) from error
        except (AuthlibBaseError, ValueError) as error:
            raise DeniedError(_REFUSED) from error
        claims = self._claims(str(token.get("id_token", "")), journey.nonce, now)
        if journey.anew and not _was_just_asked(claims, now):
            raise DeniedError(say("The identity provider did not ask for your password again."))
        if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
            raise DeniedError(say("The identity provider does not vouch for an e-mail address of yours."))
        return str(claims["email"]), journey.next

    def _journey(self, held: str, state: str) -> Journey:
        try:
            journey = Journey(*self._serializer().loads(held, max_age=GOOD_FOR_SECONDS))
        except (BadData, TypeError):
            raise DeniedError(_REFUSED) from None
        if not secrets.compare_digest(journey.state, state):
            raise DeniedError(_REFUSED)
        return journey

    def _claims(self, token: str, nonce: str, now: datetime) -> dict[str, Any]:
        """Return what the ID token says.

        Raises:
            DeniedError: the provider did not sign it, or it is for another site, time or browser.
        """
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self._discovered()["issuer"]},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        for fresh in (False, True):
            try:
                found = jwt.decode(token, self._key_set(fresh=fresh), algorithms=_ALGORITHMS)
                rules.validate(found.claims)
            except (JoseError, ValueError):
                continue
            return dict(found.claims)
        raise DeniedError(_REFUSED)

    def _key_set(self, *, fresh: bool) -> KeySet:
        if self._keys is None or fresh:
            said: Any = self._ask(self._discovered()["jwks_uri"])
            self._keys = KeySet.import_key_set(said)
        return self._keys

    def _discovered(self) -> dict[str, Any]:
        """Return what the provider says of itself (OpenID Connect Discovery 1.0, section 4).

        Raises:
            StorageError: it does not answer, or says that it is another.
        """
        if not self._said:
            said = self._ask(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
            if said.get("issuer", "").rstrip("/") != self._issuer.rstrip("/"):
                raise StorageError(say("The identity provider says that it is another."))
            self._said = said
        return self._said

    def _ask(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, timeout=_TIMEOUT_SECONDS)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise StorageError(say("The identity provider does not answer.")) from error
        return found

    def _session(self, back: str) -> OAuth2Session:
        return OAuth2Session(
            self._client_id, self._client_secret().decode(), scope="openid email profile", redirect_uri=back
        )

    def _serializer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret(), salt="certs identity provider v1")


def _was_just_asked(claims: dict[str, Any], now: datetime) -> bool:
    """Say whether the provider asked her within the journey (`auth_time`, OpenID Connect Core 1.0 section 2)."""
    at = claims.get("auth_time")
    return isinstance(at, int) and now.timestamp() - at <= GOOD_FOR_SECONDS


_REFUSED = say("Signing in by your organisation did not work. Begin again from the sign-in page.")
