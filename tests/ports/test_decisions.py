"""Decisions are kept until what they rest on changes, and come a page at a time; in memory and in both databases."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from certs.db import records
from certs.db.store import Store
from certs.errors import InputError, NotFoundError
from certs.model import (
    Basis,
    By,
    Decision,
    Finding,
    Mark,
    PersonKey,
    Portion,
    Ruled,
    SessionId,
    Severity,
    Sought,
    Tally,
    Totals,
)
from certs.ports import Decisions
from certs.wording import Voice, facts_in, hint, joined, say, say_n
from tests import postgres
from tests.memory import MemoryDecisions
from tests.ports.conftest import opened
from tests.register import EVENT, NOW, act, evidence, granted, joins_of, people, received

_serial = count(1)
SLUG, KIND = EVENT.slug, EVENT.kinds[0].name
NAMES = ("Ana Souza", "Łukasz Żak", "zoë Alm", "", "Ørjan Å_b", "100% Ali", "İpek Işık", "Émile Zola", "奥田 直子")


def decision(place: int, name: str) -> Decision:
    """Return what was decided on the person at *place*; every third is eligible, every second of the others near."""
    tally = Tally(600 * (place % 4) + 60, 600 * (place % 4), 2, 1, Basis.STATED if place % 2 else Basis.TIMES)
    return Decision(
        person=PersonKey(f"p{place:03}@example.org"),
        name=name,
        eligible=place % 3 == 0,
        reason=f"{place} of 8.",
        near_miss=place % 3 == 1,
        tallies={SessionId("1"): tally} if place % 5 else {},
        attended=frozenset({SessionId("1")}) if place % 3 == 0 else frozenset(),
        kind=KIND,
        name_certain=place % 2 == 0,
        by_rule=place % 3 == 0,
    )


EVERYBODY = [decision(place, NAMES[place % len(NAMES)]) for place in range(40)]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Decisions]:
    """Yield everybody's decisions kept, without a database and in each."""
    if request.param == "memory":
        memory = MemoryDecisions(SLUG)
        assert memory.keep(SLUG, memory.as_of(SLUG), iter(EVERYBODY))
        yield memory
        return
    url = f"sqlite:///{tmp_path / 'certs.db'}"
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), tmp_path / "certs.db")
    else:
        cluster: postgres.Cluster = request.getfixturevalue("cluster")
        url = cluster.create(f"kept{next(_serial)}", "migrated")
    engine = opened(url)
    store = Store(engine)
    store.events.add(EVENT, "x", act())
    assert store.decisions.keep(SLUG, store.decisions.as_of(SLUG), iter(EVERYBODY))
    yield store.decisions
    engine.dispose()


def paged(kept: Decisions, sought: Sought, limit: int) -> list[Decision]:
    """Return all pages of *limit* together."""
    found: list[Decision] = []
    after = ""
    while True:
        page = kept.page(SLUG, sought, after, limit)
        assert len(page.items) <= limit
        found += page.items
        if not (after := page.after):
            return found


def test_they_come_back_as_they_were(kept: Decisions) -> None:
    """By address, with every number and word."""
    assert list(kept.all(SLUG, KIND)) == EVERYBODY
    assert list(kept.all(SLUG, "another")) == []
    assert kept.one(SLUG, EVERYBODY[7].person) == [EVERYBODY[7]]
    presence = [one.tallies for one in EVERYBODY if one.tallies]
    assert sorted(map(str, kept.tallies(SLUG, KIND))) == sorted(map(str, presence))


@pytest.mark.parametrize("limit", [1, 7, 39, 40, 41])
@pytest.mark.parametrize("by", list(By))
def test_pages_together_are_the_list(kept: Decisions, by: By, limit: int) -> None:
    """Nobody is missed and nobody comes twice, though many have the same name and the same seconds."""
    found = paged(kept, Sought(KIND, by=by), limit)
    assert sorted(found, key=lambda one: one.person) == EVERYBODY
    if by is By.SECONDS:
        seconds = [sum(tally.seconds_in_window for tally in one.tallies.values()) for one in found]
        assert seconds == sorted(seconds, reverse=True)


