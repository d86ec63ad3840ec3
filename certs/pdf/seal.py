"""The seal: a PAdES signature (ETSI EN 319 142-1) in a CMS template where only digest and signature change.

A seal is a CMS SignedData over the file without the gap that holds it. All certificates of a run share the certificate
chain, the algorithms and the layout of the signed attributes; so the container is encoded once, with marks in place of
digest and signature, and cut at the marks. ECDSA signatures vary by a few bytes in length: there is a template for
each. The signing time stands in the PDF's signature dictionary, not in the CMS, as PAdES wants it.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import NamedTuple, Protocol

from asn1crypto import algos, cms, core, tsp, x509

from certs.errors import SigningError
from certs.model import Evidence, SealLevel
from certs.ports import Authority, Signer
from certs.wording import say

_DIGEST_MARK = b"\xa5" * 32
_SIGNATURE_MARK = b"\x5a"
_LONGEST_ECDSA_P256 = 72
"""Of the DER form: two integers of up to 33 bytes with their heads."""
_EMPTY_DIGEST = hashlib.sha256(b"").digest()
_STAMP_MARGIN = 512
"""Bytes by which a time-stamp may be longer than the first one."""
_SHA256 = algos.DigestAlgorithm({"algorithm": "sha256"})


class _Template(NamedTuple):
    """The container in hex, around digest and signature."""

    head: bytes
    middle: bytes
    foot: bytes

    @property
    def digits(self) -> int:
        """Hex digits without digest and signature."""
        return sum(map(len, self))


class Seals(Protocol):
    """What a tail needs of whoever seals it: the time that it states, hex digits for a container, evidence, if any."""

    signed_at: datetime
    digits: int
    evidence: Evidence | None

    def seal(self, digest: bytes) -> bytes:
        """Return the container for *digest*, in hex, of `digits`.

        Raises:
            SigningError: the key or the time-stamp authority is out of reach.
        """


class Sealer:
    """Seals with one X.509 key; *signed_at* is the time that the seal states.

    At level B-T each seal also carries a time-stamp over its signature, at level B-LT the plate carries `evidence` that
    the certificates were good. Both come from *authority*, which is asked for one token beforehand to know its size.
    """

    def __init__(
        self,
        signer: Signer,
        signed_at: datetime,
        level: SealLevel = SealLevel.B_B,
        authority: Authority | None = None,
    ) -> None:
        if not signer.key.certificates:
            raise SigningError(
                say("The seal key {kid} has no X.509 certificate; import its chain.", kid=signer.key.kid)
            )
        self._signer = signer
        self.signed_at = signed_at
        self._container = _container(signer.key.certificates)
        self.digits = self._container.digits
        self.evidence: Evidence | None = None
        self._authority = _needed(authority, level)
        if self._authority:
            token = self._authority.stamp(_EMPTY_DIGEST)
            self.digits += 2 * (len(token) + _STAMP_MARGIN)
            if level is SealLevel.B_LT:
                self.evidence = self._authority.evidence(signer.key.certificates, token)

    def seal(self, digest: bytes) -> bytes:
        """Return the container for *digest*, in hex, padded to `digits`.

        Raises:
            SigningError: the key or the time-stamp authority is out of reach.
        """
        signature = self._signer.sign(self._container.to_be_signed(digest))
        container = self._container.filled(digest, signature)
        if self._authority:
            container = _stamped(container, self._authority.stamp(hashlib.sha256(signature).digest()))
        if len(container) > self.digits:
            raise SigningError(say("The time-stamp authority's answers vary too much in size; run the command again."))
        return container.ljust(self.digits, b"0")


def _needed(authority: Authority | None, level: SealLevel) -> Authority | None:
    """Return the authority that *level* needs, if any.

    Raises:
        SigningError: it needs one and there is none.
    """
    if level is SealLevel.B_B:
        return None
    if authority is None:
        raise SigningError(
            say("Seal level {level} needs a time-stamp authority: set CERTS_TIMESTAMP_URL.", level=level)
        )
    return authority


def _stamped(container: bytes, token: bytes) -> bytes:
    """Return *container* (in hex) with a time-stamp of its signature beside it (RFC 3161, appendix A)."""
    encoded = cms.ContentInfo.load(bytes.fromhex(container.decode()))
    (signer,) = encoded["content"]["signer_infos"]
    stamp = {"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token)]}
    signer["unsigned_attrs"] = cms.CMSAttributes([stamp])
    return encoded.dump(force=True).hex().encode()


class _Container:
    """The CMS container of one certificate chain, leaf first, cut where digest and signature go."""

    def __init__(self, chain: Sequence[bytes]) -> None:
        self._chain = [x509.Certificate.load(der) for der in chain]
        self._attributes = _signed_attributes(self._chain[0])
        self._attributes_head, self._attributes_foot = self._attributes.dump().split(_DIGEST_MARK)
        self._template = cache(self._make_template)
        longest = self._longest_signature()
        self.digits = self._template(longest).digits + 2 * (len(_DIGEST_MARK) + longest)

    def to_be_signed(self, digest: bytes) -> bytes:
        """Return the signed attributes with *digest* in place, as the key signs them."""
        return self._attributes_head + digest + self._attributes_foot

    def filled(self, digest: bytes, signature: bytes) -> bytes:
        """Return the container with *digest* and *signature* in place, in hex."""
        head, middle, foot = self._template(len(signature))
        return b"".join((head, digest.hex().encode(), middle, signature.hex().encode(), foot))

    def _longest_signature(self) -> int:
        """Return how many bytes a signature can have."""
        public_key = self._chain[0].public_key
        if public_key.algorithm == "rsa":
            return int(public_key.byte_size)
        return _LONGEST_ECDSA_P256

    def _make_template(self, signature_bytes: int) -> _Template:
        """Encode the container around marks and cut it there."""
        mark = _SIGNATURE_MARK * signature_bytes
        encoded = cms.ContentInfo({"content_type": "signed_data", "content": self._signed_data(mark)}).dump()
        head, rest = encoded.split(_DIGEST_MARK)
        middle, foot = rest.split(mark)
        return _Template(*(part.hex().encode() for part in (head, middle, foot)))

    def _signed_data(self, signature: bytes) -> cms.SignedData:
        """Return the SignedData of RFC 5652, section 5.1, with the content outside it."""
        leaf = self._chain[0]
        algorithm = "sha256_rsa" if leaf.public_key.algorithm == "rsa" else "sha256_ecdsa"
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    {
                        "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                            {"issuer": leaf.issuer, "serial_number": leaf.serial_number}
                        )
                    }
                ),
                "digest_algorithm": _SHA256,
                "signed_attrs": self._attributes,
                "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm}),
                "signature": signature,
            }
        )
        return cms.SignedData(
            {
                "version": "v1",
                "digest_algorithms": cms.DigestAlgorithms((_SHA256,)),
                "encap_content_info": {"content_type": "data"},
                "certificates": self._chain,
                "signer_infos": [signer],
            }
        )


@lru_cache(maxsize=8)
def _container(chain: tuple[bytes, ...]) -> _Container:
    """Encode the container of *chain* once in each process."""
    return _Container(chain)


def _signed_attributes(leaf: x509.Certificate) -> cms.CMSAttributes:
    """Return what the key signs: content type, digest, and which certificate signs (RFC 5035)."""
    certificate = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(leaf.dump()).digest()})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [core.OctetString(_DIGEST_MARK)]}),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [certificate]})]}
            ),
        ]
    )
