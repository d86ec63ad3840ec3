"""`certs enrol`: put certificates of before under our signature."""

import sys
from typing import TYPE_CHECKING

import click

from certs.cli.context import open_app, write_json
from certs.cli.how import AS, JSON, YES, How, echo, shared
from certs.eligibility.words import count
from certs.ground.number import printed

if TYPE_CHECKING:
    from certs.build import App
    from certs.model import Act
    from certs.work.enrol import Enrolled

LEFT_OUT = 1
"""Exit code where a certificate does not fit."""
_TAKEN = (
    "Claim, seal and credential of each are checked. What none of them says is taken as the register has it now: "
    "place, signatories, days of the sessions, which of them somebody attended, addresses, moments of registration."
)


@click.command()
@shared(YES, AS, JSON)
def enrol(how: How) -> int:
    """Put what the register holds of certificates of before under our signature; until then nobody can check it.

    Needed once, after an upgrade from a version that signed only the code. Opens each certificate and its file, lists
    what does not fit and leaves it out. Stopped, it goes on where it was. Exit code 1 where something does not fit.

    \b
    Example:
      certs enrol
    """
    app = open_app()
    act = how.act(app)
    missing = app.store.rolls.missing()
    if missing and not how.yes:
        click.echo(f"{count(missing, 'certificate is', 'certificates are')} to be enrolled. {_TAKEN}", err=True)
        how.confirm("Is that right?")
    done = _enrolled(app, act, missing)
    left_out = [{"number": printed(one.number), "why": one.why} for one in done.left_out]
    if how.wants_json:
        write_json({"enrolled": done.count, "left_out": left_out})
    else:
        click.echo(f"{count(done.count, 'certificate')} enrolled." if missing else "Every certificate is enrolled.")
        echo(*(f"{one['number']} was left out: {one['why']}." for one in left_out))
    return LEFT_OUT if left_out else 0


def _enrolled(app: "App", act: "Act", missing: int) -> "Enrolled":
    """Enrol, with a progress bar."""
    from certs.work import enrol as enrolling  # noqa: PLC0415 -- keys and fonts, which help does not need

    with click.progressbar(length=missing, label="Enrolling", file=sys.stderr) as bar:
        return enrolling.enrol(app.store, app.keys, app.voucher, act, bar.update)