def test_names_are_sorted_without_case_and_accents(kept: Decisions) -> None:
    """Who has none comes first, and who has the same comes by address."""
    found = [one.name for one in paged(kept, Sought(KIND, by=By.NAME), 50)]
    assert list(dict.fromkeys(found)) == [
        *("", "100% Ali", "Ana Souza", "Émile Zola", "İpek Işık", "Łukasz Żak", "Ørjan Å_b", "zoë Alm", "奥田 直子")
    ]


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("souza ANA", {"Ana Souza"}),
        ("lukasz zak", {"Łukasz Żak"}),
        ("ZOE", {"zoë Alm"}),
        ("emile", {"Émile Zola"}),
        ("orjan a_b", {"Ørjan Å_b"}),
        ("ipek isik", {"İpek Işık"}),
        ("100%", {"100% Ali"}),
        ("a_z", set()),
        ("a%z", set()),
        ("奥田", {"奥田 直子"}),
        ("nobody", set()),
        ("\\", set()),
        ("'; DROP TABLE decision", set()),
    ],
)
def test_search_sees_through_case_and_accents(kept: Decisions, search: str, names: set[str]) -> None:
    """In both databases alike; signs that mean something to one of them are letters like others."""
    assert {one.name for one in paged(kept, Sought(KIND, search=search), 50)} == names


def test_a_search_finds_addresses(kept: Decisions) -> None:
    (one,) = kept.page(SLUG, Sought(KIND, search="P007@example")).items
    assert one == EVERYBODY[7]


def test_filters_narrow_what_is_sought(kept: Decisions) -> None:
    """Each alone, and together."""
    assert paged(kept, Sought(KIND, eligible=True), 3) == [one for one in EVERYBODY if one.eligible]
    assert paged(kept, Sought(KIND, near_miss=True), 3) == [one for one in EVERYBODY if one.near_miss]
    assert paged(kept, Sought(KIND, eligible=True, near_miss=True), 3) == []
    assert paged(kept, Sought(KIND, ruled=True), 3) == []
    assert paged(kept, Sought(KIND, eligible=False, search="ana"), 3) == [
        one for one in EVERYBODY if not one.eligible and one.name == "Ana Souza"
    ]


@pytest.mark.parametrize("place", ["x", "e30", "WzFd", "WyJhIiwiYiJd", "bnVsbA", "W10", "é"])
def test_a_place_that_is_none_is_refused(kept: Decisions, place: str) -> None:
    """Whether it is no cursor at all or one of another list."""
    with pytest.raises(InputError, match="no place in this list"):
        kept.page(SLUG, Sought(KIND), place)


def test_they_are_counted(kept: Decisions) -> None:
    eligible, near = sum(one.eligible for one in EVERYBODY), sum(one.near_miss for one in EVERYBODY)
    came = sum(bool(one.tallies) for one in EVERYBODY)
    assert kept.totals(SLUG) == Totals(40, came, eligible, near, near, 0, {KIND: eligible})


def test_only_what_is_so_now_is_kept(kept: Decisions) -> None:
    """What was counted before a change replaces nothing."""
    as_of = kept.as_of(SLUG)
    assert kept.kept(SLUG) == as_of
    assert not kept.keep(SLUG, as_of + "0", [])
    assert list(kept.all(SLUG, KIND)) == EVERYBODY
    assert kept.keep(SLUG, as_of, EVERYBODY[:1])
    assert list(kept.all(SLUG, KIND)) == EVERYBODY[:1]


