"""`certs export`: certificates and their manifest, out of the register."""

from pathlib import Path

import click

from certs.cli.context import ask_if_doubtful, moment_of, open_app, write_json
from certs.cli.how import JSON, How, echo, shared, unasked
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground import reference
from certs.ground.number import printed
from certs.ports import Store
from certs.work import deliver, imports

UNCHECKED = 1
"""Exit code where a certificate could not be checked."""


@click.command()
@click.argument("slug")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR|ZIP", help="Where to write.")
@click.option("--kind", "kinds", multiple=True, help="Only this kind; also several times.")
@click.option("--batch", "batches", multiple=True, help="Only this batch, like cgmp-2026/1; also several times.")
@click.option("--since", metavar="TIME", help="Only what was issued then or later.")
@click.option("--manifest-only", is_flag=True, help="Write no PDF; --out may then be a file that ends in .csv.")
@click.option("--all-states", is_flag=True, help="List in the manifest what is revoked or replaced, too.")
@shared(unasked("Do not ask, whatever is doubtful about address and keys."), JSON)
def export(
    slug: str,
    out: Path,
    kinds: tuple[str, ...],
    batches: tuple[str, ...],
    since: str | None,
    manifest_only: bool,
    all_states: bool,
    how: How,
) -> int:
    """Write the certificates of event SLUG that are in force, with manifest.csv, to a folder or a ZIP file.

    In a folder, files of an earlier export that do not belong there any more are removed; others are never touched.

    \b
    Example:
      certs export cgmp-2026 --out certificates.zip
      certs export cgmp-2026 --manifest-only --since 2026-11-20 --out new.csv
    """
    app = open_app()
    ask_if_doubtful(app, imports.event_of(app.store, slug).named_issuer, "Export all the same?", yes=how.yes)
    site = deliver.Site(deliver.Links(app.keys), app.settings.base_url, app.clock().date(), app.keys)
    moment = moment_of("--since", since) if since else None
    named = _references(app.store, slug, batches)
    wanted = deliver.Wanted(kinds, named, moment, all_states=all_states, manifest_only=manifest_only)
    done = deliver.export(slug, app.store, site, out, wanted)
    if how.wants_json:
        about = {"listed": done.listed, "removed": done.removed, "changed": list(done.changed)}
        unchecked = [printed(number) for number in done.unchecked]
        write_json({"event": slug, "count": done.files, **about, "unchecked": unchecked, "out": str(out)})
    else:
        _say(done, out, wanted)
    for number in done.unchecked:
        click.echo(f"{printed(number)} could not be checked and is not given out: certs verify says why.", err=True)
    return UNCHECKED if done.unchecked else 0


def _references(store: Store, slug: str, batches: tuple[str, ...]) -> list[str]:
    """Return the batches as they are called.

    Raises:
        InputError: one is of another event.
        NotFoundError: one is not there.
    """
    found = [reference.batch(store.batches, word) for word in batches]
    if others := [one.reference for one in found if one.slug != slug]:
        raise InputError(f"Batch {', '.join(others)} is not of event {slug}.")
    return [one.reference for one in found]


def _say(done: deliver.Exported, out: Path, wanted: deliver.Wanted) -> None:
    if wanted.manifest_only:
        click.echo(f"{count(done.listed, 'certificate')} listed in {out}; no PDF was written.")
        return
    click.echo(f"{count(done.files, 'certificate')} written to {out}, listed in {deliver.MANIFEST}.")
    if done.removed:
        click.echo(f"{count(done.removed, 'file')} of an earlier export removed.")
    echo(*(f"{name} is of an earlier export and was changed since: it stays; look at it." for name in done.changed))
