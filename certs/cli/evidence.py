"""`certs evidence`: what people say beside the exports."""

from certs.cli import use
from certs.cli.correct import offered
from certs.cli.declare import SLUG, Words, argument, option
from certs.cli.how import AS, JSON, How, because, command, group
from certs.errors import InputError
from certs.model import ExtraEvidence, Role
from certs.views import evidence as views


@group
def evidence() -> None:
    """Add evidence that people were present, list it, withdraw it.

    Example:
      certs evidence add cgmp-2026 3 ana@example.org --full --kind "signed group sheet" --note "folder 4, page 2"
    """


@command(AS, JSON, of=evidence)
def add(
    how: How,
    slug: str = SLUG,
    session: str = argument(),
    people: Words = argument("EMAIL...", required=True),
    minutes: int | None = option("--minutes", "How long they were present in the session's window, altogether."),
    full: bool = option("--full", "They were present for the whole window."),
    kind: str = option("--kind", 'What it is, like "signed group sheet".', required=True),
    note: str = option("--note", "Where it is found, and what else should be known.", required=True),
    role: Role = option(
        "--role",
        "The role they had, where the event's rules ask for it.",
        default=Role.ATTENDEE,
        show_default=Role.ATTENDEE.value,
    ),
) -> None:
    """Note that each EMAIL was present in SESSION of event SLUG, all of them or none.

    It counts where the exports say less, and stands in the decision, in its reason and beside the certificate.

    Example:
      certs evidence add cgmp-2026 3 ana@example.org ben@example.org --minutes 90
        --kind "signed group sheet" --note "folder 4, page 2" --as Ana
    """
    if full == (minutes is not None):
        raise InputError("Say how long they were present: --minutes N or --full.")
    store, sheet = how.store, use.evidence.Sheet(session, minutes, kind, note, role)
    ids = use.evidence.add(store, slug, sheet, people, how.act())
    added = [one for one in store.evidence.all(slug) if one.id in ids]
    concerned = {one.person for one in added}
    decisions = [one for one in use.orders.decide(store, slug)[1] if one.person in concerned]
    certified = use.corrections.outdated(store, how.app.keys, slug, decisions)
    how.tell(
        views.added(slug, added, decisions, certified),
        map(_line, added),
        (f"{one.person}, {one.kind}: {'yes' if one.eligible else 'no'}: {one.reason}" for one in decisions),
        (offered(old, new) for old, new in certified),
    )


@command(JSON, name="list", of=evidence)
def list_(how: How, slug: str = SLUG, wants_all: bool = option("--all", "Also what was withdrawn.")) -> None:
    """List the evidence of event SLUG: whose, for which session, what it is, who added it.

    Example:
      certs evidence list cgmp-2026
    """
    found = [one for one in how.store.evidence.all(slug) if wants_all or one.in_force]
    how.tell(views.listed(slug, found), map(_line, found) if found else "There is no evidence beside the exports.")


@command(because("Why; it stays with the evidence."), AS, JSON, of=evidence)
def withdraw(how: How, slug: str = SLUG, ids: tuple[int, ...] = argument("ID...", required=True)) -> None:
    """Let the evidence with these IDs count no more, as long as no certificate that was issued on it holds.

    Certificates that are ordered on it, and not issued yet, are given up.

    Example:
      certs evidence withdraw cgmp-2026 7 --reason "the sheet is of another group" --as Ana
    """
    given_up = use.evidence.withdraw(how.store, slug, ids, how.act())
    rested = f"Ordered certificates that rested on it and are given up: {len(given_up)}." if given_up else ()
    said = f"Withdrawn: {', '.join(map(str, sorted(set(ids))))}. It stays listed with --all."
    how.tell(views.withdrawn(slug, ids, given_up), said, rested)


def _line(one: ExtraEvidence) -> str:
    role = "" if one.role is Role.ATTENDEE else f" as {one.role}"
    said = (
        f"{one.id}  {one.person}, session {one.session}{role}: {one.seconds // 60} min by {one.kind} ({one.note}); "
        f"{one.author}, {one.added_at:%Y-%m-%d}"
    )
    if one.withdrawn_at is None:
        return said
    return f"{said}; withdrawn by {one.withdrawn_by}, {one.withdrawn_at:%Y-%m-%d}: {one.withdrawn_reason}"