def test_what_is_odd_is_known_until_its_moment(kept: Decisions) -> None:
    """Nothing odd is an answer, too; counting anew forgets it."""
    found = [Finding("stays_long", Severity.SAID, "Long.", "Look.", "1")]
    assert kept.odd(SLUG, NOW) is None
    kept.note_odd(SLUG, kept.as_of(SLUG), found, NOW + timedelta(hours=1))
    assert kept.odd(SLUG, NOW) == found
    assert kept.odd(SLUG, NOW + timedelta(hours=1)) is None
    kept.note_odd(SLUG, kept.as_of(SLUG), [], None)
    assert kept.odd(SLUG, NOW + timedelta(days=9)) == []
    kept.note_odd(SLUG, "of before", found, None)
    assert kept.odd(SLUG, NOW) == []
    kept.keep(SLUG, kept.as_of(SLUG), EVERYBODY)
    assert kept.odd(SLUG, NOW) is None


def test_evidence_and_rulings_come_with_them(store: Store) -> None:
    """As the decision had them: evidence under the address that its person goes by."""
    store.events.add(EVENT, "x", act())
    (id_,) = store.evidence.add(SLUG, [evidence("old@example.org")], act())
    store.rulings.add(SLUG, [granted(EVERYBODY[2].person)], act())
    (ruling,) = store.rulings.all(SLUG)
    (piece,) = store.evidence.all(SLUG)
    vouched = replace(EVERYBODY[1], evidence=(replace(piece, person=EVERYBODY[1].person),))
    ruled = replace(EVERYBODY[2], ruling=ruling, found="0 of 8.", eligible=True)
    assert store.decisions.keep(SLUG, store.decisions.as_of(SLUG), [vouched, ruled])
    assert list(store.decisions.all(SLUG, KIND)) == [vouched, ruled]
    assert (id_, ruling.ruled) == (piece.id, Ruled.GRANTED)
    assert store.decisions.page(SLUG, Sought(KIND, ruled=True)).items == [ruled]


def test_what_is_kept_is_said_by_any_voice(kept: Decisions) -> None:
    """Reasons and oddities keep message, facts and hints; each edge puts its own words for these."""
    loud = Voice("fr", hinting=lambda key, facts: f"<{key} {facts}>")
    reason = say("{count} attended.", count=say_n("{n:,} session", "{n:,} sessions", 1234))
    made = replace(EVERYBODY[0], reason=joined([reason, "Held."]), found=reason)
    odd = Finding("x", Severity.SAID, say("From {at:%H:%M}.", at=NOW), hint("status", event=SLUG), "1", acceptable=True)
    assert kept.keep(SLUG, kept.as_of(SLUG), [made])
    kept.note_odd(SLUG, kept.as_of(SLUG), [odd], None)
    (one,), (noted,) = kept.one(SLUG, made.person), kept.odd(SLUG, NOW) or ()
    assert (one, noted) == (made, odd)
    assert loud.say(one.reason) == loud.say(made.reason) == "1\u202f234 séances attended. Held."
    assert facts_in(one.found) == facts_in(made.found)
    assert (loud.say(noted.text), loud.say(noted.remedy)) == ("From 12:00.", f"<status {{'event': '{SLUG}'}}>")


def test_an_unknown_event_is_named(store: Store) -> None:
    for ask in (lambda: store.decisions.as_of("cgmp"), lambda: store.decisions.page("cgmp", Sought(KIND))):
        with pytest.raises(NotFoundError, match="cgmp"):
            ask()


def test_files_are_read_before_anybody_has_to_wait(store: Store, database_url: str) -> None:
    """While rows are being made somebody else writes, and all rows are stored in their order; on SQLite one writes."""
    other = Store(opened(database_url))
    store.events.add(EVENT, "x", act())
    file = received("a.csv", b"a", people(9))

    def portions() -> Iterator[Portion]:
        for join in file.joins:
            other.events.add(EVENT, f"{join.line}", act())
            yield Portion([join], (), (), (), ())

    store.imports.add(SLUG, [replace(file, joins=(), portions=portions())], act())
    assert joins_of(store, SLUG) == list(file.joins)
    other.engine.dispose()


