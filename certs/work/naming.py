"""Names before issue: what to look at in them, and what somebody says to print instead.

A name that is said is an answer to the question what somebody is called, whether the files raise it or not. So it is
remembered, survives whatever is imported later, and stands in the trail. What is ordered under another name and not
issued is given up; what is issued stays, and is corrected by `correct`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from certs import attendance, eligibility, pdf
from certs.attendance import Question, QuestionKind
from certs.errors import InputError, Problem
from certs.ground import address, names
from certs.ground.number import from_bits
from certs.model import Act, AskedQuestion, CertificateState, Event, PersonKey, Placed, Statement
from certs.ports import Store
from certs.wording import hint, say
from certs.work import orders, questions, rehearsal, sheet

COLUMNS = {"email": ("e-mail", "address"), "name": ("new name",), "now": (), "why": (), "suggestion": ()}
"""Of a table of names, the first two are read; the others are there for whoever fills it in."""


@dataclass(frozen=True, slots=True)
class Look:
    """A name that somebody should look at: why, and what it might be instead."""

    person: PersonKey
    name: str
    reasons: tuple[str, ...]
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody's name before and after, and the certificates that bear another: issued ones stay as they are."""

    person: PersonKey
    before: str
    after: str
    issued: Sequence[Placed]
    given_up: Sequence[Placed]


def looks(people: Mapping[PersonKey, eligibility.Person], faults: Mapping[PersonKey, Sequence[str]]) -> list[Look]:
    """Return whose names to look at among *people*; *faults* says what keeps a name from being printed."""
    called = {key: person.name()[0] for key, person in people.items()}
    times = Counter(map(names.comparable, called.values()))
    found = []
    for key, name in called.items():
        person = people[key]
        reasons = [*faults.get(key, ())]
        if name != person.given:
            reasons += _reasons(name, person.whole())
        if names.comparable(name) and times[names.comparable(name)] > 1:
            reasons.append("is the name of several addresses")
        if not reasons and " " not in name and name.isascii() and name != person.given:
            reasons.append("is one word")
        if reasons:
            found.append(Look(key, name, tuple(reasons), tuple(names.suggestions(name))))
    return found


def _reasons(name: str, whole: str) -> Iterator[str]:
    """Yield what is odd about a name that stands in a file as *whole*, if something was taken off it."""
    if why := names.why_doubtful(name):
        yield why
    if whole:
        yield f"was “{whole}”: something was taken off"
    if names.without_filler(name) != name:
        yield "has a filler, as forms ask for"
    if names.in_capitals(name):
        yield "is in capitals"
    if names.in_lower_case(name):
        yield "is in lower case"
    if name.endswith((")", "）")):
        yield "ends in parentheses"
    if name.count(",") == 1:
        yield "may have its parts the wrong way round"


