"""Passkeys (Web Authentication Level 3): a device signs a challenge that was made for this browser and these minutes.

A challenge is not kept anywhere: it is a moment and random bytes under an HMAC that also covers the browser's cookie.
So one that was overheard is worth nothing elsewhere, and none after signing in, when the cookie changes.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, options_to_json_dict, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from certs.errors import DeniedError
from certs.model import Act, Passkey, User
from certs.ports import Store

GOOD_FOR = timedelta(minutes=5)
_RANDOM, _MOMENT, _SEAL = 16, 8, 32
_REFUSED = "This passkey was not accepted. Try again, or use your password."


class Challenges:
    """Makes and checks challenges for one browser."""

    def __init__(self, secret: bytes, browser: str) -> None:
        self._secret = secret
        self._browser = browser

    def make(self, now: datetime) -> bytes:
        """Return a challenge that is good for five minutes."""
        head = secrets.token_bytes(_RANDOM) + int(now.timestamp()).to_bytes(_MOMENT, "big")
        return head + self._seal(head)

    def is_ours(self, challenge: bytes, now: datetime) -> bool:
        """Say whether *challenge* was made for this browser in the last five minutes."""
        head, seal = challenge[: _RANDOM + _MOMENT], challenge[_RANDOM + _MOMENT :]
        if len(seal) != _SEAL or not hmac.compare_digest(seal, self._seal(head)):
            return False
        age = now.timestamp() - int.from_bytes(head[_RANDOM:], "big")
        return age + 1 >= 0 and age <= GOOD_FOR.total_seconds()

    def _seal(self, head: bytes) -> bytes:
        return hmac.new(self._secret, b"passkey " + self._browser.encode() + head, "sha256").digest()


def to_register(register: Store, user: User, base_url: str, challenges: Challenges, now: datetime) -> dict[str, Any]:
    """Return the options for `navigator.credentials.create`."""
    options = generate_registration_options(
        rp_id=_host(base_url),
        rp_name="Certificate desk",
        user_id=user.ref.encode(),
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenges.make(now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=one.credential_id) for one in register.locks.passkeys(user.ref)
        ],
    )
    return options_to_json_dict(options)


def registered(
    register: Store, user: User, base_url: str, challenges: Challenges, answer: dict[str, Any], name: str, act: Act
) -> None:
    """Keep the passkey that the device made.

    Raises:
        DeniedError: its answer does not fit.
        ConflictError: it is known already.
    """
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=_challenge(answer, challenges, act.at),
            expected_rp_id=_host(base_url),
            expected_origin=_origin(base_url),
            require_user_verification=True,
        )
    except (WebAuthnException, KeyError, ValueError, TypeError) as error:
        raise DeniedError(_REFUSED) from error
    passkey = Passkey(
        found.credential_id, found.credential_public_key, found.sign_count, name.strip()[:60] or "passkey", act.at
    )
    register.locks.add_passkey(user.ref, passkey, act)


def to_sign_in(base_url: str, challenges: Challenges, now: datetime) -> dict[str, Any]:
    """Return the options for `navigator.credentials.get`; they name nobody."""
    options = generate_authentication_options(
        rp_id=_host(base_url),
        challenge=challenges.make(now),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def shown(register: Store, base_url: str, challenges: Challenges, answer: dict[str, Any], now: datetime) -> User:
    """Return whose passkey answered.

    Raises:
        DeniedError: nobody's, the answer does not fit, its counter went back, or she is suspended.
    """
    try:
        found = register.locks.passkey(base64url_to_bytes(answer["rawId"]))
        if found is None or found[0].suspended_at is not None:
            raise DeniedError(_REFUSED)
        user, passkey = found
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=_challenge(answer, challenges, now),
            expected_rp_id=_host(base_url),
            expected_origin=_origin(base_url),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.count,
            require_user_verification=True,
        )
    except (WebAuthnException, KeyError, ValueError, TypeError) as error:
        raise DeniedError(_REFUSED) from error
    if not register.locks.use_passkey(passkey.credential_id, verified.new_sign_count):
        raise DeniedError(_REFUSED)
    return user


def _challenge(answer: dict[str, Any], challenges: Challenges, now: datetime) -> bytes:
    """Return the challenge that the device signed, if it is one of ours.

    Raises:
        DeniedError: it is not.
    """
    client = parse_client_data_json(base64url_to_bytes(answer["response"]["clientDataJSON"]))
    if not challenges.is_ours(client.challenge, now):
        raise DeniedError(_REFUSED)
    return client.challenge


def _host(base_url: str) -> str:
    return urlsplit(base_url).hostname or ""


def _origin(base_url: str) -> str:
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"
