"""Whether a credential says just what the register does, without the private key: for certificates of before.

Three things in a credential are not the statement's: when the batch was ordered, the place in the status lists, and
whether the person's address is named. They are taken from the credential itself; with them it is written anew from the
statement, and must be the same in everything, under a proof that fits.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from certs.credential.status import index_of
from certs.credential.writer import Writer
from certs.errors import CredentialError, CredentialFault, InputError
from certs.model import EventFacts, Statement, TrustedKey
from certs.wording import say

_FORM = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class _Mute:
    """A signer that has the public part alone."""

    key: TrustedKey

    def sign(self, message: bytes) -> bytes:
        raise TypeError("nothing is signed here")


def check(written: bytes, statement: Statement, base_url: str, key: TrustedKey, address: str) -> None:
    """Make sure that *written* says what *statement* does, signed by *key*; *address* is the person's.

    Raises:
        CredentialError: it states something else, is no credential of ours, or its signature does not fit.
    """
    try:
        brought = json.loads(written)
        issued_at = datetime.strptime(str(brought["validFrom"]), _FORM).replace(tzinfo=UTC)
        status, named = brought["credentialStatus"], len(brought["credentialSubject"]["identifier"]) > 1
        index = index_of(int(status["statusListCredential"].rpartition("/")[2]), int(status["statusListIndex"]))
        writer = _writer(statement.event, statement.kind, base_url, issued_at, key, named)
        writer.check(written, statement, index, address if named else "")
    except (ValueError, TypeError, LookupError, AttributeError, InputError) as error:
        raise CredentialError(CredentialFault.MALFORMED, say("It is no credential of ours.")) from error


@lru_cache(maxsize=8)
def _writer(
    event: EventFacts, kind: str, base_url: str, issued_at: datetime, key: TrustedKey, addresses: bool
) -> Writer:
    return Writer(event, base_url, issued_at, _Mute(key), kind=kind, addresses=addresses)
