"""Statements -> credentials with their proof, filled into a template that is canonicalised once per batch.

JSON and canonical N-Quads escape the same characters (quotation mark and backslash), since control characters are
refused.
"""

import hashlib
import json
from datetime import datetime
from functools import lru_cache

from certs.credential import proof
from certs.credential.did import did_of
from certs.credential.document import HASH_PREFIX, Own, document, refuse_unwritable, shared_facts
from certs.credential.multibase import base58, read_base58
from certs.credential.quads import Quads
from certs.credential.rdf import canonical, compact_json
from certs.credential.status import list_of
from certs.credential.template import GAPS, Template
from certs.errors import CredentialError, CredentialFault
from certs.model import EventFacts, Number, Statement
from certs.ports import Signer
from certs.wording import say

_NUMBER, _NAME, _HOURS, _ATTENDED, _LIST, _POSITION, _ADDRESS, _JSON_HOURS, _PROOF = tuple(GAPS)
_ESCAPE = str.maketrans({"\\": "\\\\", '"': '\\"'})


def credential_path(number: Number) -> str:
    """Return the path below the base URL where the credential of *number* is served; also its id."""
    return f"/c/{number}/credential.json"


class Writer:
    """Writes the credentials of one event and kind; make one per batch and process, for setting up takes 0.1 s.

    *issued_at* becomes validFrom and the time of the proof: freeze it with the order, so that the same row gives the
    same bytes. With *addresses* each credential also names its recipient by a salted hash of the e-mail address.
    """

    def __init__(
        self,
        event: EventFacts,
        base_url: str,
        issued_at: datetime,
        signer: Signer,
        *,
        kind: str = "attendance",
        addresses: bool = False,
    ) -> None:
        """Canonicalise the event's part.

        Raises:
            InputError: a text of the event has a control character.
        """
        did = did_of(base_url)
        shared = self._shared = shared_facts(event, kind, base_url, did, issued_at)
        gaps = Own(_NUMBER, _NAME, _HOURS, _ATTENDED, _LIST, _POSITION, _ADDRESS if addresses else "")
        credential = document(shared, gaps)
        options = proof.options(proof.method(did, signer.key.kid), shared.issued)
        self._event, self._kind, self._addresses, self._sign = event, kind, addresses, signer.sign
        self.quads = Quads(canonical(credential))
        self._options, self._key = options, signer.key
        self._options_digest = proof.options_digest(credential, options)
        text = compact_json({**credential, "proof": [{**options, "proofValue": _PROOF}]})
        self._text = Template(text.replace(f'"{_HOURS}"', _JSON_HOURS))

    def json(self, statement: Statement, status_index: int, address: str = "") -> bytes:
        """Return the UTF-8 JSON of *statement*'s signed credential.

        *status_index* is the certificate's place in the status lists, from 0, unique in the register and never reused.

        Raises:
            InputError: the name has a control character.
            ValueError: another event or kind, a negative index, or *address* against what the writer was made for.
            SigningError: the private key is out of reach.
        """
        values = self.values(statement, status_index, address)
        signature = self._sign(self._options_digest + self.quads.digest(values))
        return self._text.fill((*values, base58(signature).encode()))

    def check(self, written: bytes, statement: Statement, status_index: int, address: str = "") -> None:
        """Make sure that *written* is what `json` should give, without canonicalising anew.

        Its facts are compared with a document made for *statement* without the template; its proof must fit what the
        template of the canonical form, proven for all values, makes of them.

        Raises:
            CredentialError: it states something else, or its signature does not fit.
            InputError, ValueError: as `json`.
        """
        own = _own(statement, status_index, address)
        try:
            brought = json.loads(written)
            value = brought["proof"][0]["proofValue"]
            same = brought == {**document(self._shared, own), "proof": [{**self._options, "proofValue": value}]}
            signature = read_base58(str(value))
        except (ValueError, TypeError, LookupError) as error:
            raise CredentialError(CredentialFault.MALFORMED, say("It is no credential of ours.")) from error
        if not same:
            raise CredentialError(CredentialFault.MALFORMED, say("It states something else than was ordered."))
        signed = self._options_digest + self.quads.digest(self.values(statement, status_index, address))
        if not proof.fits(self._key, signed, signature):
            raise CredentialError(CredentialFault.WRONG_SIGNATURE, say("Its signature does not fit."))

    def values(self, statement: Statement, status_index: int, address: str = "") -> tuple[bytes, ...]:
        """Return what fills the gaps for *statement*, in the order of `template.GAPS` without the proof.

        Raises:
            InputError, ValueError: as `json`.
        """
        self._check(statement, address)
        list_number, position = list_of(status_index)
        json_hours, hours = _hours(statement.quarter_hours)
        return (
            statement.number.encode(),
            statement.name.translate(_ESCAPE).encode(),
            hours,
            b"%d" % statement.sessions_attended,
            b"%d" % list_number,
            b"%d" % position,
            address_hash(address, statement.number).encode() if address else b"",
            json_hours,
        )

    def _check(self, statement: Statement, address: str) -> None:
        if statement.event is not self._event:
            if statement.event != self._event:
                raise ValueError("this writer was made for another event")
            self._event = statement.event
        if statement.kind != self._kind:
            raise ValueError("this writer was made for another kind of certificate")
        if bool(address) is not self._addresses:
            raise ValueError(
                "this writer was made with addresses" if self._addresses else "this writer takes no address"
            )
        refuse_unwritable(statement.name, "The name")


def _own(statement: Statement, status_index: int, address: str) -> Own:
    """Return what is *statement*'s own as its document says it."""
    list_number, position = list_of(status_index)
    return Own(
        number=statement.number,
        name=statement.name,
        hours=statement.quarter_hours / 4,
        attended=str(len(statement.attended)),
        list_number=str(list_number),
        position=str(position),
        address_hash=address_hash(address, statement.number) if address else "",
    )


def address_hash(address: str, number: str) -> str:
    """Return the identityHash of an e-mail *address*, its salt the certificate's number."""
    return HASH_PREFIX + hashlib.sha256((address.lower() + number).encode()).hexdigest()


@lru_cache(maxsize=4096)
def _hours(quarter_hours: int) -> tuple[bytes, bytes]:
    """Return hours as JSON writes them and as RDF does (JSON-LD 1.1 API section 8.2.2): 12, 12 or 12.5, 1.25E1."""
    whole, quarters = divmod(quarter_hours, 4)
    if not quarters:
        return b"%d" % whole, b"%d" % whole
    mantissa, _, exponent = f"{quarter_hours / 4:.15E}".partition("E")
    digits = mantissa.rstrip("0").ljust(3, "0")
    return str(quarter_hours / 4).encode(), f"{digits}E{int(exponent)}".encode()
