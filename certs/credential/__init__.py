"""The same statement as an Open Badges 3.0 credential: JSON that wallets and foreign verifiers read.

`Writer` fills one credential per certificate, `did_document` publishes the keys, `status_list` says which credentials
no longer hold, `read` judges a credential that somebody brought. All addresses lie under the configured base URL:

    /c/NUMBER/credential.json   the credential            credential_path
    /status/N                   status list N, from 1     status_list_path, list_of
    /.well-known/did.json       the issuer's keys; /did.json where the base URL has a path: did_document_path

Sources: W3C Verifiable Credentials Data Model 2.0, Data Integrity EdDSA Cryptosuites 1.0 (eddsa-rdfc-2022), Bitstring
Status List 1.0, did:web; 1EdTech Open Badges 3.0. Contexts lie on disk; nothing is ever fetched.
"""

from certs.credential.did import did_document, did_document_path, did_of
from certs.credential.enclosed import enclosed_in, status_index_in
from certs.credential.reading import Reading, read
from certs.credential.stated import check
from certs.credential.status import LIST_BITS, list_of, read_status_list, status_list, status_list_path
from certs.credential.writer import Writer, address_hash, credential_path

MEDIA_TYPE = "application/vc"
"""Of credentials and status lists."""
DID_MEDIA_TYPE = "application/did+ld+json"

__all__ = [
    "DID_MEDIA_TYPE",
    "LIST_BITS",
    "MEDIA_TYPE",
    "Reading",
    "Writer",
    "address_hash",
    "check",
    "credential_path",
    "did_document",
    "did_document_path",
    "did_of",
    "enclosed_in",
    "list_of",
    "read",
    "read_status_list",
    "status_index_in",
    "status_list",
    "status_list_path",
]
