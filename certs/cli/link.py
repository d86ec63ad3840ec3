"""`certs link`: one person's link, its end and its renewal."""

import click

from certs.cli.context import open_app
from certs.cli.how import AS, JSON, YES, How, because, shared
from certs.errors import InputError
from certs.views import links
from certs.work.deliver import Links, personal


@click.command()
@click.argument("email")
@click.option("--event", "slug", default="", metavar="SLUG", help="Only if she has a certificate of this event.")
@click.option("--withdraw", is_flag=True, help="Let the link lead nowhere from now on.")
@click.option("--renew", is_flag=True, help="Withdraw the link and make a new one.")
@shared(because("Why, for the audit trail; needed to withdraw or renew.", required=False), YES, AS, JSON)
def link(email: str, slug: str, withdraw: bool, renew: bool, how: How) -> None:
    """Show the personal link of EMAIL and the certificates behind it; withdraw or renew it.

    A person has one link for all events. What others verify stays as it is.

    \b
    Example:
      certs link ana@example.org
      certs link ana@example.org --renew --reason "the message went to somebody else"
    """
    if withdraw and renew:
        raise InputError("Say --withdraw or --renew: to renew a link withdraws the old one.")
    app = open_app()
    found = personal.find(app.store, app.keys, email, slug)
    if withdraw or renew:
        act = how.act(app)
        what = "Withdraw the link" if withdraw else "Withdraw the link and make a new one"
        name = f"{found.certificates[0].statement.name}, " if found.certificates else ""
        how.confirm(f"{what} of {name}{found.link.person}?")
        (personal.withdraw if withdraw else personal.renew)(app.store, email, act)
        found = personal.find(app.store, app.keys, email, slug)
    address, ended = personal.url(found.link, Links(app.keys), app.settings.base_url), found.link.withdrawn_at
    view = links.link(found, address, app.clock().date())
    if ended:
        address = f"The link of {found.link.person} was withdrawn on {ended.date()}. Make a new one with --renew."
    rows = (
        f"  {one['number']}  {one['event']}  {one['kind']}  {one['name']}: {one['state']}"
        for one in view["certificates"]
    )
    odd = (f"  {one['number']}  unknown: {one['why']}" for one in view["unchecked"])
    how.tell(view, address, *rows, *odd)
