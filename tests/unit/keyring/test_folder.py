"""The key folder: what it makes is safe, what is unsafe it refuses, the newest active key signs."""

import json
import os
import pickle
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_der_public_key,
)
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store

from certs.errors import ConflictError, InputError, NotFoundError, SigningError
from certs.keyring import KeyFolder, private
from certs.keyring.private import ED25519, generate
from certs.model import KeyState, Purpose, TrustedKey
from certs.pdf import Sealer
from tests.world import NOW

LATER = NOW + timedelta(days=1)
ALL = (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK)


def passphrase() -> bytes:
    return b"correct horse"


def wrong_passphrase() -> bytes:
    return b"battery staple"


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys", passphrase)


def make(folder: KeyFolder, purpose: Purpose = Purpose.CLAIM, *, later: bool = False) -> TrustedKey:
    return folder.new(purpose, LATER if later else NOW, organisation="Institute of Invented Standards")


def test_a_new_key_signs_and_its_public_part_verifies(folder: KeyFolder) -> None:
    key = make(folder)
    public = load_der_public_key(key.public)
    assert isinstance(public, Ed25519PublicKey)
    public.verify(folder.signer(Purpose.CLAIM).sign(b"message"), b"message")


def test_a_seal_is_ecdsa_under_its_own_root(folder: KeyFolder) -> None:
    key = make(folder, Purpose.SEAL)
    leaf, root = (x509.load_der_x509_certificate(der) for der in key.certificates)
    public = leaf.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(folder.signer(Purpose.SEAL).sign(b"message"), b"message", ec.ECDSA(SHA256()))
    leaf.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)


def test_a_seal_may_be_rsa(folder: KeyFolder) -> None:
    key = folder.new(Purpose.SEAL, NOW, organisation="Institute", rsa=True)
    public = load_der_public_key(key.public)
    assert isinstance(public, rsa.RSAPublicKey)
    assert public.key_size == 3072
    public.verify(folder.signer(Purpose.SEAL).sign(b"message"), b"message", padding.PKCS1v15(), SHA256())


