"""Keys in a token of SoftHSM2: they sign what cryptography verifies, in forked workers too, and tell what is wrong."""

import pickle
from pathlib import Path

import pytest
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_csr
from pkcs11 import Attribute, ObjectClass

from certs.claim import Writer, read
from certs.errors import ConflictError, InputError, SigningError
from certs.keyring import KeyFolder, pkcs11, private
from certs.keyring.private import ED25519, P256, RSA3072, fits
from certs.keyring.record import REFERENCE, spki
from certs.model import KeyState, Purpose, TrustedKey
from certs.queue import Queue
from tests.softhsm import PIN, Token
from tests.world import NOW, World

ORGANISATION = "Institute of Invented Standards"


def _seal(folder: KeyFolder, token: Token, algorithm: str = P256) -> TrustedKey:
    pkcs11.make_key_pair(token.key(), algorithm, lambda: PIN)
    return folder.refer(Purpose.SEAL, token.key(), NOW, organisation=ORGANISATION)


@pytest.mark.parametrize("algorithm", [P256, RSA3072])
def test_a_seal_in_a_token_signs_what_its_certificate_verifies(folder: KeyFolder, token: Token, algorithm: str) -> None:
    """ECDSA leaves as DER and RSA as PKCS#1 v1.5 over SHA-256; the leaf under our root has the token's public key."""
    key = _seal(folder, token, algorithm)
    assert (key.algorithm, key.state) == (algorithm, KeyState.ACTIVE)
    assert spki(load_der_x509_certificate(key.certificates[0]).public_key()) == key.public
    signer = folder.signer(Purpose.SEAL)
    assert fits(key, signer.sign(b"a document"), b"a document")
    assert not fits(key, signer.sign(b"a document"), b"another document")


def test_a_claim_key_in_a_token_writes_claims(folder: KeyFolder, token: Token) -> None:
    """Ed25519 in the token is pure, as claims need it."""
    pkcs11.make_key_pair(token.key("claims"), ED25519, lambda: PIN)
    folder.refer(Purpose.CLAIM, token.key("claims"), NOW)
    text = Writer(folder.signer(Purpose.CLAIM)).text(World().statement())
    assert read(text, folder).name == "Ana Souza"


def test_only_the_reference_is_on_disk(folder: KeyFolder, token: Token) -> None:
    """Neither a private part nor the PIN is written anywhere."""
    home = folder.folder_of(_seal(folder, token))
    assert sorted(path.name for path in home.iterdir()) == ["chain.pem", "key.json", "pkcs11.uri", "public.pem"]
    assert (home / REFERENCE).read_text() == f"{token.key()}\n"
    for path in folder.path.rglob("*"):
        assert path.is_dir() or PIN not in path.read_bytes()


def test_the_private_part_cannot_leave_the_token(folder: KeyFolder, token: Token) -> None:
    """It is made sensitive and not extractable."""
    _seal(folder, token)
    session = pkcs11._logins.session(token.key(), lambda: PIN)
    handle = pkcs11._find(session, token.key(), ObjectClass.PRIVATE_KEY)
    assert handle[Attribute.SENSITIVE]
    assert not handle[Attribute.EXTRACTABLE]


def _signs(folder: KeyFolder, key: TrustedKey) -> bool:
    return fits(key, folder.signer_of(key).sign(b"a document"), b"a document")


@pytest.mark.parametrize("opened_before", [True, False])
def test_forked_workers_log_in_anew_while_the_parent_goes_on(
    folder: KeyFolder, token: Token, opened_before: bool
) -> None:
    """Issuing forks its workers with the signer it has, open or not; all of them sign by turns."""
    key = _seal(folder, token)
    signer = folder.signer_of(key)
    if opened_before:
        assert fits(key, signer.sign(b"a document"), b"a document")
    else:
        pkcs11._logins.leave(token.key())
    signatures = []
    for signature in Queue(2).run(signer.sign, iter([b"a document"] * 6)):
        signatures += [signature, signer.sign(b"a document")]
    assert len(signatures) == 12
    assert all(fits(key, signature, b"a document") for signature in signatures)


def test_the_folder_is_picklable_and_opens_anew(folder: KeyFolder, token: Token) -> None:
    """What goes to other processes is where keys are, not an open session."""
    key = _seal(folder, token)
    there = pickle.loads(pickle.dumps(KeyFolder(folder.path, _passphrase, _pin)))
    assert fits(key, there.signer_of(key).sign(b"a document"), b"a document")


def _passphrase() -> bytes:
    return b"not asked for"


def _pin() -> bytes:
    return PIN


