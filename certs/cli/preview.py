"""`certs preview`: specimens of what an order would print."""

from pathlib import Path
from random import SystemRandom

import click

from certs.cli.context import open_app
from certs.cli.how import JSON, How, echo, shared
from certs.eligibility.words import count
from certs.views import previews as views


@click.command()
@click.argument("slug")
@click.argument("people", nargs=-1, metavar="[EMAIL]...")
@click.option("--kind", default=None, help="The kind of certificate, where the event has several.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("specimen.pdf"), show_default=True,
    help="Where the pages go: FILE.pdf for one PDF, or a folder for one each.",
)  # fmt: skip
@shared(JSON)
def preview(slug: str, people: tuple[str, ...], kind: str | None, out: Path, how: How) -> None:
    """Print specimens of event SLUG's certificates to look at before an order: for EMAIL..., or for the hardest names.

    Each page says SPECIMEN and is sealed by nobody; its code says that it is a specimen. Nothing is changed.

    \b
    Example:
      certs preview cgmp-2026
      certs preview cgmp-2026 ana@example.org ben@example.org --out look.pdf
      certs preview cgmp-2026 --out specimens/
    """
    from certs.work import preview as previewing  # noqa: PLC0415 -- fonts, which help does not need

    app = open_app()
    place = previewing.Place.named(out)
    press = previewing.Press(app.settings.base_url, app.clock(), SystemRandom())
    made = previewing.preview(app.store, slug, people, press, kind, apart=place.apart)
    paths = place.take(made)
    view = views.preview(out, made, paths if place.apart else ())
    if not how.wants_json:
        echo(*made.left_out, err=True)
    listed = (f"  {one.name} ({one.kind})" for one in made.people)
    how.tell(
        view, *listed, f"{count(len(made.people), 'specimen')} in {out}. It certifies nothing; nothing was ordered."
    )