def test_an_rsa_key_is_opened_once_for_many_seals(folder: KeyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """To decrypt and check three thousand bits takes a hundred times as long as to sign with them."""
    opened: list[bytes] = []

    def counting(pkcs8: bytes, passphrase: bytes | None) -> object:
        opened.append(pkcs8)
        return load_der_private_key(pkcs8, passphrase)

    monkeypatch.setattr(private, "load_der_private_key", counting)
    folder.new(Purpose.SEAL, NOW, organisation="Institute", rsa=True)
    opened.clear()
    for _ in range(5):
        sealer = Sealer(folder.signer(Purpose.SEAL), NOW)
        for serial in range(5):
            sealer.seal(bytes([serial]) * 32)
    assert len(opened) == 1


def test_a_leaf_may_sign_documents_and_nothing_else(folder: KeyFolder) -> None:
    leaf = x509.load_der_x509_certificate(make(folder, Purpose.SEAL).certificates[0])
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert (usage.value.digital_signature, usage.value.content_commitment) == (True, True)
    assert {usage.value.key_cert_sign, usage.value.crl_sign, usage.value.key_encipherment} == {False}
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    purposes = [oid.dotted_string for oid in leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value]
    assert "1.3.6.1.5.5.7.3.36" in purposes
    assert leaf.not_valid_before_utc < NOW < leaf.not_valid_after_utc


def test_the_chain_passes_a_strict_verifier(folder: KeyFolder) -> None:
    leaf, root = (x509.load_der_x509_certificate(der) for der in make(folder, Purpose.SEAL).certificates)
    any_leaf = ExtensionPolicy.permit_all().require_present(x509.KeyUsage, Criticality.CRITICAL, None)
    builder = PolicyBuilder().store(Store([root])).time(NOW)
    builder = builder.extension_policies(ee_policy=any_leaf, ca_policy=ExtensionPolicy.webpki_defaults_ca())
    assert builder.build_client_verifier().verify(leaf, []).chain[-1] == root


def test_a_second_seal_stands_under_the_same_root(folder: KeyFolder) -> None:
    first, second = make(folder, Purpose.SEAL), make(folder, Purpose.SEAL, later=True)
    assert first.certificates[1] == second.certificates[1]


def test_a_demo_root_signs_no_real_seal(folder: KeyFolder) -> None:
    demo = folder.new(Purpose.SEAL, NOW, organisation="Demo", demo=True)
    assert demo.demo
    assert make(folder, Purpose.SEAL, later=True).certificates[1] != demo.certificates[1]


def test_a_seal_needs_a_name_behind_it(folder: KeyFolder) -> None:
    with pytest.raises(InputError, match="give its name"):
        folder.new(Purpose.SEAL, NOW)


def test_private_parts_are_encrypted_and_their_owners_alone(folder: KeyFolder) -> None:
    for purpose in ALL:
        path = folder.folder_of(make(folder, purpose)) / "private.pem"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")


def test_a_reader_sees_what_another_process_changes(folder: KeyFolder) -> None:
    """The web process notices a new key and a retired one without a restart."""
    reader = KeyFolder(folder.path, passphrase)
    assert reader.trusted(Purpose.CLAIM) == ()
    key = make(folder)
    assert reader.find(Purpose.CLAIM, key.kid) == key
    folder.retire(key.kid, LATER)
    found = reader.find(Purpose.CLAIM, key.kid)
    assert found is not None
    assert found.state is KeyState.RETIRED


def test_the_newest_active_key_signs_and_all_verify(folder: KeyFolder) -> None:
    old, new = make(folder), make(folder, later=True)
    assert folder.signer(Purpose.CLAIM).key == new
    assert list(folder.trusted(Purpose.CLAIM)) == [new, old]
    folder.retire(new.kid, LATER)
    assert folder.signer(Purpose.CLAIM).key == old


def test_a_key_is_found_for_its_own_purpose_only(folder: KeyFolder) -> None:
    key = make(folder)
    assert folder.find(Purpose.LINK, key.kid) is None


def test_without_an_active_key_the_command_that_makes_one_is_said(folder: KeyFolder) -> None:
    with pytest.raises(SigningError, match="make a new claim key"):
        folder.signer(Purpose.CLAIM)
    folder.retire(make(folder).kid, LATER)
    with pytest.raises(SigningError, match="make a new claim key"):
        folder.signer(Purpose.CLAIM)


def test_a_retired_key_is_not_retired_twice(folder: KeyFolder) -> None:
    kid = make(folder).kid
    folder.retire(kid, LATER)
    with pytest.raises(ConflictError):
        folder.retire(kid, LATER)


def test_an_unknown_key_is_not_found(folder: KeyFolder) -> None:
    with pytest.raises(NotFoundError, match="list of keys"):
        folder.named("00000000")


def test_a_folder_travels_to_a_worker_process_without_secrets(folder: KeyFolder) -> None:
    key = make(folder)
    folder.signer(Purpose.CLAIM)
    raw = pickle.dumps(folder)
    assert b"horse" not in raw
    assert pickle.loads(raw).signer(Purpose.CLAIM).key == key


def test_the_wrong_passphrase_is_said_and_not_shown(folder: KeyFolder) -> None:
    make(folder)
    with pytest.raises(SigningError, match="CERTS_KEY_PASSPHRASE") as caught:
        KeyFolder(folder.path, wrong_passphrase).signer(Purpose.CLAIM)
    assert "staple" not in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_private_part_that_others_can_read_is_refused(folder: KeyFolder, mode: int) -> None:
    (folder.folder_of(make(folder)) / "private.pem").chmod(mode)
    with pytest.raises(SigningError, match="chmod 600"):
        folder.signer(Purpose.CLAIM)


@pytest.mark.parametrize("name", ["private.pem", "public.pem", "key.json"])
def test_symbolic_links_are_refused(folder: KeyFolder, tmp_path: Path, name: str) -> None:
    path = folder.folder_of(make(folder)) / name
    elsewhere = path.rename(tmp_path / "elsewhere")
    path.symlink_to(elsewhere)
    with pytest.raises(SigningError, match="symbolic link"):
        KeyFolder(folder.path, passphrase).signer(Purpose.CLAIM)


@pytest.mark.parametrize("name", ["public.pem", "key.json", "private.pem"])
def test_a_file_of_somebody_else_is_not_called_damaged(
    folder: KeyFolder, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system refuses this user; restoring a backup would not help."""
    make(folder)
    really = os.open

    def refusing(path: Path, flags: int, mode: int = 0o777) -> int:
        if str(path).endswith(name):
            raise PermissionError(13, "Permission denied")
        return really(path, flags, mode)

    monkeypatch.setattr(os, "open", refusing)
    with pytest.raises(SigningError, match=rf"{name} may not be read by this user: run certs as its owner"):
        KeyFolder(folder.path, passphrase).signer(Purpose.CLAIM)


def test_a_folder_that_is_a_symbolic_link_is_refused(folder: KeyFolder, tmp_path: Path) -> None:
    path = folder.folder_of(make(folder))
    path.symlink_to(path.rename(tmp_path / path.name))
    with pytest.raises(SigningError, match="symbolic link"):
        KeyFolder(folder.path, passphrase).trusted(Purpose.CLAIM)


def test_a_pair_that_does_not_fit_is_refused(folder: KeyFolder) -> None:
    one, other = (folder.folder_of(make(folder, later=later)) for later in (False, True))
    (other / "private.pem").write_bytes((one / "private.pem").read_bytes())
    with pytest.raises(SigningError, match="does not fit"):
        folder.signer(Purpose.CLAIM)


def test_a_foreign_public_part_is_refused(folder: KeyFolder) -> None:
    one, other = (folder.folder_of(make(folder, later=later)) for later in (False, True))
    (other / "public.pem").write_bytes((one / "public.pem").read_bytes())
    with pytest.raises(SigningError, match="another key"):
        KeyFolder(folder.path, passphrase).trusted(Purpose.CLAIM)


def test_a_record_that_claims_another_purpose_is_refused(folder: KeyFolder) -> None:
    path = folder.folder_of(make(folder, Purpose.LINK)) / "key.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "purpose": "claim"}))
    with pytest.raises(SigningError, match="another key"):
        KeyFolder(folder.path, passphrase).trusted(Purpose.CLAIM)


def test_a_foreign_chain_is_refused(folder: KeyFolder) -> None:
    one, other = (folder.folder_of(make(folder, Purpose.SEAL, later=later)) for later in (False, True))
    (other / "chain.pem").write_bytes((one / "chain.pem").read_bytes())
    with pytest.raises(SigningError, match="another key"):
        KeyFolder(folder.path, passphrase).trusted(Purpose.SEAL)


def test_an_unencrypted_private_part_is_refused(folder: KeyFolder) -> None:
    path = folder.folder_of(make(folder)) / "private.pem"
    path.write_bytes(generate(ED25519).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(SigningError, match="not encrypted"):
        folder.signer(Purpose.CLAIM)


@pytest.mark.parametrize("name", ["public.pem", "key.json"])
@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\xff\xfe", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"]
)
def test_damaged_files_are_said(folder: KeyFolder, name: str, content: bytes) -> None:
    (folder.folder_of(make(folder)) / name).write_bytes(content)
    with pytest.raises(SigningError, match=name):
        KeyFolder(folder.path, passphrase).trusted(Purpose.CLAIM)


def test_a_half_made_key_does_not_appear(folder: KeyFolder) -> None:
    """A crash between writing and naming leaves a hidden folder that nobody reads."""
    make(folder)
    (folder.path / ".new-abc").mkdir()
    assert len(KeyFolder(folder.path, passphrase).trusted(Purpose.CLAIM)) == 1
