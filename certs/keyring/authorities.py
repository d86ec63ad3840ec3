"""Those outside who vouch for a seal: a time-stamp authority (RFC 3161), OCSP responders (RFC 6960) and CRLs, by HTTP.

Every call has a time-out and is tried again a little later; after the last try a `SigningError` stops the batch, whose
rows stay as they are and are issued when it is resumed. The answers are checked as far as storing them needs: the
time-stamp is over our digest and carries our nonce, no certificate is revoked. Whether anybody trusts the authorities
is not decided here.
"""

import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException, HTTPMessage, HTTPResponse, IncompleteRead
from typing import IO, Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request

from asn1crypto import cms, ocsp, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.ocsp import OCSPRequestBuilder
from cryptography.x509.oid import AuthorityInformationAccessOID

from certs.errors import SigningError
from certs.model import Evidence
from certs.wording import say

TRIES = 3
TIMEOUT_SECONDS = 10.0
_PAUSE_SECONDS = 0.5
"""Before the second try; twice as long before each further one."""
_LONGEST_ANSWER = 6
"""Time-outs within which an answer must be whole: each bounds one pause only, and a byte now and then would go on."""
_PIECE_BYTES = 1 << 16
_MOST_BYTES = 8 << 20
"""Of one answer: large CAs publish CRLs of some megabytes."""
_UNREADABLE = (
    *(ValueError, TypeError, KeyError, AttributeError),
    *(x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType),
)
"""What the readers of ASN.1 raise for bytes that they cannot make sense of."""
_GRANTED = ("granted", "granted_with_mods")


class Authorities:
    """A time-stamp authority at *url*, and whatever revocation services the certificates name."""

    def __init__(self, url: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._url = url
        self._timeout = timeout_seconds

    def stamp(self, digest: bytes) -> bytes:
        """Return a DER TimeStampToken over the SHA-256 *digest*.

        Raises:
            SigningError: the authority is out of reach, refuses, or stamps something else.
        """
        nonce = secrets.randbits(64)
        imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
        request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True})
        answer = self._fetch(self._url, "application/timestamp-query", request.dump())
        with _reading(f"The time-stamp authority {self._url} gives no time-stamp"):
            response = tsp.TimeStampResp.load(answer)
            status = response["status"]["status"].native
            token = response["time_stamp_token"]
            if status not in _GRANTED or not _stamps(token, digest, nonce):
                raise SigningError(
                    say(
                        "The time-stamp authority {url} answers “{status}” or stamps something else.",
                        url=self._url,
                        status=status,
                    )
                )
            return bytes(token.dump())

    def evidence(self, chain: Sequence[bytes], token: bytes) -> Evidence:
        """Return what proves the certificates of *chain* and of the *token*'s authority good today.

        Raises:
            SigningError: one is revoked or cannot be read, its publisher is out of reach, or its issuer publishes
                nothing.
        """
        with _reading("What proves the seal's certificates good cannot be read"):
            return self._evidence(chain, token)

    def _evidence(self, chain: Sequence[bytes], token: bytes) -> Evidence:
        known = {der: x509.load_der_x509_certificate(der) for der in (*chain, *_certificates_in(token))}
        responses: dict[bytes, None] = {}
        crls: dict[bytes, None] = {}
        for certificate in list(known.values()):
            issuer = _issuer(certificate, known.values())
            if issuer is None or issuer is certificate:
                continue
            if url := _ocsp_url(certificate):
                response = self._ocsp(url, certificate, issuer)
                responses[response] = None
                known.update((der, x509.load_der_x509_certificate(der)) for der in _certificates_in_ocsp(response))
            else:
                crls[self._crl(certificate)] = None
        return Evidence(tuple(known), tuple(responses), tuple(crls))

    def _ocsp(self, url: str, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
        """Return the responder's answer about *certificate*."""
        builder = OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256())
        request = builder.build().public_bytes(serialization.Encoding.DER)
        answer = self._fetch(url, "application/ocsp-request", request)
        with _reading(f"The OCSP responder {url} gives no answer"):
            good = _says_good(answer, certificate.serial_number)
        if not good:
            raise SigningError(
                say("{url} does not say that the certificate of {name} is good.", url=url, name=_name(certificate))
            )
        return answer

    def _crl(self, certificate: x509.Certificate) -> bytes:
        """Return the list of revoked certificates that *certificate* names."""
        url = _crl_url(certificate)
        if not url:
            raise SigningError(
                say(
                    "The issuer of {name} publishes neither OCSP nor a CRL, as level B-LT needs: choose "
                    "CERTS_SEAL_LEVEL=B-T, or a seal certificate of a CA that does.",
                    name=_name(certificate),
                )
            )
        answer = self._fetch(url)
        with _reading(f"{url} is no certificate revocation list"):
            crl = x509.load_der_x509_crl(answer)
            revoked = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if revoked is not None:
            raise SigningError(say("The certificate of {name} is revoked.", name=_name(certificate)))
        return answer

    def _fetch(self, url: str, media_type: str = "", body: bytes | None = None) -> bytes:
        """Return the answer of *url*, tried again when it fails.

        Raises:
            SigningError: it is no web address, or fails each time.
        """
        if not _is_web_address(url):
            raise SigningError(say("{url} is no web address.", url=url))
        headers = {"Content-Type": media_type} if media_type else {}
        request = Request(url, body, headers)  # noqa: S310 -- the scheme is checked above
        for attempt in range(TRIES):
            try:
                with _OPENER.open(request, timeout=self._timeout) as answer:
                    return _whole(answer, time.monotonic() + self._timeout * _LONGEST_ANSWER)
            except (OSError, HTTPException, ValueError) as error:
                if isinstance(error, urllib.error.HTTPError):
                    error.close()  # it is the answer too, and holds the connection
                reason = error
                if attempt + 1 < TRIES:
                    time.sleep(_PAUSE_SECONDS * 2**attempt)
        raise SigningError(
            say("{url} does not answer: {why}. Run the command again to go on.", url=url, why=_why(reason))
        ) from reason


