"""Who earned it: the rule, people and why, other rules at a glance; near misses are granted here."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from flask import Blueprint, Response, request, url_for

from certs.eligibility import Shares
from certs.errors import CertsError, ConflictError, InputError
from certs.model import By, Ruled, UserRole
from certs.web.console import notice
from certs.web.console.desk import (
    READERS,
    act,
    allows,
    desk,
    download,
    guard,
    hides_addresses,
    refused,
    see_other,
    worded,
)
from certs.web.console.event import count_anew, exists, screen
from certs.wording import say, say_n
from certs.work import earned, rulings
from certs.work.earned import Rule, Wanted, Which

pages = Blueprint("earned", __name__)
guard(pages)
_MOST_CHOSEN = 1000
_MOST_TABLED = 16
"""Sessions for which a page carries the counts of every rule: half a kilobyte each."""
_MOST_KEPT = 8
"""Events and kinds whose shares stay in memory: 80 kB for 10,000 people and a session."""


@pages.get("/desk/<slug>/earned", endpoint="screen")
@allows(*READERS)
def look(slug: str) -> Response:
    """Show a page of people as they are decided on, and what other rules would give."""
    return _page(slug)


@pages.post("/desk/<slug>/earned/count")
@allows(UserRole.ORGANISER, UserRole.APPROVER)
def count(slug: str) -> Response:
    """Let the decisions be counted anew."""
    count_anew(slug)
    return see_other(url_for("earned.screen", slug=slug))


@pages.post("/desk/<slug>/earned/rule")
@allows(UserRole.ORGANISER)
def rule(slug: str) -> Response:
    """Grant the chosen near misses, or all of them; or withhold a certificate from chosen people."""
    try:
        return _rule(slug, _ruled(request.form.get("ruled", "")))
    except CertsError as error:
        return _page(slug, refused(error), wrong={"reason": worded(error)})


@pages.post("/desk/<slug>/earned/undo")
@allows(UserRole.ORGANISER)
def undo(slug: str) -> Response:
    """Take back what was decided in one act: the rule decides again."""
    register = desk().register
    planned = rulings.plan_to_lift(register, slug, _moment(request.form.get("at", "")))
    rulings.rule(register, planned, act("undone", UserRole.ORGANISER))
    count_anew(slug)
    return notice.done(_back(slug), _said(planned))


@pages.get("/desk/<slug>/earned.csv")
@allows(UserRole.ORGANISER, UserRole.APPROVER)
def table(slug: str) -> Response:
    """Return the people of a filter as CSV."""
    return download(earned.table(desk().register, slug, _wanted()), "text/csv", f"{slug}-{_wanted().which}.csv")


def _rule(slug: str, ruled: Ruled) -> Response:
    """Decide as the form says.

    Raises:
        CertsError: as `rulings` has it; or another number of people is concerned than the form said.
    """
    register, form = desk().register, request.form
    people = _chosen(form.getlist("person"), everybody=form.get("whom") == "all")
    planned = rulings.plan(register, slug, ruled, people, form.get("kind", ""))
    if not people and form.get("expected", "") != str(len(planned.people)):
        raise ConflictError(
            say_n(
                "By now {n:,} person is concerned. Nothing was done: look again.",
                "By now {n:,} people are concerned. Nothing was done: look again.",
                len(planned.people),
            )
        )
    doing = act(form.get("reason", ""), UserRole.ORGANISER)
    rulings.rule(register, planned, doing)
    count_anew(slug)
    way_back = notice.Undo(url_for("earned.undo", slug=slug), {"at": doing.at.isoformat()})
    return notice.done(_back(slug), _said(planned), way_back if ruled is not Ruled.LIFTED else None)


def _chosen(refs: Sequence[str], *, everybody: bool) -> Sequence[str]:
    """Return the addresses behind *refs*; none stands for every near miss.

    Raises:
        InputError: nobody is chosen, or too many.
        NotFoundError: a reference is nobody's.
    """
    if everybody:
        return ()
    if not refs or len(refs) > _MOST_CHOSEN:
        raise InputError(say("Choose the people first."))
    return [desk().register.links.person(ref) for ref in refs]


def _back(slug: str) -> str:
    """Return the page that the form was on: a person's, or the list."""
    ref, which = request.form.get("from", ""), request.form.get("which", "")
    if ref.isalnum():
        return url_for("people.screen", slug=slug, ref=ref)
    return url_for("earned.screen", slug=slug, which=which if which in set(Which) else None)


