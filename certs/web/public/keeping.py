"""A certificate for the wallet and the profile of the person whom it names.

Wallets take a credential as a file (`application/vc`) or from its address; the code on the page leads there. A
certificate that does not count any more, or that could not be checked, is offered to nobody: its own page says why.
"""

from functools import lru_cache

from flask import Blueprint, Response
from markupsafe import Markup
from qrcode.main import QRCode

from certs import credential
from certs.errors import NotFoundError
from certs.ground import number as numbers
from certs.model import Summary, Verdict
from certs.views.profiles import profile
from certs.web.edge.limits import MISSES
from certs.web.edge.shared import page, site
from certs.wording import say
from certs.work.verify import verify_number

pages = Blueprint("keeping", __name__)
_SVG = Markup('<svg viewBox="0 0 {} {}" aria-hidden="true"><path d="{}" shape-rendering="crispEdges"/></svg>')
_OFFERED = frozenset({Summary.VALID, Summary.EXPIRED})


@pages.get("/c/<typed>/keep")
def keep(typed: str) -> Response:
    """Show what wallets and profiles take."""
    here = site()
    number = numbers.parse(typed)
    verdict = verify_number(number, here.register, here.keys, here.clock())
    certificate = verdict.certificate
    if certificate is None and here.register.certificate(number) is None:
        here.limits.spend(MISSES)
        raise NotFoundError(say("Our register does not hold a certificate of this number."))
    printed = numbers.printed(number)
    if certificate is None or not is_offered(verdict):
        return Response(status=303, headers={"Location": f"{here.base_url}/c/{printed}"})
    said = certificate.statement
    address = f"{here.base_url}{credential.credential_path(number)}"
    return page(
        "keep.html",
        number=printed,
        title=said.event.heading or said.event.title,
        demo_keys=said.event.demo,
        profile=profile(said, printed, here.base_url),
        address=address if certificate.credential_kid else "",
        code=_code(address),
    )


def is_offered(verdict: Verdict) -> bool:
    """Say whether the certificate of *verdict* counts and shows its name."""
    certificate = verdict.certificate
    return certificate is not None and not certificate.withheld and verdict.summary in _OFFERED


@lru_cache(maxsize=64)
def _code(address: str) -> Markup:
    """Return the QR code of *address* as SVG for a page: one path of its dark modules."""
    code = QRCode(border=4)
    code.add_data(address)
    rows = code.get_matrix()
    path = "".join(f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return _SVG.format(len(rows), len(rows), path)
