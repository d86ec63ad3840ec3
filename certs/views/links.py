"""A person's link and the certificates that it leads to."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from certs.ground.number import printed
from certs.model import Certificate
from certs.views.times import iso
from certs.work.deliver import state

if TYPE_CHECKING:
    from certs.work.deliver.personal import Personal


class CertificateView(TypedDict):
    """A certificate of a person."""

    number: str
    event: str
    kind: str
    name: str
    state: str


class UncheckedView(TypedDict):
    """A certificate that the register does not hold as we signed it: of what it says nothing is shown."""

    number: str
    why: str


class LinkView(TypedDict):
    """A person's link and the certificates behind it."""

    email: str
    personal_url: str | None
    withdrawn_at: str | None
    certificates: list[CertificateView]
    unchecked: list[UncheckedView]


def certificate(one: Certificate, today: date) -> CertificateView:
    """Return a certificate as it stands *today*."""
    said = one.statement
    return {
        "number": printed(one.number),
        "event": said.event.slug,
        "kind": said.kind,
        "name": said.name,
        "state": state(one, today),
    }


def link(found: "Personal", url: str, today: date) -> LinkView:
    """Return a link, which opens at *url*, and what is behind it."""
    return {
        "email": found.link.person,
        "personal_url": url or None,
        "withdrawn_at": iso(found.link.withdrawn_at),
        "certificates": [certificate(one, today) for one in found.certificates],
        "unchecked": [{"number": printed(number), "why": why} for number, why in found.unchecked.items()],
    }
