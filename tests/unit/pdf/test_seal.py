"""The container is what a CMS reader expects, for both algorithms and every length of signature."""

import hashlib
import re
from dataclasses import replace

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from certs.errors import SigningError
from certs.model import SealLevel
from certs.pdf import Design, Sealer, check_structure, draw_plate
from tests.unit.pdf import cast

DIGEST = hashlib.sha256(b"a file").digest()


def leaf_key(key: cast.SealKey) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    public = x509.load_der_x509_certificate(key.key.certificates[0]).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
    return public


def signed(container: bytes) -> tuple[bytes, bytes]:
    """Return what the container signs, and its signature."""
    (signer,) = cms.ContentInfo.load(bytes.fromhex(container.decode()), strict=False)["content"]["signer_infos"]
    return signer["signed_attrs"].untag().dump(), signer["signature"].native


def test_ecdsa_signatures_of_every_length_verify() -> None:
    """They have 70 to 72 bytes, now and then fewer; the container is padded to one length."""
    sealer = cast.sealer()
    lengths = set()
    for serial in range(60):
        digest = hashlib.sha256(bytes([serial])).digest()
        container = sealer.seal(digest)
        attributes, signature = signed(container)
        public = leaf_key(cast.seal_key())
        assert isinstance(public, ec.EllipticCurvePublicKey)
        public.verify(signature, attributes, ec.ECDSA(hashes.SHA256()))
        assert digest in attributes
        assert len(container) == sealer.digits
        lengths.add(len(signature))
    assert len(lengths) > 1


def test_rsa_seals_verify() -> None:
    """PKCS #1 v1.5, as every viewer knows it."""
    key = cast.SealKey(rsa.generate_private_key(65537, 3072))
    attributes, signature = signed(Sealer(key, cast.NOW).seal(DIGEST))
    public = leaf_key(key)
    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(signature, attributes, padding.PKCS1v15(), hashes.SHA256())
    statement = cast.statement()
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, Sealer(key, cast.NOW))
    assert check_structure(plate, plate.imprint(statement, cast.claim_url(statement))) == []


def test_the_seal_states_its_time_outside_the_container() -> None:
    """PAdES wants it in the PDF's dictionary only."""
    statement = cast.statement()
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, cast.sealer())
    tail = plate.imprint(statement, cast.claim_url(statement)).tail
    assert b"/M(D:20261120093000Z)" in tail
    match = re.search(rb"/Contents<([0-9a-f]+)>", tail)
    assert match is not None
    assert b"signing_time" not in repr(cms.ContentInfo.load(bytes.fromhex(match[1].decode())).native).encode()


def test_a_key_without_certificate_cannot_seal() -> None:
    """It says what to do."""
    key = cast.SealKey(ec.generate_private_key(ec.SECP256R1()))
    key.key = replace(key.key, certificates=())
    with pytest.raises(SigningError, match="import its chain"):
        Sealer(key, cast.NOW)


@pytest.mark.parametrize("level", [SealLevel.B_T, SealLevel.B_LT])
def test_higher_levels_need_an_authority(level: SealLevel) -> None:
    """It says which setting names one."""
    with pytest.raises(SigningError, match="CERTS_TIMESTAMP_URL"):
        Sealer(cast.seal_key(), cast.NOW, level)


def test_a_time_stamp_that_outgrows_its_place_is_refused() -> None:
    """Rather than a file whose offsets are wrong."""

    class Growing:
        """Answers with ever longer tokens."""

        size = 100

        def stamp(self, digest: bytes) -> bytes:
            self.size *= 20
            return cms.ContentInfo({"content_type": "data", "content": bytes(self.size)}).dump()

        def evidence(self, chain: object, token: bytes) -> None:
            raise AssertionError

    sealer = Sealer(cast.seal_key(), cast.NOW, SealLevel.B_T, Growing())  # type: ignore[arg-type]
    with pytest.raises(SigningError, match="vary too much"):
        sealer.seal(DIGEST)
