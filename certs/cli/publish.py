"""`certs publish`: bring the status lists of credentials up to date."""

import click

from certs.cli.context import open_app
from certs.cli.how import JSON, How, shared


@click.command()
@shared(JSON)
def publish(how: How) -> None:
    """Sign the status lists anew where something changed. Issuing, revoking and correcting do this by themselves.

    \b
    Example:
      certs publish
    """
    renewed = open_app().lists.publish()
    how.tell(
        {"renewed": renewed}, f"Status lists signed anew: {renewed}." if renewed else "The status lists are up to date."
    )
