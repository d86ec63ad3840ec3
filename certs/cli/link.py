"""`certs link`: one person's link, its end and its renewal."""

from typing import TYPE_CHECKING

import click

from certs.cli.context import act_of, acting, as_json, confirm, open_app, write_json
from certs.errors import InputError
from certs.views import links
from certs.work.deliver import Links, personal

if TYPE_CHECKING:
    from certs.build import App


@click.command()
@click.argument("email")
@click.option("--event", "slug", default="", metavar="SLUG", help="Only if she has a certificate of this event.")
@click.option("--withdraw", is_flag=True, help="Let the link lead nowhere from now on.")
@click.option("--renew", is_flag=True, help="Withdraw the link and make a new one.")
@click.option("--reason", default="", help="Why, for the audit trail; needed to withdraw or renew.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
def link(
    email: str, slug: str, withdraw: bool, renew: bool, reason: str, yes: bool, actor: str | None, wants_json: bool
) -> None:
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
        act = act_of(app, actor, reason)
        what = "Withdraw the link" if withdraw else "Withdraw the link and make a new one"
        name = f"{found.certificates[0].statement.name}, " if found.certificates else ""
        confirm(f"{what} of {name}{found.link.person}?", yes=yes)
        (personal.withdraw if withdraw else personal.renew)(app.store, email, act)
        found = personal.find(app.store, app.keys, email, slug)
    _show(app, found, wants_json=wants_json)


def _show(app: "App", found: personal.Personal, *, wants_json: bool) -> None:
    address, ended = personal.url(found.link, Links(app.keys), app.settings.base_url), found.link.withdrawn_at
    view = links.link(found, address, app.clock().date())
    if wants_json:
        write_json(view)
        return
    if ended:
        click.echo(f"The link of {found.link.person} was withdrawn on {ended.date()}. Make a new one with --renew.")
    else:
        click.echo(address)
    for one in view["certificates"]:
        click.echo(f"  {one['number']}  {one['event']}  {one['kind']}  {one['name']}: {one['state']}")
    for odd in view["unchecked"]:
        click.echo(f"  {odd['number']}  unknown: {odd['why']}")
