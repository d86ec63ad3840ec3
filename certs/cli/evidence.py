"""`certs evidence`: what people say beside the exports."""

import click

from certs.cli.context import open_app
from certs.cli.how import AS, JSON, How, because, shared
from certs.errors import InputError
from certs.model import ExtraEvidence, Role
from certs.views import evidence as views


@click.group()
def evidence() -> None:
    """Add evidence that people were present, list it, withdraw it.

    \b
    Example:
      certs evidence add cgmp-2026 3 ana@example.org --full --kind "signed group sheet" --note "folder 4, page 2"
    """


@evidence.command()
@click.argument("slug")
@click.argument("session")
@click.argument("people", nargs=-1, required=True, metavar="EMAIL...")
@click.option("--minutes", type=int, help="How long they were present in the session's window, altogether.")
@click.option("--full", is_flag=True, help="They were present for the whole window.")
@click.option("--kind", required=True, help='What it is, like "signed group sheet".')
@click.option("--note", required=True, help="Where it is found, and what else should be known.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.ATTENDEE.value,
    show_default=True,
    help="The role they had, where the event's rules ask for it.",
)
@shared(AS, JSON)
def add(
    slug: str,
    session: str,
    people: tuple[str, ...],
    minutes: int | None,
    full: bool,
    kind: str,
    note: str,
    role: str,
    how: How,
) -> None:
    """Note that each EMAIL was present in SESSION of event SLUG, all of them or none.

    It counts where the exports say less, and stands in the decision, in its reason and beside the certificate.

    \b
    Example:
      certs evidence add cgmp-2026 3 ana@example.org ben@example.org --minutes 90
        --kind "signed group sheet" --note "folder 4, page 2" --as Ana
    """
    from certs.cli import corrections  # noqa: PLC0415
    from certs.work import corrections as correct  # noqa: PLC0415 -- fonts, which help does not need
    from certs.work import evidence, orders  # noqa: PLC0415

    if full == (minutes is not None):
        raise InputError("Say how long they were present: --minutes N or --full.")
    app = open_app()
    sheet = evidence.Sheet(session, minutes, kind, note, Role(role))
    ids = evidence.add(app.store, slug, sheet, people, how.act(app))
    added = [one for one in app.store.evidence.all(slug) if one.id in ids]
    concerned = {one.person for one in added}
    decisions = [one for one in orders.decide(app.store, slug)[1] if one.person in concerned]
    certified = correct.outdated(app.store, app.keys, slug, decisions)
    how.tell(
        views.added(slug, added, decisions, certified),
        *map(_line, added),
        *(f"{one.person}, {one.kind}: {'yes' if one.eligible else 'no'}: {one.reason}" for one in decisions),
        *(corrections.offered(old, new) for old, new in certified),
    )


@evidence.command(name="list")
@click.argument("slug")
@click.option("--all", "wants_all", is_flag=True, help="Also what was withdrawn.")
@shared(JSON)
def list_(slug: str, wants_all: bool, how: How) -> None:
    """List the evidence of event SLUG: whose, for which session, what it is, who added it.

    \b
    Example:
      certs evidence list cgmp-2026
    """
    found = [one for one in open_app().store.evidence.all(slug) if wants_all or one.in_force]
    how.tell(views.listed(slug, found), *(map(_line, found) if found else ["There is no evidence beside the exports."]))


@evidence.command()
@click.argument("slug")
@click.argument("ids", nargs=-1, required=True, type=int, metavar="ID...")
@shared(because("Why; it stays with the evidence."), AS, JSON)
def withdraw(slug: str, ids: tuple[int, ...], how: How) -> None:
    """Let the evidence with these IDs count no more, as long as no certificate that was issued on it holds.

    Certificates that are ordered on it, and not issued yet, are given up.

    \b
    Example:
      certs evidence withdraw cgmp-2026 7 --reason "the sheet is of another group" --as Ana
    """
    from certs.work import evidence  # noqa: PLC0415

    app = open_app()
    given_up = evidence.withdraw(app.store, slug, ids, how.act(app))
    said = [f"Withdrawn: {', '.join(map(str, sorted(set(ids))))}. It stays listed with --all."]
    if given_up:
        said.append(f"Ordered certificates that rested on it and are given up: {len(given_up)}.")
    how.tell(views.withdrawn(slug, ids, given_up), *said)


def _line(one: ExtraEvidence) -> str:
    role = "" if one.role is Role.ATTENDEE else f" as {one.role}"
    said = (
        f"{one.id}  {one.person}, session {one.session}{role}: {one.seconds // 60} min by {one.kind} ({one.note}); "
        f"{one.author}, {one.added_at:%Y-%m-%d}"
    )
    if one.withdrawn_at is None:
        return said
    return f"{said}; withdrawn by {one.withdrawn_by}, {one.withdrawn_at:%Y-%m-%d}: {one.withdrawn_reason}"
