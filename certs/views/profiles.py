"""What a profile at LinkedIn asks for of a certificate, and the address that brings it along."""

from dataclasses import dataclass
from urllib.parse import urlencode

from certs.model import Statement

_ADDS = "https://www.linkedin.com/profile/add"


@dataclass(frozen=True, slots=True)
class Profile:
    """The fields, to be copied, and the *link* that fills them in."""

    link: str
    name: str
    organisation: str
    issued: str
    number: str
    url: str


def profile(said: Statement, number: str, base_url: str) -> Profile:
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
    return Profile(f"{_ADDS}?{urlencode(asked)}", name, event.issuer, f"{said.issued_on:%Y-%m}", number, url)