def _said(planned: rulings.Plan) -> str:
    people = len(planned.people)
    if planned.ruled is Ruled.GRANTED:
        return say_n(
            "{n:,} person may have a certificate now. The reason stands in each decision.",
            "{n:,} people may have a certificate now. The reason stands in each decision.",
            people,
        )
    if planned.ruled is Ruled.WITHHELD:
        return say_n(
            "{n:,} person gets no certificate, whatever the rule says.",
            "{n:,} people get no certificate, whatever the rule says.",
            people,
        )
    return say_n("For {n:,} person the rule decides again.", "For {n:,} people the rule decides again.", people)


def _ruled(typed: str) -> Ruled:
    if typed not in set(Ruled):
        raise InputError(say("Say what to decide: granted, withheld or lifted."))
    return Ruled(typed)


def _moment(typed: str) -> datetime:
    try:
        return datetime.fromisoformat(typed)
    except ValueError:
        raise InputError(say("This is no moment.")) from None


def _wanted() -> Wanted:
    """Return what the address asks for; what it says wrongly counts as not said."""
    asked = request.values
    which, by = asked.get("which", ""), asked.get("by", "")
    return Wanted(
        Which(which) if which in set(Which) else Which.ALL,
        asked.get("kind", ""),
        asked.get("search", "").strip()[:100],
        By(by) if by in set(By) else By.NAME,
        request.args.get("after", ""),
    )


def _also() -> Rule | None:
    """Return the rule that the address asks about.

    Raises:
        InputError: it is none.
    """
    sessions, percent = request.args.get("sessions", ""), request.args.get("percent", "")
    if not sessions and not percent:
        return None
    if not (sessions.isdecimal() and percent.isdecimal() and len(sessions + percent) < 7 and int(percent) <= 100):
        raise InputError(say("Give whole numbers: of sessions from 1 on, and of percent up to 100."))
    return Rule(int(sessions), Fraction(int(percent), 100))


def _shares(found: earned.Earned) -> Shares:
    """Return what other rules are counted from, counted once as long as nothing changes."""
    known, key = desk().shares, (found.event.slug, found.kind.name, found.as_of)
    if key not in known:
        if len(known) >= _MOST_KEPT:
            known.clear()
        known[key] = earned.shares(desk().register, found)
    return known[key]


def _page(slug: str, status: int = 200, **values: object) -> Response:
    register, shown = desk().register, {"wrong": {}, **values}
    if not earned.is_counted(register, slug):
        return screen("earned-none.html", slug, "earned", status, **shown)
    found, also = earned.look(register, slug, _wanted()), None
    in_all = len(found.event.sessions)
    shown["every"] = earned.table_of(_shares(found), in_all) if found.rule and in_all <= _MOST_TABLED else None
    try:
        also = _also()
        glance, would = earned.glance(_shares(found), found, also)
    except InputError as error:
        also, status, shown["wrong"] = None, 400, {"sessions": worded(error)}
        glance, would = earned.glance(_shares(found), found)
    issue_page = url_for("issue.screen", slug=slug) if exists("issue.screen") else ""
    form, masked = request.form, hides_addresses(slug)
    return screen(
        "earned.html", slug, "earned", status,
        found=found, glance=glance, also=also, would=would, form=form, masked=masked, issue_page=issue_page, **shown,
    )  # fmt: skip
