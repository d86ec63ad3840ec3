"""Wanting no mails: a page behind the personal link, and the one click by which a mail program says so for its reader.

Opening the page changes nothing, for scanners open whatever a mail leads to; only its button, or a mail program's POST
(RFC 8058), does. What she asks for herself is mailed all the same.
"""

from flask import Blueprint, Response

from certs.model import Act
from certs.web.edge.shared import page, site
from certs.web.participant.personal import demand_person
from certs.work.deliver import Links

pages = Blueprint("declining", __name__)
ROLE = "participant"
"""Who acts, as the trail has it: it forgets nothing, so it does not name her."""


@pages.get("/me/<token>/no-mail")
def ask(token: str) -> Response:
    """Ask whether she wants no mails."""
    demand_person(Links(site().keys).person_ref(token))
    return page("no-mail.html", token=token, done=False)


@pages.post("/me/<token>/no-mail")
def decline(token: str) -> Response:
    """Note that she wants none."""
    store, person = demand_person(Links(site().keys).person_ref(token))
    store.messages.decline(person, Act(ROLE, site().clock(), role=ROLE))
    return page("no-mail.html", token=token, done=True)
