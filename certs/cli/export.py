"""`certs export`, `report` and `link`: certificates, figures and links, out of the register."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from certs.cli import use
from certs.cli.check import ask_if_doubtful
from certs.cli.declare import MANY, SLUG, Words, argument, option, together
from certs.cli.how import AS, JSON, YES, How, because, command, unasked
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground import reference
from certs.ground.number import printed
from certs.views import links
from certs.work import deliver
from certs.work.deliver import personal

UNCHECKED = 1
"""Exit code where a certificate could not be checked."""


@together
def _wanted(
    kinds: Words = option("--kind", "Only this kind; also several times."),
    batches: Words = option("--batch", "Only this batch, like cgmp-2026/1; also several times."),
    since: datetime | None = option("--since", "Only what was issued then or later.", metavar="TIME"),
    manifest_only: bool = option("--manifest-only", "Write no PDF; --out may then be a file that ends in .csv."),
    all_states: bool = option("--all-states", "List in the manifest what is revoked or replaced, too."),
) -> deliver.Wanted:
    return deliver.Wanted(kinds, batches, since, all_states=all_states, manifest_only=manifest_only)


@command(unasked("Do not ask, whatever is doubtful about address and keys."), JSON)
def export(
    how: How,
    slug: str = SLUG,
    out: Path = option("--out", "Where to write.", required=True, metavar="DIR|ZIP"),
    wanted: deliver.Wanted = _wanted,
) -> int:
    """Write the certificates of event SLUG that are in force, with manifest.csv, to a folder or a ZIP file.

    In a folder, files of an earlier export that do not belong there any more are removed; others are never touched.

    Example:
      certs export cgmp-2026 --out certificates.zip
      certs export cgmp-2026 --manifest-only --since 2026-11-20 --out new.csv
    """
    ask_if_doubtful(how, use.imports.event_of(how.store, slug).named_issuer, "Export all the same?")
    app = how.app
    site = deliver.Site(deliver.Links(app.keys), app.settings.base_url, app.clock().date(), app.keys)
    wanted = replace(wanted, batches=reference.of_event(app.store.batches, slug, wanted.batches))
    done = deliver.export(slug, app.store, site, out, wanted)
    unchecked = [printed(number) for number in done.unchecked]
    about = {"listed": done.listed, "removed": done.removed, "changed": list(done.changed), "unchecked": unchecked}
    how.tell({"event": slug, "count": done.files, **about, "out": str(out)}, _said(done, out, wanted))
    how.note(f"{one} could not be checked and is not given out: certs verify says why." for one in unchecked)
    return UNCHECKED if unchecked else 0


def _said(done: deliver.Exported, out: Path, wanted: deliver.Wanted) -> Iterator[str]:
    if wanted.manifest_only:
        yield f"{count(done.listed, 'certificate')} listed in {out}; no PDF was written."
        return
    yield f"{count(done.files, 'certificate')} written to {out}, listed in {deliver.MANIFEST}."
    if done.removed:
        yield f"{count(done.removed, 'file')} of an earlier export removed."
    yield from (f"{name} is of an earlier export and was changed since: it stays; look at it." for name in done.changed)


@command(JSON)
def report(
    how: How,
    slugs: Words = argument("SLUG...", required=True),
    out: Path | None = option("--out", "Where to write (default: report-SLUG).", metavar="DIR"),
    fold_below: int = option("--fold-below", "Show no count of fewer people.", type=MANY, default=0, metavar="N"),
) -> None:
    """Write a report on events SLUG...: who came, from where, for how long, and what they were given; nobody's name.

    Several events stand side by side, with those who came back. The folder gets report.html, which needs nothing beside
    it and can be printed, and a CSV file of each table.

    Example:
      certs report cgmp-2026
      certs report cgmp-2025 cgmp-2026 --out report --fold-below 5
    """
    app = how.app
    counted = use.report.counted(app.store, app.keys, slugs, app.clock().date())
    made = use.report.files(counted, use.report.Folding(fold_below))
    folder = out or Path(f"report-{'-'.join(edition.event.slug for edition in counted.editions)}")
    use.report.write(folder, made)
    how.tell(
        {"out": str(folder), "files": sorted(made), "people": counted.people},
        f"The report is in {folder / 'report.html'}, its figures in {len(made) - 1} CSV files beside it.",
    )


@command(because("Why, for the audit trail; needed to withdraw or renew.", required=False), YES, AS, JSON)
def link(
    how: How,
    email: str = argument(),
    slug: str = option("--event", "Only if she has a certificate of this event.", metavar="SLUG"),
    withdraw: bool = option("--withdraw", "Let the link lead nowhere from now on."),
    renew: bool = option("--renew", "Withdraw the link and make a new one."),
) -> None:
    """Show the personal link of EMAIL and the certificates behind it; withdraw or renew it.

    A person has one link for all events. What others verify stays as it is.

    Example:
      certs link ana@example.org
      certs link ana@example.org --renew --reason "the message went to somebody else"
    """
    if withdraw and renew:
        raise InputError("Say --withdraw or --renew: to renew a link withdraws the old one.")
    app = how.app
    found = personal.find(app.store, app.keys, email, slug)
    if withdraw or renew:
        act = how.act()
        what = "Withdraw the link" if withdraw else "Withdraw the link and make a new one"
        name = f"{found.certificates[0].statement.name}, " if found.certificates else ""
        how.confirm(f"{what} of {name}{found.link.person}?")
        (personal.withdraw if withdraw else personal.renew)(app.store, email, act)
        found = personal.find(app.store, app.keys, email, slug)
    address, ended = personal.url(found.link, deliver.Links(app.keys), app.settings.base_url), found.link.withdrawn_at
    view = links.link(found, address, app.clock().date())
    if ended:
        address = f"The link of {found.link.person} was withdrawn on {ended.date()}. Make a new one with --renew."
    how.tell(
        view,
        address,
        ("  {number}  {event}  {kind}  {name}: {state}".format_map(one) for one in view["certificates"]),
        ("  {number}  unknown: {why}".format_map(one) for one in view["unchecked"]),
    )
