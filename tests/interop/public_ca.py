"""A certification authority of the outside world, with OCSP, CRLs and time-stamps over HTTP, inside the tests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from certs.model import KeyState, Kid, Purpose, TrustedKey

_CONFIG = Path(__file__).with_suffix(".yml")
_KEYS = ("root", "issuing", "stamping", "responder", "seal")


class SealSigner:
    """The institute's seal key under a certificate of the authority."""

    def __init__(self, private: ec.EllipticCurvePrivateKey, chain: tuple[bytes, ...]) -> None:
        self._private = private
        public = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        now = datetime.now(UTC)
        self.key = TrustedKey(Kid("publicca"), Purpose.SEAL, "ecdsa-p256", KeyState.ACTIVE, now, public, chain)

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message, ec.ECDSA(hashes.SHA256()))


@dataclass(frozen=True, slots=True)
class PublicCa:
    """The running authority: where it stamps, its root, and signers whose certificate it issued or revoked."""

    stamps_url: str
    root: bytes
    signer: SealSigner
    revoked: SealSigner


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class calls it so
        """Write nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[PublicCa]:
    """Run the authority, its keys in *folder*, until the block ends."""
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in _KEYS}
    for name, key in keys.items():
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / f"{name}.pem").write_bytes(pem)
    with make_server("127.0.0.1", 0, _nothing, handler_class=_Silent) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        config = CertomancerConfig.from_yaml(f'external-url-prefix: "{url}"\n{_CONFIG.read_text()}', str(folder))
        architecture = config.get_pki_arch(ArchLabel("public"))
        server.set_app(Animator(AnimatorArchStore({ArchLabel("public"): architecture}), with_web_ui=False))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()

        def der(label: str) -> bytes:
            return bytes(architecture.get_cert(CertLabel(label)).dump())

        good, bad = (SealSigner(keys["seal"], (der(x), der("issuing"), der("root"))) for x in ("seal", "revoked-seal"))
        yield PublicCa(f"{url}/public/tsa/stamps", der("root"), good, bad)
        server.shutdown()
        thread.join()


def _nothing(environ: object, start_response: object) -> list[bytes]:
    """Stand in until the server's port is known."""
    return []
