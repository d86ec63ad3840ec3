"""File names that a person can read, safe on every file system, in every script, and in an HTTP header."""

import unicodedata
from urllib.parse import quote

from certs.ground import number as numbers
from certs.model import Certificate

_FORBIDDEN = frozenset('/\\:*?"<>|%')
"""Separators and what Windows refuses; the percent sign because some browsers decode it."""
_FORMULA = "=+-@\t\r\n＝＋－＠"
"""What makes a spreadsheet take a cell for a formula when it comes first."""
_MAX_NAME_BYTES = 150
"""Of a person's name in UTF-8; file systems allow 255 for the whole name."""


def file_name(certificate: Certificate) -> str:
    """Return `NAME NUMBER.pdf`: the name as written, without what file systems refuse or what hides text."""
    name = plain_name(certificate.statement.name)
    return f"{name} {numbers.printed(certificate.number)}.pdf".lstrip()


def plain_name(name: str) -> str:
    """Return *name* as a part of a file name: without what file systems refuse or what hides text."""
    return _shortened(_plain(name))


def content_disposition(certificate: Certificate) -> str:
    """Return the header that saves the file under its name (RFC 6266), with an ASCII name for old clients."""
    fallback = f"certificate-{numbers.printed(certificate.number)}.pdf"
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(file_name(certificate), safe='')}"


def _plain(name: str) -> str:
    """Return *name* without control and format characters but joiners, and with blanks for what is forbidden."""
    kept = (
        " " if character in _FORBIDDEN or unicodedata.category(character) in {"Zl", "Zp", "Zs"} else character
        for character in unicodedata.normalize("NFC", name)
        if character in "\u200c\u200d" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return " ".join("".join(kept).split()).lstrip(_FORMULA).strip(". ")


def _shortened(name: str) -> str:
    """Return as much of *name* as fits, never half a character nor a base without its marks."""
    raw = name.encode()
    if len(raw) <= _MAX_NAME_BYTES:
        return name
    cut = raw[:_MAX_NAME_BYTES].decode(errors="ignore")
    if name[len(cut) : len(cut) + 1] and unicodedata.category(name[len(cut)]).startswith("M"):
        while cut and unicodedata.category(cut[-1]).startswith("M"):
            cut = cut[:-1]
        cut = cut[:-1]
    return cut.rstrip(". ")
