"""PKCS#11 URIs: which module, which token and which key in it (RFC 7512).

    pkcs11:token=Seals;object=seal-2026?module-path=/usr/lib/softhsm/libsofthsm2.so

Understood are the path attributes `token`, `object`, `id` and `type` (`private` only) and the query attribute
`module-path`; others are refused rather than ignored, because a URI that says less than its writer meant could name
another key. A PIN in it is refused too: it would end up in shell histories and backups.
"""

from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from certs.errors import InputError
from certs.wording import say

EXAMPLE = "pkcs11:token=Seals;object=seal-2026?module-path=/usr/lib/softhsm/libsofthsm2.so"
_SCHEME = "pkcs11:"
_PATH = frozenset({"token", "object", "id", "type"})
_QUERY = frozenset({"module-path"})
_SECRET = frozenset({"pin-value", "pin-source"})


@dataclass(frozen=True, slots=True)
class Reference:
    """Which key of which token; *label* or *id* names the key, or both."""

    module: str
    token: str
    label: str = ""
    id: bytes = b""

    def __str__(self) -> str:
        named = ["token=" + quote(self.token, safe="")]
        if self.label:
            named.append("object=" + quote(self.label, safe=""))
        if self.id:
            named.append("id=" + "".join(f"%{byte:02X}" for byte in self.id))
        return f"{_SCHEME}{';'.join(named)}?module-path={quote(self.module)}"


def parse(uri: str) -> Reference:
    """Return what *uri* names.

    Raises:
        InputError: it is no PKCS#11 URI, holds a PIN, says too little or what certs does not understand.
    """
    if not uri.startswith(_SCHEME):
        raise InputError(say("A key in a token is named by a PKCS#11 URI such as {example}", example=EXAMPLE))
    path, _, query = uri.removeprefix(_SCHEME).partition("?")
    named, found = _attributes(path, ";", _PATH), _attributes(query, "&", _QUERY)
    if named.get("type", b"private") != b"private":
        raise InputError(say("The PKCS#11 URI must name a private key: leave type out."))
    module, token, label = (
        _text(value) for value in (found.get("module-path"), named.get("token"), named.get("object"))
    )
    if not module.startswith("/"):
        raise InputError(say("The PKCS#11 URI must say its module by an absolute path: ?module-path=/usr/lib/….so"))
    if not token or not (label or named.get("id")):
        raise InputError(say("The PKCS#11 URI must say token=LABEL and object=LABEL or id=%01."))
    return Reference(module, token, label, named.get("id", b""))


def _attributes(part: str, separator: str, known: frozenset[str]) -> dict[str, bytes]:
    """Return the attributes of one part of a URI, percent-decoded.

    Raises:
        InputError: a PIN, or an attribute that is unknown, empty or given twice. No value is repeated in the message.
    """
    attributes: dict[str, bytes] = {}
    for pair in filter(None, part.split(separator)):
        name, _, value = pair.partition("=")
        if name in _SECRET:
            raise InputError(say("A PIN does not belong in the PKCS#11 URI: give it by CERTS_PKCS11_PIN_FILE."))
        if name not in known or name in attributes or not value:
            raise InputError(say("The PKCS#11 URI may say token, object, id and module-path, each once and not empty."))
        attributes[name] = unquote_to_bytes(value)
    return attributes


def _text(value: bytes | None) -> str:
    try:
        return (value or b"").decode()
    except UnicodeDecodeError:
        raise InputError(say("The PKCS#11 URI is not UTF-8 where it gives text.")) from None
