"""Seals whose key never leaves a PKCS#11 token, before the same judges as all others."""

from datetime import timedelta
from pathlib import Path

import pytest

from certs import pdf
from certs.build import App, build
from certs.config import Settings
from certs.keyring import KeyFolder, pkcs11
from certs.keyring.private import P256, RSA3072
from certs.model import Act, CertificateState, Purpose
from certs.queue import Queue
from certs.work import issue
from certs.work import keys as keeping
from tests import crowd
from tests.interop.judges import hanko, poppler, qpdf
from tests.interop.people import PEOPLE
from tests.interop.sealed import seal_all
from tests.softhsm import PIN, Token, token
from tests.world import NOW, World

__all__ = ["token"]
PERFECT = hanko.Seal(
    intact=True, valid=True, trusted=True, entire_file=True, no_changes_allowed=True, no_changes_made=True
)


def _judge(data: bytes, root: bytes) -> None:
    said = poppler.seal_lines(data)
    assert (said.valid, said.total_document) == (True, True), said.text
    assert hanko.seal(data, [root]) == PERFECT
    assert qpdf.complaints(data) == ""


@pytest.mark.parametrize("algorithm", [P256, RSA3072])
def test_every_judge_accepts_a_seal_of_a_token(token: Token, tmp_path: Path, algorithm: str) -> None:
    """Of both algorithms that readers know, whatever the script of the name."""
    keys = KeyFolder(tmp_path / "keys", lambda: b"passphrase", lambda: PIN)
    pkcs11.make_key_pair(token.key(), algorithm, lambda: PIN)
    key = keys.refer(Purpose.SEAL, token.key(), NOW - timedelta(days=1), organisation="Invented Standards")
    sealer = pdf.Sealer(keys.signer(Purpose.SEAL), NOW)
    for sealed in seal_all(World(), PEOPLE[:3], sealer).values():
        _judge(sealed.data, key.certificates[-1])


def _deployment(folder: Path, token: Token) -> App:
    """Return a deployment whose seal is in *token*."""
    pin = folder / "pin"
    pin.write_bytes(PIN + b"\n")
    pin.chmod(0o600)
    environ = {**crowd.environment(folder), "CERTS_PKCS11_PIN_FILE": str(pin)}
    pkcs11.make_key_pair(token.key(), P256, lambda: PIN)
    app = build(Settings.from_environ(environ))
    app.begin()
    key = app.keys.refer(Purpose.SEAL, token.key(), crowd.NOW, organisation="Invented Standards")
    keeping.adopt(app.store.key_trail, app.store, key, crowd.ACT)
    app.engine.dispose()
    return crowd.opened(environ)


def test_a_batch_is_issued_in_two_processes_by_one_token(token: Token, tmp_path: Path) -> None:
    """Each worker logs in for itself; what both made satisfies every judge."""
    app = _deployment(tmp_path, token)
    batch = crowd.approved(app, 24)
    act = Act("crowd", crowd.NOW, "")
    done = issue.issue(issue.Office(app.store, Queue(2), lambda: crowd.NOW), app.tools(), batch, act)
    assert done.counts == {CertificateState.ISSUED: 24}
    (key,) = app.keys.trusted(Purpose.SEAL)
    assert app.keys.reference_of(key) == token.key()
    deliveries = list(app.store.deliveries(done.slug))
    assert {one.certificate.seal_kid for one in deliveries} == {key.kid}
    for delivery in {one.pdf.plate: one for one in deliveries}.values():
        _judge(delivery.pdf.plate + delivery.pdf.tail, key.certificates[-1])
    app.engine.dispose()
