"""Which credentials no longer hold: signed bitstring status lists.

Each certificate has a status index for life. List N, counted from 1, covers `LIST_BITS` of them; a register that
outgrows one goes on in the next. A set bit means withdrawn, be it revoked or replaced by a corrected certificate:
both end the old credential for good, and "revocation" is the only purpose that every verifier understands. Why, and
by what it was replaced, is on the certificate's page. A list says nothing about dates: it is signed anew when
something changes.

Source: Bitstring Status List 1.0 (bit 0 is the highest of the first byte; gzip; multibase base64url).
"""

import base64
import gzip
import json
import zlib
from collections.abc import Iterable
from datetime import datetime

from certs.credential import proof
from certs.credential.did import did_of
from certs.credential.multibase import base64url, read_base58
from certs.credential.rdf import VC_CONTEXT, Document, compact_json
from certs.errors import InputError
from certs.model import Kid, Purpose
from certs.ports import Signer, Trusted
from certs.wording import say

LIST_BITS = 131_072
"""Entries of one list: the least that Bitstring Status List 1.0 allows, so that one entry hides among many."""
_GZIP_BEST = 9
_MOST_BYTES = LIST_BITS // 8 + 1
"""Of a list unpacked; one more than it has, so that a longer one is noticed."""


def list_of(status_index: int) -> tuple[int, int]:
    """Return the number of the list, from 1, and the position in it, from 0, of *status_index*.

    Raises:
        ValueError: negative.
    """
    if status_index < 0:
        raise ValueError("a status index is not negative")
    list_index, position = divmod(status_index, LIST_BITS)
    return list_index + 1, position


def index_of(list_number: int, position: int) -> int:
    """Return the status index at *position*, from 0, of list *list_number*, from 1.

    Raises:
        ValueError: there is no such place.
    """
    if list_number < 1 or not 0 <= position < LIST_BITS:
        raise ValueError("no list has that place")
    return (list_number - 1) * LIST_BITS + position


def status_list_path(number: int) -> str:
    """Return the path below the base URL where status list *number* is served; also its id."""
    return f"/status/{number}"


def status_list(base_url: str, number: int, withdrawn: Iterable[int], now: datetime, signer: Signer) -> bytes:
    """Return the signed JSON of list *number*.

    *withdrawn* are the status indexes, of this list or of all, whose certificates were revoked or superseded.

    Raises:
        ValueError: a negative index.
        SigningError: the private key is out of reach.
    """
    did, address = did_of(base_url), base_url.rstrip("/") + status_list_path(number)
    credential: Document = {
        "@context": [VC_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": proof.moment(now),
        "credentialSubject": {
            "id": address + "#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": _encoded(number, withdrawn),
        },
    }
    return compact_json(proof.add_proof(credential, did, now, signer)).encode()


def _encoded(number: int, withdrawn: Iterable[int]) -> str:
    bits = bytearray(LIST_BITS // 8)
    for status_index in withdrawn:
        list_number, position = list_of(status_index)
        if list_number == number:
            bits[position // 8] |= 0x80 >> position % 8
    return base64url(gzip.compress(bytes(bits), compresslevel=_GZIP_BEST, mtime=0))


def read_status_list(data: bytes, keys: Trusted) -> tuple[int, list[int]]:
    """Return the number of the list that *data* is, signed by one of *keys*, and the status indexes withdrawn in it.

    Raises:
        InputError: it is no status list of ours.
    """
    try:
        document = json.loads(data)
        (own,) = document.pop("proof")
        value = own.pop("proofValue")
        kid = Kid(own["verificationMethod"].partition("#")[2])
        key = next((key for key in keys.trusted(Purpose.CREDENTIAL) if key.kid == kid), None)
        if key is None or not proof.fits(key, proof.signed_bytes(document, own), read_base58(value)):
            raise InputError(say("It is not signed by a credential key that lies here."))
        number = int(document["id"].rpartition("/")[2])
        packed = document["credentialSubject"]["encodedList"].removeprefix("u")
        bits = zlib.decompressobj(wbits=31).decompress(
            base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), _MOST_BYTES
        )
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error) as error:
        raise InputError(say("It is no status list that we write.")) from error
    if len(bits) != LIST_BITS // 8:
        raise InputError(say("It is no status list that we write."))
    set_bits = (place for place in range(len(bits) * 8) if bits[place // 8] & 0x80 >> place % 8)
    return number, [index_of(number, place) for place in set_bits]
