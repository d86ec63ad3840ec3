"""Private keys that never leave their token: a PKCS#11 URI instead of a PEM file, and the signer behind it.

`pkcs11.uri` in the key's folder holds one line, a PKCS#11 URI (RFC 7512): which module, which token, which key.

    pkcs11:token=Seals;object=seal-2026?module-path=/usr/lib/softhsm/libsofthsm2.so

The PIN is never part of it: it comes from `CERTS_PKCS11_PIN` or `CERTS_PKCS11_PIN_FILE`, is asked only to sign, and
shows in no message. A session is opened when a process signs for the first time, and anew in a forked child.
"""

from dataclasses import dataclass

REFERENCE = "pkcs11.uri"


@dataclass(frozen=True, slots=True)
class Reference:
    """Which key of which token, as its PKCS#11 URI says; *label* or *id* names the key, or both."""

    module: str
    token: str
    label: str = ""
    id: bytes = b""
