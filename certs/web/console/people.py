"""A person of an event: every session with its rows, what counts, evidence, rulings, certificates."""

from flask import Blueprint, Response

from certs.web.console.desk import READERS, allows, desk, guard, hides_addresses
from certs.web.console.event import screen
from certs.work import account

pages = Blueprint("people", __name__)
guard(pages)


@pages.get("/desk/<slug>/people/<ref>", endpoint="screen")
@allows(*READERS)
def person(slug: str, ref: str) -> Response:
    """Show what the decisions on one person rest on."""
    register = desk().register
    found = account.kept(register, slug, register.links.person(ref))
    certificates = [one for one in register.links.certificates(found.person) if one.statement.event.slug == slug]
    masked = hides_addresses(slug)
    return screen("person.html", slug, "earned", found=found, ref=ref, certificates=certificates, masked=masked)
