"""What a certificate states <-> the signed text in its QR code.

    Writer(signer).text(statement)      PAYLOAD.SIGNATURE, as it stands behind `/V/`
    read(text, keys)                    the claim, if a claim key of ours signed it and it has its one form
    url(base_url, text)                 the address in the QR code

`docs/formats.md` specifies it, byte by byte and with vectors. Nothing here asks whether a certificate exists or still
holds: that is `verify`.
"""

from certs.claim.payload import EPOCH, KINDS, VERSION, claim_of, decode, encode, kid_bytes
from certs.claim.text import (
    DOMAIN,
    MAX_TEXT,
    Base32Signer,
    Writer,
    decode_text,
    is_specimen,
    read,
    reference,
    specimen,
    unsigned,
    url,
)

__all__ = [
    "DOMAIN",
    "EPOCH",
    "KINDS",
    "MAX_TEXT",
    "VERSION",
    "Base32Signer",
    "Writer",
    "claim_of",
    "decode",
    "decode_text",
    "encode",
    "is_specimen",
    "kid_bytes",
    "read",
    "reference",
    "specimen",
    "unsigned",
    "url",
]
