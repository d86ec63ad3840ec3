"""`certs publish`: bring the status lists of credentials up to date."""

import click

from certs.cli.context import as_json, open_app, write_json


@click.command()
@as_json
def publish(wants_json: bool) -> None:
    """Sign the status lists anew where something changed. Issuing, revoking and correcting do this by themselves.

    \b
    Example:
      certs publish
    """
    renewed = open_app().lists.publish()
    if wants_json:
        write_json({"renewed": renewed})
    else:
        click.echo(f"Status lists signed anew: {renewed}." if renewed else "The status lists are up to date.")
