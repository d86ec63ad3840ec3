"""Open questions, and whom their answers could make eligible."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from certs.attendance import QuestionKind, rows_keys
from certs.eligibility.words import count
from certs.model import AskedQuestion, Finding, Join, PersonKey, Severity
from certs.wording import hint, say, say_n
from certs.work.readiness.seen import Seen


def findings(seen: Seen) -> Iterator[Finding]:
    """Yield how many questions are open, and how much hangs on them."""
    if seen.questions:
        yield Finding(
            "questions_open",
            Severity.SAID,
            say(
                "{count} open{at_stake}.",
                count=say_n("{n:,} question is", "{n:,} questions are", len(seen.questions)),
                at_stake=_at_stake(seen),
            ),
            hint("questions", event=seen.event.slug),
        )
    elif seen.waiting:
        said = count(len(seen.waiting), "person waits", "people wait")
        yield Finding(
            "people_waiting",
            Severity.SAID,
            say("{said} for evidence: several people use one address.", said=said),
            hint("questions_all", event=seen.event.slug),
        )


def _at_stake(seen: Seen) -> str:
    """Say how many people the answers concern."""
    gain, waiting, twice = could_earn(seen), len(seen.waiting), _given_twice(seen)
    said = f": answers could make up to {_people(gain)} eligible" if gain else ": no answer could make anybody eligible"
    if waiting:
        said += f"; {_people(waiting)} held back until then"
    if twice:
        said += f"; {_people(twice)} may be given two certificates, one for each address"
    return said


def could_earn(seen: Seen) -> int:
    """Return how many people more would be eligible at most, whatever the answers to the open questions are."""
    if seen.concerned is None:
        return 0
    together, rows, eligible = _together(seen), _rows(seen), seen.concerned.eligible
    gaining: set[PersonKey] = set()
    for person in {*together, *rows}:
        addresses = together.get(person, frozenset({person}))
        earned = seen.concerned.roll.earned_together(addresses, rows.get(person, ()))
        if any(all((address, kind) not in eligible for address in addresses) for kind in earned):
            gaining.add(min(addresses))
    return len(gaining)


def _together(seen: Seen) -> dict[PersonKey, frozenset[PersonKey]]:
    """Return by address all addresses that an answer may make one person, and those alone that are held."""
    found: defaultdict[PersonKey, set[PersonKey]] = defaultdict(set)
    for one in seen.questions:
        if one.kind == QuestionKind.SAME_PERSON:
            alike = {PersonKey(address) for address in one.candidates}
            for address in alike:
                found[address] |= alike
        for person in one.people:
            found[person].add(person)
    return {person: frozenset(addresses) for person, addresses in found.items()}


def _rows(seen: Seen) -> dict[PersonKey, list[Join]]:
    """Return by address the rows without one that may be hers."""
    asked = {(one.session, one.subject, one.rows): one for one in seen.questions if one.kind == QuestionKind.NO_EMAIL}
    found: defaultdict[PersonKey, list[Join]] = defaultdict(list)
    for join in seen.nobodys:
        about = next((asked[key] for key in rows_keys(join) if key in asked), None)
        for candidate in about.candidates if about else ():
            found[PersonKey(candidate)].append(join)
    return found


def _given_twice(seen: Seen) -> int:
    """Return of how many people two addresses would be given a certificate each."""
    doubled = [one for one in seen.questions if one.kind == QuestionKind.SAME_PERSON]
    asked = {candidate for one in doubled for candidate in one.candidates}
    due = {one.person for one in seen.due if one.person in asked} if asked else set[PersonKey]()
    return sum(len(due.intersection(one.candidates)) > 1 for one in doubled)


def concerned(questions: Collection[AskedQuestion]) -> frozenset[PersonKey]:
    """Return everybody whom *questions* name: whom they are about, and whose a row may be."""
    found = {person for one in questions for person in one.people}
    of_addresses = (one for one in questions if one.kind in {QuestionKind.SAME_PERSON, QuestionKind.NO_EMAIL})
    return frozenset(found | {PersonKey(candidate) for one in of_addresses for candidate in one.candidates})


def _people(number: int) -> str:
    return count(number, "person", "people")