def to_look_at(store: Store, slug: str, base_url: str) -> list[Look]:
    """Return whose names to look at, of all who may get a certificate; in the order of their addresses.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    settled, roll = orders.roll_of(store, slug)
    due = {one.person for one in roll.decide(settled.held, settled.rulings) if one.eligible} | set(settled.held)
    people = {key: roll.people[key] for key in sorted(due) if key in roll.people}
    countries = questions.countries(store, slug)
    called = {key: person.name()[0] for key, person in people.items()}
    return looks(people, _faults(roll.event, called, countries, base_url))


def _faults(
    event: Event, called: Mapping[PersonKey, str], countries: Mapping[PersonKey, str], base_url: str
) -> dict[PersonKey, list[str]]:
    """Return what keeps each name from being printed or coded."""
    if not called:
        return {}
    kind = event.kinds[0]
    facts = rehearsal.facts_of(event, kind, demo=False)
    sessions = frozenset(one.id for one in event.sessions)
    stated = {
        from_bits(at): (key, name, orders.name_language(name, countries.get(key, ""), event.language))
        for at, (key, name) in enumerate(called.items())
    }
    statements = [
        Statement(facts, number, kind.name, name, language, sessions, 4, date(2000, 1, 1))
        for number, (_, name, language) in stated.items()
    ]
    found = {stated[n][0]: said for n, said in pdf.unprintable(statements, pdf.Design.of(facts), base_url).items()}
    for key, name in called.items():
        if base_url and (said := rehearsal.name_fault(facts, kind.name, base_url, name)):
            found.setdefault(key, []).append(said)
    return found


def from_sheet(name: str, data: bytes) -> dict[str, str]:
    """Return the names that a table gives, by address as it is written there; rows without a new name are left out.

    Raises:
        InputError: it is no such table, or names somebody twice; says where.
    """
    problems: list[Problem] = []
    found: dict[str, str] = {}
    for row in sheet.read(name, data, COLUMNS):
        email, given = row.cells.get("email", ""), row.cells.get("name", "")
        if not email:
            problems.append(Problem(say("This row has no address."), name, row.line))
        elif given and given != row.cells.get("now") and found.setdefault(email.lower(), given) != given:
            problems.append(Problem(say("{email} has two names in this table.", email=email), name, row.line))
    if problems:
        raise InputError(*problems)
    return found


def without_fillers(looked: Iterable[Look]) -> dict[str, str]:
    """Return the names of which a filler would be dropped, without it."""
    return {str(one.person): short for one in looked if (short := names.without_filler(one.name)) != one.name}


def propose(
    store: Store, slug: str, wanted: Mapping[str, str], base_url: str, *, insist: bool = False
) -> list[Renamed]:
    """Say what giving the people the names *wanted* changes; change nothing.

    With *insist*, take a name that looks like none, too.

    Raises:
        InputError: everything that is wrong with addresses and names.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    _, roll = orders.roll_of(store, slug)
    answers = questions.answers_of(questions.known(store, slug))
    problems: list[Problem] = []
    named: dict[PersonKey, str] = {}
    for email, given in wanted.items():
        key = PersonKey(address.read(email))
        key = answers.merged.get(key, key)
        name = names.typed(given)
        if key not in roll.people:
            problems.append(Problem(say("No import of the event names {email}.", email=email)))
        elif not name:
            problems.append(Problem(say("{email}: say the name to print.", email=email)))
        elif (why := names.why_doubtful(name)) and not insist:
            problems.append(
                Problem(
                    say(
                        "{email}: “{name}” {why}. If it is the name all the same, say {insist}.",
                        email=email,
                        name=name,
                        why=why,
                        insist=hint("insist"),
                    )
                )
            )
        else:
            named[key] = name
    faults = _faults(roll.event, named, questions.countries(store, slug), base_url)
    problems += [Problem(say("{key}: {said}", key=key, said=" ".join(said))) for key, said in faults.items()]
    if problems:
        raise InputError(*problems)
    return [
        one
        for one in _renamed(store, slug, roll, named)
        if one.before != one.after or one.given_up or _unsaid(one, answers)
    ]


def _unsaid(one: Renamed, answers: attendance.Answers) -> bool:
    """Say whether nobody has said that name yet, which only the files have."""
    return answers.names.get(one.person) != one.after and names.doubtful(one.after)


def _renamed(store: Store, slug: str, roll: eligibility.Roll, named: Mapping[PersonKey, str]) -> Iterator[Renamed]:
    placed = [one for one in store.batches.placed(slug) if one.person in named]
    for key, name in named.items():
        other = [one for one in placed if one.person == key and one.name != name]
        issued = [one for one in other if one.state is CertificateState.ISSUED]
        given_up = [one for one in other if one.state is not CertificateState.ISSUED]
        yield Renamed(key, roll.people[key].name()[0], name, issued, given_up)


def rename(store: Store, slug: str, renamed: Sequence[Renamed], act: Act) -> None:
    """Remember the names, all or none; certificates under others that are not issued are given up.

    Raises:
        ConflictError: one of those is being issued at this moment; nothing was changed.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    questions.known(store, slug)
    said = [_asked(one) for one in renamed]
    store.questions.say(slug, said, act, [one.number for each in renamed for one in each.given_up])


def _asked(one: Renamed) -> AskedQuestion:
    """Return the question that the name answers, as if it had been asked."""
    question = Question(
        QuestionKind.NAME,
        one.person,
        say("“{before}” ({person}): what is the person's name?", before=one.before, person=one.person),
    )
    return AskedQuestion(
        id=question.id,
        kind=question.kind.value,
        subject=question.subject,
        text=question.text,
        session=None,
        candidates=(one.before,),
        assumed="",
        evidence=(),
        people=frozenset({one.person}),
        answer=one.after,
        open=False,
    )
