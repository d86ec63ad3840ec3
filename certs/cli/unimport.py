"""`certs unimport`: exports out of what counts."""

import click

from certs.cli import changes
from certs.cli.context import open_app, write_json
from certs.cli.how import AS, BECAUSE, JSON, YES, How, shared
from certs.eligibility.words import count
from certs.views import imports as views


@click.command()
@click.argument("slug")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--preview", is_flag=True, help="Show what would change, and change nothing.")
@shared(BECAUSE, YES, AS, JSON)
def unimport(slug: str, files: tuple[str, ...], preview: bool, how: How) -> None:
    """Let imports of event SLUG count no longer: all of FILE... or none, unless certificates were issued from them.

    FILE is the name of an imported file, or the beginning of its SHA-256. It stays in the register as it was received,
    and may be imported again.

    \b
    Example:
      certs unimport cgmp-2026 report.csv --reason "of another webinar" --preview
    """
    from certs.work import amend  # noqa: PLC0415 -- fonts, which help does not need

    app = open_app()
    undone = amend.chosen(app.store, slug, files)
    act = how.act(app)
    amend.demand_undoable(app.store, slug, undone, act)
    foresight = amend.foresee(app.store, slug, undone)
    names = ", ".join(one.name for one in undone)
    if not preview:
        changes.show(foresight, to_stderr=how.wants_json)
        how.confirm(f"Let {count(len(undone), 'import')} count no longer ({names})?")
        amend.undo(app.store, slug, foresight.amendment, act)
    if how.wants_json:
        write_json(views.undone(slug, [] if preview else undone, foresight))
    elif preview:
        changes.show(foresight)
    else:
        said = count(len(undone), "import counts", "imports count")
        click.echo(f"{said} no longer: {names}. What was received stays in the register.")
