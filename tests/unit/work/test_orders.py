import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from certs.db import audit
from certs.db.store import Store
from certs.errors import ConflictError, DeniedError, InputError
from certs.ground import number
from certs.model import Approval, Finding, SessionId
from certs.work import counts, orders, planning, readiness
from tests.register import AUCKLAND, EVENT, act, draft, ordered, people, received


@pytest.fixture
def imported(store: Store) -> Store:
    """Return a register where three people attended."""
    store.events.add(EVENT, AUCKLAND, act())
    store.imports.add(EVENT.slug, [received(people=people(3))], act())
    return store


def test_an_order_freezes_what_was_decided(imported: Store) -> None:
    """Hours in quarters, sessions attended, and the day where the event is at home."""
    planned = orders.plan(imported, EVENT.slug)
    batch = orders.place(imported, planned, act(), demo=False)
    found = imported.batches.get(batch)
    sheet = imported.sheets.claim(batch, "t", act().at, act().at)
    assert sheet is not None
    assert found.issued_on == date(2026, 11, 23)  # in Auckland it is tomorrow
    assert {one.quarter_hours for one in sheet.everyone} == {8}
    assert {one.attended for one in sheet.everyone} == {frozenset({SessionId("1")})}
    assert found.facts.first_day == date(2026, 10, 6)


