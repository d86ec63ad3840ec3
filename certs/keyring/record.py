"""One key's folder on disk: `PURPOSE-KID/` with what is public about it, and its private part.

    key.json      purpose, algorithm, state and dates                       (rewritten when the key's life changes)
    public.pem    SubjectPublicKeyInfo; its SHA-256 gives the kid
    chain.pem     X.509 certificates, leaf first                            (seal and root only)
    private.pem   encrypted PKCS#8, mode 0600                               (absent where only verification happens)
    pkcs11.uri    which key of which token, instead of private.pem

Symbolic links are refused everywhere, so that nobody can point a key elsewhere; so is a folder whose name, record and
public part do not agree.
"""

import base64
import errno
import hashlib
import json
import os
import stat
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from certs.errors import InputError, SigningError
from certs.ground.number import kid_of_bytes
from certs.keyring import uri
from certs.model import KeyState, Kid, Purpose, TrustedKey
from certs.wording import say

RECORD, PUBLIC, CHAIN, PRIVATE, REFERENCE = "key.json", "public.pem", "chain.pem", "private.pem", "pkcs11.uri"
_PEM_HEAD, _PEM_FOOT = b"-----BEGIN PUBLIC KEY-----\n", b"-----END PUBLIC KEY-----\n"


def kid_of(public: bytes) -> Kid:
    """Return the kid of a DER SubjectPublicKeyInfo: the first 40 bits of its SHA-256 in Crockford base32."""
    return kid_of_bytes(hashlib.sha256(public).digest()[:5])


def folder_name(purpose: Purpose, kid: Kid) -> str:
    """Return the name of that key's folder."""
    return f"{purpose}-{kid}"


def read_regular(path: Path) -> bytes:
    """Return the bytes of a regular file that is no symbolic link.

    Raises:
        SigningError: it is absent, unreadable or something else.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SigningError(say("{path} is no ordinary file: put the key's own file there.", path=path))
            return file.read()
    except PermissionError as error:
        raise SigningError(
            say("{path} may not be read by this user: run certs as its owner, or chown it.", path=path)
        ) from error
    except OSError as error:
        why = "it is a symbolic link" if error.errno == errno.ELOOP else error.strerror
        raise SigningError(
            say("{path} cannot be read: {why}. Restore it from the backup.", path=path, why=why)
        ) from error


def read(folder: Path) -> TrustedKey:
    """Return the key that *folder* holds.

    Raises:
        SigningError: a file is missing or foreign, or name, record and public part do not agree.
    """
    if folder.is_symlink():
        raise SigningError(say("{folder} is a symbolic link: key folders must be real folders.", folder=folder))
    public = _public_der(folder / PUBLIC)
    try:
        key = _parse(json.loads(read_regular(folder / RECORD)), public, _chain(folder / CHAIN))
    except (ValueError, KeyError, TypeError) as error:
        raise SigningError(say("{folder} is damaged: restore it from the backup.", folder=folder / RECORD)) from error
    if folder.name != folder_name(key.purpose, key.kid):
        raise SigningError(
            say("{folder} holds the public part of another key: restore it from the backup.", folder=folder)
        )
    if key.certificates and _leaf_public(key.certificates[0]) != public:
        raise SigningError(
            say("{folder} belongs to another key: its first certificate has another public key.", folder=folder / CHAIN)
        )
    return key


def read_reference(folder: Path) -> uri.Reference | None:
    """Return which key of which token *folder* stands for, None where its private part is a file.

    Raises:
        SigningError: it is a symbolic link, damaged, or writable by others, who could name a module of theirs.
    """
    path = folder / REFERENCE
    if not path.exists() and not path.is_symlink():
        return None
    content = read_regular(path)
    if path.lstat().st_mode & 0o022:
        raise SigningError(say("{path} may be written by others: run chmod 600 {path}.", path=path))
    try:
        return uri.parse(content.decode().strip())
    except (UnicodeDecodeError, InputError) as error:
        raise SigningError(
            say("{path} holds no PKCS#11 URI that certs understands. {error}", path=path, error=error)
        ) from error


def write(folder: Path, key: TrustedKey) -> None:
    """Write the public files of *key* into *folder*.

    Raises:
        OSError: the disk refuses.
    """
    body = base64.b64encode(key.public)
    lines = b"".join(body[at : at + 64] + b"\n" for at in range(0, len(body), 64))
    replace(folder / PUBLIC, _PEM_HEAD + lines + _PEM_FOOT)
    if key.certificates:
        chain = [x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in key.certificates]
        replace(folder / CHAIN, b"".join(chain))
    replace(folder / RECORD, json.dumps(_unparse(key), indent=2, ensure_ascii=False).encode() + b"\n")


def replace(path: Path, content: bytes) -> None:
    """Put *content* at *path* in one step, on disk when this returns; a file there keeps its mode, a new one gets 0600.

    Raises:
        OSError: the disk refuses.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, _mode(path))
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    beside.replace(path)
    _sync(path.parent)


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.lstat().st_mode)
    except FileNotFoundError:
        return 0o600


def _sync(folder: Path) -> None:
    """Put the names in *folder* on disk too: a rename is only as lasting as its folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def spki(public: PublicKeyTypes) -> bytes:
    """Return the DER SubjectPublicKeyInfo of *public*."""
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _public_der(path: Path) -> bytes:
    pem = read_regular(path)
    try:
        der = base64.b64decode(b"".join(pem.removeprefix(_PEM_HEAD).removesuffix(_PEM_FOOT).split()), validate=True)
        load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningError(say("{path} is no public key in PEM: restore it from the backup.", path=path)) from error
    return der


def _chain(path: Path) -> tuple[bytes, ...]:
    if not path.exists() and not path.is_symlink():
        return ()
    pem = read_regular(path)
    return tuple(crt.public_bytes(Encoding.DER) for crt in x509.load_pem_x509_certificates(pem))


def _leaf_public(der: bytes) -> bytes:
    return spki(x509.load_der_x509_certificate(der).public_key())


def _parse(record: Mapping[str, object], public: bytes, certificates: tuple[bytes, ...]) -> TrustedKey:
    return TrustedKey(
        kid=kid_of(public),
        purpose=Purpose(str(record["purpose"])),
        algorithm=str(record["algorithm"]),
        state=KeyState(str(record["state"])),
        created_at=_time(record["created_at"]),
        public=public,
        certificates=certificates,
        retired_at=_optional_time(record.get("retired_at")),
        compromised_since=_optional_time(record.get("compromised_since")),
        reason=str(record.get("reason", "")),
        demo=record.get("demo") is True,
    )


def _unparse(key: TrustedKey) -> dict[str, object]:
    record: dict[str, object] = {
        "purpose": key.purpose,
        "algorithm": key.algorithm,
        "state": key.state,
        "created_at": key.created_at.isoformat(),
    }
    for field, moment in (("retired_at", key.retired_at), ("compromised_since", key.compromised_since)):
        if moment:
            record[field] = moment.isoformat()
    if key.reason:
        record["reason"] = key.reason
    if key.demo:
        record["demo"] = True
    return record


def _time(value: object) -> datetime:
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment


def _optional_time(value: object) -> datetime | None:
    return None if value is None else _time(value)