def test_a_wrong_pin_is_tried_once_and_never_shown(folder: KeyFolder, token: Token) -> None:
    """The message names the setting; the count of tries at the token is not ours to waste."""
    key = _seal(folder, token)
    asked = []

    def wrong() -> bytes:
        asked.append(1)
        return b"wrong-pin-5550"

    pkcs11._logins.leave(token.key())
    with pytest.raises(SigningError, match="does not open token Seals: put the right one") as caught:
        KeyFolder(folder.path, _passphrase, wrong).signer_of(key).sign(b"a document")
    assert len(asked) == 1
    assert "wrong-pin" not in str(caught.value)
    assert "wrong-pin" not in repr(caught.value.__cause__)


def test_without_a_pin_the_message_says_where_to_give_it(folder: KeyFolder, token: Token) -> None:
    """No PIN set is its own sentence."""
    key = _seal(folder, token)
    pkcs11._logins.leave(token.key())
    with pytest.raises(SigningError, match="give CERTS_PKCS11_PIN_FILE"):
        KeyFolder(folder.path, _passphrase).signer_of(key).sign(b"a document")


def test_a_token_or_key_that_is_not_there_is_said(folder: KeyFolder, token: Token) -> None:
    """A wrong label, a wrong token and a wrong module each have their sentence."""
    with pytest.raises(SigningError, match="holds no public key that pkcs11:token=Seals;object=nobody"):
        folder.refer(Purpose.CLAIM, token.key("nobody"), NOW)
    with pytest.raises(SigningError, match="no token labelled Elsewhere"):
        folder.refer(Purpose.CLAIM, token.key(token="Elsewhere"), NOW)
    with pytest.raises(SigningError, match=r"module /nowhere\.so cannot be used"):
        folder.refer(Purpose.CLAIM, Token(Path("/nowhere.so")).key(), NOW)
    assert not list(folder.path.glob("*"))


def test_a_key_of_another_kind_than_the_purpose_needs_is_refused(folder: KeyFolder, token: Token) -> None:
    """A viewer could not check an Ed25519 seal, and a claim is always Ed25519."""
    pkcs11.make_key_pair(token.key("curve"), P256, lambda: PIN)
    pkcs11.make_key_pair(token.key("edwards"), ED25519, lambda: PIN)
    with pytest.raises(InputError, match="claim key is Ed25519"):
        folder.refer(Purpose.CLAIM, token.key("curve"), NOW)
    with pytest.raises(InputError, match="PDF viewers do not know Ed25519"):
        folder.refer(Purpose.SEAL, token.key("edwards"), NOW, organisation=ORGANISATION)


def test_one_key_serves_one_purpose(folder: KeyFolder, token: Token) -> None:
    """The same key taken twice, for whatever purpose, is refused."""
    pkcs11.make_key_pair(token.key(), ED25519, lambda: PIN)
    key = folder.refer(Purpose.CLAIM, token.key(), NOW)
    with pytest.raises(ConflictError, match=f"is here already, as {key.kid}"):
        folder.refer(Purpose.LINK, token.key(), NOW)


def test_a_name_in_the_token_is_never_used_twice(token: Token) -> None:
    """Two keys of one name could not be told apart."""
    pkcs11.make_key_pair(token.key(), P256, lambda: PIN)
    with pytest.raises(ConflictError, match="holds a key of that name already"):
        pkcs11.make_key_pair(token.key(), P256, lambda: PIN)


def test_a_reference_that_leads_to_another_key_is_refused(folder: KeyFolder, token: Token) -> None:
    """Whoever changes the reference gets no signature under the old kid."""
    key = _seal(folder, token)
    pkcs11.make_key_pair(token.key("other"), P256, lambda: PIN)
    (folder.folder_of(key) / REFERENCE).write_text(f"{token.key('other')}\n")
    with pytest.raises(SigningError, match=f"is another key than {key.kid}"):
        folder.signer_of(key).sign(b"a document")


def test_a_reference_that_others_may_write_is_refused(folder: KeyFolder, token: Token) -> None:
    """They could name a module of their own, which this process would run."""
    key = _seal(folder, token)
    (folder.folder_of(key) / REFERENCE).chmod(0o622)
    with pytest.raises(SigningError, match="may be written by others: run chmod 600"):
        folder.signer_of(key)


def test_a_signing_request_is_signed_inside_the_token(folder: KeyFolder, token: Token) -> None:
    """The commercial authority can check it, so it may certify the token's key."""
    key = _seal(folder, token)
    request = load_pem_x509_csr(folder.request(key.kid))
    assert request.is_signature_valid
    assert spki(request.public_key()) == key.public


def test_nothing_of_a_signer_shows_in_its_repr(folder: KeyFolder, token: Token) -> None:
    """Objects end up in logs."""
    signer = folder.signer_of(_seal(folder, token))
    file_signer = folder.signer_of(folder.new(Purpose.CLAIM, NOW))
    for shown in (repr(signer), repr(file_signer), repr(folder), str(vars(private))):
        assert PIN.decode() not in shown
        assert "PRIVATE" not in repr(file_signer)
