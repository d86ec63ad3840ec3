"""A commercial seal: the request goes out, the chain comes in, and what would not seal documents is refused."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from certs.errors import InputError
from certs.keyring import KeyFolder
from certs.keyring.record import spki
from certs.model import Purpose, TrustedKey
from tests.unit.keyring.authority import CommercialAuthority, Profile
from tests.world import NOW

PEM, DER = Encoding.PEM, Encoding.DER


@pytest.fixture(scope="module")
def authority() -> CommercialAuthority:
    return CommercialAuthority()


@pytest.fixture(params=[False, True], ids=["P-256", "RSA-3072"])
def rsa(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def _seal(folder: KeyFolder, *, rsa: bool = False) -> TrustedKey:
    return folder.new(Purpose.SEAL, NOW, organisation="Institute", rsa=rsa)


def _pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(PEM) for one in certificates)


def test_the_request_is_for_the_seal_s_key_and_names_the_organisation(folder: KeyFolder, rsa: bool) -> None:
    """Its own signature proves possession of the private part."""
    key = _seal(folder, rsa=rsa)
    request = x509.load_pem_x509_csr(folder.request(key.kid))
    assert request.is_signature_valid
    assert spki(request.public_key()) == key.public
    assert request.subject == x509.load_der_x509_certificate(key.certificates[0]).subject
    usage = request.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign


@pytest.mark.parametrize("form", ["pem", "pem backwards", "without the root", "pkcs7 der", "pkcs7 pem", "twice"])
def test_a_chain_is_taken_in_every_form_and_order(folder: KeyFolder, authority: CommercialAuthority, form: str) -> None:
    """Leaf first, then who signed whom, whatever the file's order."""
    key = _seal(folder)
    leaf = authority.certify(folder.request(key.kid))
    path = [leaf, authority.middle, authority.root]
    data = {
        "pem": _pem(*path),
        "pem backwards": _pem(*reversed(path)),
        "without the root": _pem(*path[:2]),
        "pkcs7 der": pkcs7.serialize_certificates(path, DER),
        "pkcs7 pem": pkcs7.serialize_certificates(path, PEM),
        "twice": _pem(*path, *path),
    }[form]
    folder.certify(key.kid, data, NOW)
    kept = [x509.load_der_x509_certificate(der) for der in folder.signer(Purpose.SEAL).key.certificates]
    assert kept == (path[:2] if form == "without the root" else path)


def test_the_key_stays_the_same_under_its_new_chain(folder: KeyFolder, authority: CommercialAuthority) -> None:
    """Kid, state and dates are the key's; what it sealed before verifies as before."""
    key = _seal(folder)
    changed = folder.certify(key.kid, _pem(authority.certify(folder.request(key.kid)), authority.middle), NOW)
    assert (changed.kid, changed.state, changed.created_at) == (key.kid, key.state, key.created_at)
    assert KeyFolder(folder.path, lambda: b"").find(Purpose.SEAL, key.kid) == changed


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        (Profile(ends=NOW - timedelta(days=1), begins=NOW - timedelta(days=9)), "was valid until 21 November 2026"),
        (Profile(begins=NOW + timedelta(days=1)), "is valid only from 23 November 2026: is the clock right"),
        (Profile(signs=False), "may not sign .its key usage"),
        (Profile(purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)), "is not for documents"),
        (Profile(purposes=(ExtendedKeyUsageOID.TIME_STAMPING,)), "is not for documents"),
        (Profile(ca=True), "is an authority's own certificate"),
    ],
)
def test_a_leaf_that_would_not_seal_documents_is_refused(
    folder: KeyFolder, authority: CommercialAuthority, profile: Profile, says: str
) -> None:
    """The old chain stays in place."""
    key = _seal(folder)
    leaf = authority.certify(folder.request(key.kid), profile)
    with pytest.raises(InputError, match=says):
        folder.certify(key.kid, _pem(leaf, authority.middle, authority.root), NOW)
    assert folder.find(Purpose.SEAL, key.kid) == key


@pytest.mark.parametrize("purpose", ["1.3.6.1.4.1.311.10.3.12", "1.2.840.113583.1.1.5", "2.5.29.37.0"])
def test_what_authorities_put_into_leaves_for_documents_is_taken(
    folder: KeyFolder, authority: CommercialAuthority, purpose: str
) -> None:
    """Microsoft's and Adobe's identifiers and "any" stand for document signing too."""
    key = _seal(folder)
    leaf = authority.certify(folder.request(key.kid), Profile(purposes=(ObjectIdentifier(purpose),)))
    folder.certify(key.kid, _pem(leaf, authority.middle), NOW)
    assert folder.find(Purpose.SEAL, key.kid) != key


def test_a_chain_for_another_key_is_refused(folder: KeyFolder, authority: CommercialAuthority) -> None:
    """Two seals, and the answers mixed up."""
    ours, other = _seal(folder), _seal(folder)
    leaf = authority.certify(folder.request(other.kid))
    with pytest.raises(InputError, match=f"No certificate in the file is for key {ours.kid}"):
        folder.certify(ours.kid, _pem(leaf, authority.middle), NOW)


def test_a_chain_with_a_gap_or_a_stranger_is_refused(folder: KeyFolder, authority: CommercialAuthority) -> None:
    """A reader could not build the path, or would wonder."""
    key = _seal(folder)
    leaf, stranger = authority.certify(folder.request(key.kid)), CommercialAuthority().root
    with pytest.raises(InputError, match="issuer is missing"):
        folder.certify(key.kid, _pem(leaf), NOW)
    with pytest.raises(InputError, match="does not belong to the chain"):
        folder.certify(key.kid, _pem(leaf, authority.root), NOW)
    with pytest.raises(InputError, match="Trust Giant Root does not belong to the chain"):
        folder.certify(key.kid, _pem(leaf, authority.middle, stranger), NOW)


def test_a_look_alike_authority_is_no_issuer(folder: KeyFolder, authority: CommercialAuthority) -> None:
    """Names agree, signatures do not."""
    key = _seal(folder)
    leaf = authority.certify(folder.request(key.kid))
    with pytest.raises(InputError, match="does not belong to the chain"):
        folder.certify(key.kid, _pem(leaf, CommercialAuthority().middle), NOW)


def test_who_may_not_sign_certificates_is_no_authority(folder: KeyFolder) -> None:
    """A leaf sold to somebody else cannot certify ours."""
    key = _seal(folder)
    pretender = CommercialAuthority(issuing=False)
    leaf = pretender.certify(folder.request(key.kid))
    with pytest.raises(InputError, match="Trust Giant Document CA may not sign certificates"):
        folder.certify(key.kid, _pem(leaf, pretender.middle, pretender.root), NOW)


@pytest.mark.parametrize(
    "data", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n", b"\x30\x80" * 150_000]
)
def test_a_file_without_certificates_is_refused(folder: KeyFolder, data: bytes) -> None:
    key = _seal(folder)
    with pytest.raises(InputError, match=r"holds no X\.509 certificates"):
        folder.certify(key.kid, data, NOW)


@pytest.mark.parametrize("purpose", [Purpose.CLAIM, Purpose.LINK, Purpose.CREDENTIAL])
def test_only_seals_stand_under_certificates(folder: KeyFolder, purpose: Purpose) -> None:
    key = folder.new(purpose, NOW)
    with pytest.raises(InputError, match=f"is a {purpose} key: only seals"):
        folder.request(key.kid)
    with pytest.raises(InputError, match=f"is a {purpose} key: only seals"):
        folder.certify(key.kid, b"", NOW)