def test_what_a_plan_finds_is_worked_out_once_for_a_moment(imported: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was shown is what the order is judged by; at another moment it is looked at anew."""
    asked: list[datetime] = []

    def findings(_: readiness.Seen, now: datetime) -> list[Finding]:
        asked.append(now)
        return []

    monkeypatch.setattr(readiness, "findings", findings)
    planned, by = orders.plan(imported, EVENT.slug), act()
    later = by.at + timedelta(days=1)
    assert planned.findings(by.at) == planned.findings(by.at)
    orders.place(imported, planned, by, demo=False)
    planned.findings(later)
    assert asked == [by.at, later]


def test_a_second_order_covers_nobody(imported: Store) -> None:
    """Whoever has one, ordered or issued, is left out."""
    orders.place(imported, orders.plan(imported, EVENT.slug), act(), demo=False)
    again = orders.plan(imported, EVENT.slug)
    assert not again.decisions
    with pytest.raises(InputError, match="nothing to order"):
        orders.place(imported, again, act(), demo=False)


def test_two_orders_at_once_make_one(imported: Store) -> None:
    """The slower is told and changes nothing."""
    first, second = orders.plan(imported, EVENT.slug), orders.plan(imported, EVENT.slug)
    orders.place(imported, first, act(), demo=False)
    with pytest.raises(ConflictError):
        orders.place(imported, second, act(), demo=False)
    assert len(imported.batches.of_event(EVENT.slug)) == 1


def test_a_kind_that_the_event_does_not_have_is_refused(imported: Store) -> None:
    """And those it has are named."""
    with pytest.raises(InputError, match="it has attendance"):
        orders.plan(imported, EVENT.slug, "speaker")


def test_the_orderer_cannot_approve_where_two_people_are_demanded(store: Store) -> None:
    """Somebody else can, once."""
    batch = ordered(store, [draft("ana")], Approval.TWO)
    with pytest.raises(DeniedError, match="somebody else"):
        orders.approve(store, batch, act("ana"))
    assert orders.approve(store, batch, act("ben")).approved_by == "ben"
    with pytest.raises(ConflictError, match="approved already, by ben"):
        orders.approve(store, batch, act("cy"))


@pytest.mark.parametrize("typed", ["ANA", " Ana ", "ana\u200b", "Ána"])
def test_the_orderer_cannot_approve_under_another_spelling_of_her_name(store: Store, typed: str) -> None:
    """Capital letters, spaces and what cannot be seen make no second person."""
    batch = ordered(store, [draft("ana")], Approval.TWO)
    with pytest.raises(DeniedError, match="somebody else"):
        orders.approve(store, batch, act(typed))


def test_one_person_may_do_both_where_the_event_allows(store: Store) -> None:
    """Approval = "one"."""
    batch = ordered(store, [draft("ana")])
    assert orders.approve(store, batch, act("ana")).approved_by == "ana"


def test_a_big_group_is_shared_among_plates_of_nearly_equal_size() -> None:
    """None over a thousand names, and several even for some hundreds, so that cores share the work."""
    drafts = [replace(draft(one), name="Ana") for one in people(1100)]
    sizes = _sizes([one.plate for one in orders.with_plates(drafts)])
    assert sizes == {"latin/1": 275, "latin/2": 275, "latin/3": 275, "latin/4": 275}


def test_a_plate_never_has_more_than_five_hundred() -> None:
    """However big the batch."""
    one = replace(draft("ana"), name="Ana")
    assert max(_sizes([d.plate for d in orders.with_plates([one] * 9001)]).values()) <= 500


def _sizes(plates: list[str]) -> dict[str, int]:
    return {plate: plates.count(plate) for plate in plates}


@pytest.mark.parametrize(
    ("name", "country", "language"),
    [
        ("佐藤 花子", "Japan", "ja"),
        ("王小明", "China", "zh-Hans"),
        ("王小明", "Taiwan, Province of China", "zh-Hant"),
        ("王小明", "Hong Kong SAR", "zh-Hant"),
        ("김민준", "Korea, Republic of", "ko"),
        ("王小明", "", ""),
        ("Ana Souza", "Japan", ""),
    ],
)
def test_the_country_chooses_han_forms(name: str, country: str, language: str) -> None:
    """Only for names that have Han characters; without a country nothing is claimed."""
    assert orders.name_language(name, country) == language


@pytest.mark.parametrize(
    ("name", "country", "event_language", "language"),
    [
        ("山田 花子", "", "ja", "ja"),
        ("王小明", "", "zh-TW", "zh-TW"),
        ("王小明", "Atlantis", "zh-Hant", "zh-Hant"),
        ("王小明", "China", "ja", "zh-Hans"),
        ("山田 はなこ", "", "zh-Hans", ""),
        ("김민준", "", "ja", ""),
        ("王小明", "", "en", ""),
        ("Ana Souza", "", "ja", ""),
    ],
)
def test_the_events_language_chooses_han_forms_where_no_country_does(
    name: str, country: str, event_language: str, language: str
) -> None:
    """An export's country comes first; kana and hangul tell by themselves; other languages have no such forms."""
    assert orders.name_language(name, country, event_language) == language


def test_the_events_language_reaches_the_order(store: Store) -> None:
    """Of two in one event, the one whose export names a country keeps that country's forms."""
    store.events.add(EVENT, f'language = "ja"\n{AUCKLAND}', act())
    data = received(people=["hanako@example.org", "ming@example.org"])
    countries = {"hanako@example.org": "", "ming@example.org": "Taiwan"}
    registered = [
        replace(one, name="山田花子" if one.person.startswith("hanako") else "王小明", country=countries[one.person])
        for one in data.registrations
    ]
    joins = [replace(one, name="") for one in data.joins]
    store.imports.add(EVENT.slug, [replace(data, registrations=registered, joins=joins)], act())
    planned = orders.plan(store, EVENT.slug)
    languages = {one.person: one.language for one in planned.decisions if one.language}
    assert languages == {"hanako@example.org": "ja", "ming@example.org": "zh-Hant"}


def test_fresh_numbers_are_valid_and_new(store: Store) -> None:
    """Each with its check digit, none twice."""
    drawn = orders.fresh_numbers(store, 500)
    assert len(set(drawn)) == 500
    assert all(number.parse(one) == one for one in drawn)


@pytest.mark.parametrize("compared", [1, 2, 100_000])
def test_a_number_that_was_drawn_twice_is_ordered_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, compared: int
) -> None:
    """However few are drawn and compared at once."""
    drawn = iter([5, 8, 5, 6, 7, 12])
    monkeypatch.setattr(orders, "_DRAWN", 1)
    monkeypatch.setattr(orders, "_COMPARED", compared)
    monkeypatch.setattr("certs.work.orders.secrets.randbits", lambda _: next(drawn))
    assert orders.fresh_numbers(store, 3) == [number.from_bits(bits) for bits in (6, 7, 12)]