def test_a_file_that_turns_out_unreadable_changes_nothing(store: Store) -> None:
    """However far it was read."""
    store.events.add(EVENT, "x", act())
    file = received()

    def portions() -> Iterator[Portion]:
        for join in file.joins[:2]:
            yield Portion([join], (), (), (), ())
        raise InputError("row 3 is torn")

    with pytest.raises(InputError, match="torn"):
        store.imports.add(SLUG, [replace(file, portions=portions())], act())
    assert store.imports.listed(SLUG) == []


def test_everybody_comes_in_lists_of_whole_people(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those apart and nobody's rows first; nobody is in two lists, and nothing is lost or comes twice."""
    monkeypatch.setattr(records, "_TOGETHER", 5)
    store.events.add(EVENT, "x", act())
    for name in ("a.csv", "b.csv"):
        file = received(name, name.encode(), people(12))
        marks = [Mark(join.session, join.person, "P", join.line) for join in file.joins]
        unmatched = [replace(join, person=PersonKey("")) for join in file.joins[:2]]
        store.imports.add(SLUG, [replace(file, marks=marks, unmatched=unmatched)], act())
    lists = list(store.imports.by_people(SLUG, [PersonKey("p00004@example.org"), PersonKey("nobody@example.org")]))
    assert {one.person for one in lists[0]} == {"p00004@example.org", ""}
    assert len(lists) > 3
    seen: set[str] = set()
    for some in lists:
        whose = {one.person for one in some}
        assert not whose & seen
        seen |= whose
    together: Sequence[object] = [one for some in lists for one in some]
    everything = [one for _, one in store.imports.records(SLUG)]
    assert sorted(map(str, together)) == sorted(map(str, everything))


@pytest.mark.parametrize(
    "sought",
    [
        Sought(KIND),
        Sought(KIND, eligible=True),
        Sought(KIND, eligible=False, near_miss=True, ruled=False),
        Sought(KIND, eligible=False, near_miss=False, came=True),
        Sought(KIND, came=False),
        Sought(KIND, ruled=True),
        Sought(KIND, search="souza"),
    ],
)
def test_what_is_sought_is_counted_as_it_is_listed(kept: Decisions, sought: Sought) -> None:
    assert kept.count(SLUG, sought) == len(paged(kept, sought, 7))


def test_whoever_never_came_is_told_from_who_came(kept: Decisions) -> None:
    came = {one.person for one in EVERYBODY if one.tallies}
    assert {one.person for one in paged(kept, Sought(KIND, came=True), 9)} == came
    assert kept.count(SLUG, Sought(KIND, came=False)) == len(EVERYBODY) - len(came)


def test_people_are_counted_by_the_sessions_that_count(kept: Decisions) -> None:
    attended = [len(one.attended) for one in EVERYBODY]
    assert dict(kept.attended(SLUG, KIND)) == {number: attended.count(number) for number in set(attended)}


def test_what_certificates_would_state_is_told_of_those_who_earned_them(kept: Decisions) -> None:
    """By the numbers of the decisions themselves."""
    found = {one.person: one for one in kept.entitled(SLUG, KIND)}
    eligible = [one for one in EVERYBODY if one.eligible]
    assert found.keys() == {one.person for one in eligible}
    for one in eligible:
        told = found[one.person]
        assert (told.name, told.attended, told.evidence, told.ruling) == (one.name, one.attended, (), 0)
        assert told.seconds == sum(tally.seconds_in_window for tally in one.tallies.values())


def test_who_earned_a_kind_is_known_by_address(kept: Decisions) -> None:
    earned = {one.person for one in kept.all(EVENT.slug, "attendance") if one.eligible}
    assert earned
    assert set(kept.earners(EVENT.slug, "attendance")) == earned
    assert list(kept.earners(EVENT.slug, "another")) == []


def test_what_is_forgotten_is_kept_no_more(kept: Decisions) -> None:
    kept.forget(SLUG)
    assert kept.kept(SLUG) == ""
    assert list(kept.all(SLUG, KIND)) == []