@contextmanager
def _reading(failed: str) -> Iterator[None]:
    """Say *failed* where what an authority sent is not built as it should be.

    Raises:
        SigningError: it is not.
    """
    try:
        yield
    except _UNREADABLE as error:
        raise SigningError(say("{failed}: {error}", failed=failed, error=error)) from error


class _Redirects(HTTPRedirectHandler):
    """Follows an answer elsewhere, and closes one that names no address that could be followed."""

    def http_error_302(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage) -> Any:
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except ValueError:
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


_OPENER = urllib.request.build_opener(_Redirects)


def _is_web_address(url: str) -> bool:
    """Say whether *url* names a host that can be asked by HTTP."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and port != 0
        and url.isprintable()
        and " " not in url
    )


def _whole(answer: HTTPResponse, deadline: float) -> bytes:
    """Return the body of *answer*, the first `_MOST_BYTES` of it.

    Raises:
        TimeoutError: it goes on after *deadline* (of `time.monotonic`), though no pause was too long.
        HTTPException: it breaks off.
    """
    promised, body = answer.length, bytearray()
    while len(body) < _MOST_BYTES and (part := answer.read1(_PIECE_BYTES)):
        body += part
        if time.monotonic() > deadline:
            raise TimeoutError("timed out")
    if promised is not None and len(body) < min(promised, _MOST_BYTES):
        raise IncompleteRead(bytes(body), promised - len(body))
    return bytes(body)


def _why(error: OSError | HTTPException | ValueError) -> str:
    """Return in plain words why nothing answered."""
    if isinstance(error, ValueError):
        return "it leads to something that is no web address"
    cause = error.reason if type(error) is urllib.error.URLError else error
    if isinstance(cause, HTTPException):
        return "its answer is cut off, or no HTTP"
    return (cause.strerror if isinstance(cause, OSError) else "") or str(cause)


def _stamps(token: cms.ContentInfo, digest: bytes, nonce: int) -> bool:
    """Say whether *token* is over *digest* and answers our request."""
    info = token["content"]["encap_content_info"]["content"].parsed
    same = info["message_imprint"]["hashed_message"].native == digest
    return bool(same and info["nonce"].native == nonce)


def _certificates_in(token: bytes) -> Iterator[bytes]:
    """Yield the DER certificates that a time-stamp token brings along."""
    for choice in cms.ContentInfo.load(token)["content"]["certificates"]:
        yield choice.chosen.dump()


def _says_good(answer: bytes, serial_number: int) -> bool:
    """Say whether an OCSP response calls the certificate good."""
    response = ocsp.OCSPResponse.load(answer)
    if response["response_status"].native != "successful":
        return False
    singles = response.response_data["responses"]
    return any(
        single["cert_status"].name == "good" and single["cert_id"]["serial_number"].native == serial_number
        for single in singles
    )


def _certificates_in_ocsp(answer: bytes) -> Iterator[bytes]:
    """Yield the DER certificates that an OCSP response brings along."""
    for certificate in ocsp.OCSPResponse.load(answer).basic_ocsp_response["certs"]:
        yield certificate.dump()


def _issuer(certificate: x509.Certificate, known: Iterable[x509.Certificate]) -> x509.Certificate | None:
    """Return the certificate among *known* that names itself the issuer of *certificate*."""
    return next((candidate for candidate in known if candidate.subject == certificate.issuer), None)


def _ocsp_url(certificate: x509.Certificate) -> str:
    """Return where an OCSP responder speaks for *certificate*, or nothing."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return ""
    found = (item.access_location.value for item in access if item.access_method == AuthorityInformationAccessOID.OCSP)
    return next(found, "")


def _crl_url(certificate: x509.Certificate) -> str:
    """Return where a list of revoked certificates lies, or nothing."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return ""
    return next((name.value for point in points for name in point.full_name or ()), "")


def _name(certificate: x509.Certificate) -> str:
    """Return whom *certificate* is about, for messages."""
    return certificate.subject.rfc4514_string()