def test_a_batch_is_no_larger_than_it_may_be_and_the_next_has_the_rest(
    imported: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each person in one of them."""
    due = [one.person for one in orders.plan(imported, EVENT.slug).decisions]
    monkeypatch.setattr(planning, "MOST_ORDERED", 1)
    covered: list[str] = []
    for left in (1, 0):
        planned = orders.plan(imported, EVENT.slug)
        assert planned.beyond == left
        orders.place(imported, planned, act(), demo=False)
        covered += [one.person for one in planned.decisions]
    assert covered == due
    assert len(due) == 2
    assert not orders.plan(imported, EVENT.slug).decisions


def test_an_event_too_large_to_be_held_is_refused_with_what_to_do(
    imported: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whatever decides; one person fewer, and it is decided as ever."""
    monkeypatch.setattr(planning, "MOST_PEOPLE", 3)
    assert len(orders.decide(imported, EVENT.slug)[1]) == 3
    monkeypatch.setattr(planning, "MOST_PEOPLE", 2)
    for act_on in (orders.decide, orders.plan, orders.survey):
        with pytest.raises(ConflictError, match=r"More than 2 people .* Split it into events"):
            act_on(imported, EVENT.slug)


def test_an_order_refuses_decisions_that_are_kept_and_do_not_follow_from_the_exports(imported: Store) -> None:
    """Whoever changed them past the program is not believed; they are counted anew, and then it is ordered."""
    counts.refresh(imported, EVENT.slug)
    planned = orders.plan(imported, EVENT.slug)
    with imported.engine.begin() as connection:
        changed = connection.exec_driver_sql("UPDATE decision SET name = 'Somebody Else' WHERE eligible")
        assert changed.rowcount
    with pytest.raises(ConflictError, match=r"kept 2 people earned attendance, by the exports 2, or something else"):
        orders.place(imported, planned, act(), demo=False)
    assert imported.decisions.kept(EVENT.slug) == ""
    assert imported.batches.of_event(EVENT.slug) == []
    assert orders.place(imported, orders.plan(imported, EVENT.slug), act(), demo=False)


def test_an_order_that_lies_in_a_file_is_the_same(imported: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With as many people as memory should not hold, the same certificates are ordered, by address."""
    short = [one._asdict() for one in orders.plan(imported, EVENT.slug).decisions]
    monkeypatch.setattr("certs.ground.spool._FEW", 0)
    planned = orders.plan(imported, EVENT.slug)
    assert [one._asdict() for one in planned.decisions] == short != []
    batch = orders.place(imported, planned, act(), demo=False)
    ordered = [one.person for one in imported.batches.members(batch)]
    assert ordered == [one["person"] for one in short] == sorted(ordered)


def test_the_trail_names_every_number_however_few_are_stored_at_once(
    imported: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one list, in an entry with the same digest as any, however long it is."""
    monkeypatch.setattr("certs.db.orders._TOGETHER", 1)
    monkeypatch.setattr("certs.db.audit._LONG", 1)
    batch = orders.place(imported, orders.plan(imported, EVENT.slug), act(), demo=False)
    (entry,) = [one for one in imported.trail.entries() if one.act == "batch.order"]
    numbers = [one.statement.number for one in imported.batches.members(batch)]
    said = json.loads(entry.new)
    assert len(bytes.fromhex(said.pop("stated"))) == 32
    assert said == {"kind": "attendance", "count": 2, "numbers": numbers}
    monkeypatch.undo()
    assert audit.first_broken(audit.entries(imported.engine)) is None


@pytest.mark.parametrize("most", [1, 2, 5])
def test_a_long_entry_has_the_digest_of_any(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Whatever characters stand where it is cut."""
    fields = (7, "batch.order", '{"name":"Zoë \\ \u2028 王😀"}\n\x00', "")
    short = audit.digest(fields)
    monkeypatch.setattr(audit, "_LONG", most)
    assert audit.digest(fields) == short
