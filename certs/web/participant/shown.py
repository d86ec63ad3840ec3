"""A certificate as its person's page shows it: how it stands, the file, what others see, and what profiles ask for."""

from dataclasses import dataclass
from urllib.parse import urlencode

from certs.ground import number as numbers
from certs.model import Certificate, Statement, Summary
from certs.web.edge.language import VOICES
from certs.web.edge.shared import Site
from certs.web.public.facts import Facts, facts
from certs.work.verify import headline, verify_registered

_PROFILE = "https://www.linkedin.com/profile/add"
_GONE = frozenset({Summary.REPLACED, Summary.REVOKED})


@dataclass(frozen=True, slots=True)
class Profile:
    """What a profile at LinkedIn asks for of a certificate, and the *link* that brings it along."""

    link: str
    name: str
    organisation: str
    issued: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate on its person's page; without *facts* where it could not be checked."""

    number: str
    summary: str
    title: str
    sentence: str
    facts: Facts | None
    size: int
    profile: Profile | None
    is_current: bool
    """Whether it is neither withdrawn nor replaced: of others the page offers no file."""


def shown(certificate: Certificate, here: Site, spoken: str) -> Shown:
    """Return *certificate* as a page in the language *spoken* shows it.

    Raises:
        SigningError: the key folder cannot be read.
        StorageError: the register fails.
    """
    verdict = verify_registered(certificate, here.register, here.keys, here.clock())
    title, sentence = map(VOICES[spoken].say, headline(verdict))
    ours = facts(verdict.certificate.statement, spoken) if verdict.certificate else None
    number, current = numbers.printed(certificate.number), verdict.summary not in _GONE
    profile = _profile(certificate.statement, number, here.base_url) if ours and current else None
    return Shown(
        number, verdict.summary.value, title, sentence, ours, certificate.pdf_bytes, profile, is_current=current
    )


def _profile(said: Statement, number: str, base_url: str) -> Profile:
    """Return what is typed into a profile; in the certificate's own words, whatever the page speaks."""
    event, url = said.event, f"{base_url}/c/{number}"
    name = f"{event.heading}, {event.title}" if event.heading else event.title
    asked = {
        "startTask": "CERTIFICATION_NAME",
        "name": name,
        "organizationName": event.issuer,
        "issueYear": said.issued_on.year,
        "issueMonth": said.issued_on.month,
        "certUrl": url,
        "certId": number,
    }
    return Profile(f"{_PROFILE}?{urlencode(asked)}", name, event.issuer, f"{said.issued_on:%Y-%m}", url)
