"""`certs near-misses`, `grant`, `withhold` and `lift`: decisions of people in place of the rule."""

from dataclasses import dataclass

from certs.cli import use
from certs.cli.declare import HUNDRED, SLUG, Words, argument, option, together
from certs.cli.how import AS, JSON, YES, How, because, command
from certs.cli.tables import first, write_csv
from certs.eligibility.words import count
from certs.errors import InputError
from certs.model import Ruled
from certs.views import rulings as views

_SHOWN = 20
"""People whose decisions are shown after a ruling on many; --json has them all."""
_WHY = "Why; it stands in each of these decisions."
_QUESTIONS = {
    Ruled.GRANTED: "Grant {kind} of {title} to {people} who miss the rule?",
    Ruled.WITHHELD: "Withhold {kind} of {title} from {people}?",
    Ruled.LIFTED: "Let the rule of {kind} of {title} decide again on {people}?",
}


@together
def _reach(
    sessions: int | None = option("--sessions", "Close means at most so many sessions short.", type=HUNDRED),
    percent: int | None = option("--percent", "Close means within so many % of a threshold.", type=HUNDRED),
) -> "use.rulings.Reach":
    return use.rulings.Reach(sessions, percent)


PEOPLE = argument("EMAIL...")
KIND = option(
    "--kind",
    "The kind of certificate; without it near-misses and grant are about the first, withhold and lift about all.",
)


@dataclass(frozen=True, slots=True)
class _Whom:
    """On whom somebody rules: nobody by name means every near miss within *reach*."""

    slug: str
    people: Words
    kind: str
    reach: "use.rulings.Reach"


@together
def _whom(
    slug: str = SLUG,
    people: Words = PEOPLE,
    all_near: bool = option("--all-near", "Everybody in the list of near misses."),
    reach: "use.rulings.Reach" = _reach,
    kind: str = KIND,
) -> _Whom:
    if all_near == bool(people):
        raise InputError("Say whom: addresses, or --all-near, not both.")
    return _Whom(slug, people, kind, reach)


@command(JSON)
def near_misses(
    how: How,
    slug: str = SLUG,
    reach: "use.rulings.Reach" = _reach,
    kind: str = KIND,
    wants_csv: bool = option("--csv", "Print CSV for a spreadsheet."),
) -> None:
    """List who misses the rule of event SLUG by little, and on whom somebody has ruled. Nothing is changed.

    Example:
      certs near-misses cgmp-2026 --sessions 1 --percent 10
    """
    found = use.rulings.near_misses(how.store, slug, kind, reach)
    if wants_csv and not how.wants_json:
        rows = [(one.person, one.name, one.kind, one.reason) for one in found.near]
        write_csv(("email", "name", "kind", "reason"), rows)
        return
    near, ruled = count(len(found.near), "near miss", "near misses"), count(len(found.ruled), "person", "people")
    how.tell(
        views.near_misses(found),
        (f"{one.person}  {one.name}: {one.reason}" for one in found.near),
        aside=[f"{near} that nobody has ruled on; on {ruled} somebody has ruled (--json lists them)."],
    )


@command(because(_WHY), YES, AS, JSON)
def grant(how: How, whom: _Whom = _whom) -> None:
    """Let the near misses EMAIL... of event SLUG have a certificate all the same, in one decision with its reason.

    Example:
      certs grant cgmp-2026 ana@example.org ben@example.org --reason "power cut in Accra" --as Ana
      certs grant cgmp-2026 --all-near --sessions 0 --percent 5 --reason "within five percent" --as Ana
    """
    _rule(how, Ruled.GRANTED, whom)


@command(because(_WHY), YES, AS, JSON)
def withhold(how: How, whom: _Whom = _whom) -> None:
    """Let EMAIL... of event SLUG have no certificate whatever the rules say, of no kind unless you name one.

    Certificates that are issued stay as they are.

    Example:
      certs withhold cgmp-2026 eve@example.org --reason "two people, one voice" --as Ana
    """
    _rule(how, Ruled.WITHHELD, whom)


@command(because(_WHY), YES, AS, JSON)
def lift(how: How, slug: str = SLUG, people: Words = PEOPLE, kind: str = KIND) -> None:
    """Take back what was granted to EMAIL... of event SLUG or withheld from them: the rules of all kinds decide again.

    Example:
      certs lift cgmp-2026 eve@example.org --reason "two devices, one person" --as Ben
    """
    if not people:
        raise InputError("Say whom: addresses.")
    _rule(how, Ruled.LIFTED, _Whom(slug, people, kind, use.rulings.Reach(None, None)))


def _rule(how: How, ruled: Ruled, whom: _Whom) -> None:
    """Ask, then decide on people; show their decisions as they are then."""
    planned = use.rulings.plan(how.store, whom.slug, ruled, whom.people, whom.kind, whom.reach)
    concerned, kinds = count(len(planned.people), "person", "people"), " and ".join(one.name for one in planned.kinds)
    how.confirm(_QUESTIONS[ruled].format(kind=kinds, title=planned.event.title, people=concerned))
    use.rulings.rule(how.store, planned, how.act())
    ruled_on = {(one.person, one.kind) for one in planned.decisions}
    decisions = [one for one in use.orders.decide(how.store, whom.slug)[1] if (one.person, one.kind) in ruled_on]
    named = [f"{one.person}{f', {one.kind}' if len(planned.kinds) > 1 else ''}: {one.reason}" for one in decisions]
    given_up, certified = len(planned.amendment.given_up), count(len(planned.certified), "of them has", "of them have")
    how.tell(
        views.ruled_on(planned, decisions),
        first(named, _SHOWN, "… and {left} more; --json lists them all."),
        aside=[
            f"Ordered certificates that are given up: {given_up}." if given_up else (),
            f"{certified} a certificate, to which nothing happens." if planned.certified else (),
        ],
    )
