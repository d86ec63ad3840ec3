"""signing_keys/ -> signers and trust anchors: one folder per key, `PURPOSE-KID/`."""

from certs.keyring.folder import KeyFolder

__all__ = ["KeyFolder"]
