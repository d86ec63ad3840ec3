from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from certs import eligibility
from certs.db.store import Store
from certs.errors import ConflictError, DeniedError, InputError
from certs.model import Decision, Interval, Join, PersonKey, Ruled, SessionId
from certs.work import corrections, imports, orders, questions, rulings
from certs.work.rulings import Reach
from tests.register import AUCKLAND, EVENT, LATER, NOW, RING, act, finished, received

ANA, BEN, CY, DOT = (f"{name}@example.org" for name in ("ana", "ben", "cy", "dot"))
STRICT = AUCKLAND.replace("sessions = 1", "sessions = 2")
WHY = act(reason="power cut in Accra")


def join(person: str, session: int, minutes: int, line: int) -> Join:
    """Return a join of *minutes* from the beginning of a window of two hours."""
    start = EVENT.sessions[session - 1].window.start
    there = Interval(start, start + timedelta(minutes=minutes))
    return Join(SessionId(str(session)), PersonKey(person), there, line, "Nele Noor")


@pytest.fixture
def imported(store: Store) -> Store:
    """Return a register where Ana was at both sessions, Ben at one, Cy at one and 55 of 120 minutes, Dot at none."""
    joins = [join(ANA, 1, 120, 2), join(ANA, 2, 120, 3), join(BEN, 1, 60, 4), join(CY, 1, 60, 5), join(CY, 2, 55, 6)]
    imports.add_event(store, STRICT, "event.toml", act())
    joins.append(join(DOT, 1, 1, 7))
    store.imports.add(EVENT.slug, [replace(received(), joins=joins, registrations=[])], act())
    return store


def decided(store: Store, person: str) -> Decision:
    return next(one for one in orders.decide(store, EVENT.slug)[1] if one.person == person)


def ruled(store: Store, how: Ruled, *people: str, reach: Reach = rulings.AS_THE_EVENT_SAYS) -> None:
    rulings.rule(store, rulings.plan(store, EVENT.slug, how, people, reach=reach), WHY)


@pytest.mark.parametrize(
    ("reach", "near"),
    [
        (Reach(), {BEN, CY}),
        (Reach(sessions=0), {CY}),
        (Reach(sessions=0, percent=5), set()),
        (Reach(sessions=2), {BEN, CY}),
        (Reach(percent=0), {BEN, CY}),
    ],
)
def test_the_list_reaches_as_far_as_asked(imported: Store, reach: Reach, near: set[str]) -> None:
    """Within a session, or ten percent of a threshold, unless options say otherwise."""
    assert {one.person for one in rulings.near_misses(imported, EVENT.slug, reach=reach).near} == near


def test_one_decision_covers_many(imported: Store) -> None:
    """No address means everybody near; who decided, when and why stands in each sentence."""
    ruled(imported, Ruled.GRANTED)
    assert {one.person for one in orders.plan(imported, EVENT.slug).decisions} == {ANA, BEN, CY}
    decision = decided(imported, BEN)
    assert decision.reason == (
        "1 of 2 sessions needed: absent on 8 Oct; granted by ana on 22 Nov 2026: power cut in Accra."
    )
    assert (decision.eligible, decision.by_rule, decision.near_miss) == (True, False, False)
    found = rulings.near_misses(imported, EVENT.slug)
    assert (found.near, {one.person for one in found.ruled}) == ([], {BEN, CY})


def test_a_granted_certificate_does_not_contradict_itself(imported: Store) -> None:
    """Its criteria say that near misses are in the batch, also when it is corrected; those of others do not."""
    ruled(imported, Ruled.GRANTED, BEN)
    planned = orders.plan(imported, EVENT.slug)
    assert planned.granted == 1
    batch = orders.place(imported, planned, act(), demo=False)
    assert imported.batches.get(batch).facts.criteria.endswith(eligibility.BY_GRANT)
    sheet = imported.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    imported.sheets.store(sheet, finished(sheet), act())
    wanted = [corrections.Wanted(next(iter(sheet.todo)), corrections.Changes("Ben B", event_anew=True))]
    (anew,) = corrections.place(imported, corrections.propose(imported, RING, wanted), WHY, demo=False)
    assert imported.batches.get(anew).facts.criteria.endswith(eligibility.BY_GRANT)
    assert imported.batches.decisions(EVENT.slug, PersonKey(ANA))[-1].reason.startswith("In place of ")


def test_without_a_grant_the_criteria_are_the_rule_alone(imported: Store) -> None:
    batch = orders.place(imported, orders.plan(imported, EVENT.slug), act(), demo=False)
    assert not imported.batches.get(batch).facts.criteria.endswith(eligibility.BY_GRANT)


def test_two_people_still_approve(imported: Store) -> None:
    """Whoever granted and ordered cannot approve."""
    imports.add_event(imported, STRICT.replace("[rule]", 'approval = "two"\n[rule]'), "event.toml", act())
    ruled(imported, Ruled.GRANTED, BEN)
    batch = orders.place(imported, orders.plan(imported, EVENT.slug), act("ana"), demo=False)
    with pytest.raises(DeniedError):
        orders.approve(imported, batch, act("ana"))
    assert orders.approve(imported, batch, act("ben")).approved_by == "ben"


def test_a_corrected_file_that_makes_the_grant_needless_shows(imported: Store) -> None:
    """She is eligible by the rule, and the sentence still tells of the grant."""
    ruled(imported, Ruled.GRANTED, BEN)
    more = replace(received("b.csv", b"b"), joins=[join(BEN, 2, 120, 2)], registrations=[])
    imported.imports.add(EVENT.slug, [more], act())
    decision = decided(imported, BEN)
    assert decision.by_rule
    assert decision.reason.startswith("2 sessions attended, 2 needed; granted by ana on 22 Nov 2026 before that: ")
    assert orders.plan(imported, EVENT.slug).granted == 0


def test_a_grant_on_other_figures_says_so(imported: Store) -> None:
    """The files changed since, and she is short still."""
    ruled(imported, Ruled.GRANTED, CY)
    more = replace(received("b.csv", b"b"), joins=[join(CY, 2, 58, 2)], registrations=[])
    imported.imports.add(EVENT.slug, [more], act())
    decision = decided(imported, CY)
    assert decision.eligible
    assert "48 % of the window on 8 Oct; granted by ana on 22 Nov 2026 on other figures: " in decision.reason


def test_under_another_rule_somebody_has_to_decide_again(imported: Store) -> None:
    """What was granted under one rule is not granted under a stricter one."""
    ruled(imported, Ruled.GRANTED, CY)
    ruled(imported, Ruled.WITHHELD, ANA)
    imports.add_event(imported, STRICT.replace("share = 0.5", "share = 0.48"), "event.toml", act())
    assert not decided(imported, CY).eligible
    assert "granted by ana on 22 Nov 2026 under another rule, which does not count: " in decided(imported, CY).reason
    assert decided(imported, ANA).eligible
    assert CY in {one.person for one in rulings.near_misses(imported, EVENT.slug).near}
    assert orders.place(imported, orders.plan(imported, EVENT.slug), act(), demo=False)
    ruled(imported, Ruled.GRANTED, CY)
    assert decided(imported, CY).eligible


def test_a_corrected_title_is_no_other_rule(imported: Store) -> None:
    """Nor is a share written otherwise."""
    ruled(imported, Ruled.GRANTED, CY)
    text = STRICT.replace('"Session 1"', '"Session one"').replace("share = 0.5", "share = 0.50")
    imports.add_event(imported, text, "event.toml", act())
    assert decided(imported, CY).eligible


def test_withheld_from_who_is_eligible(imported: Store) -> None:
    """Until somebody lifts it; a certificate that was issued stays."""
    batch = orders.place(imported, orders.plan(imported, EVENT.slug), act(), demo=False)
    sheet = imported.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    imported.sheets.store(sheet, finished(sheet), act())
    planned = rulings.plan(imported, EVENT.slug, Ruled.WITHHELD, [ANA])
    assert planned.certified == {ANA}
    rulings.rule(imported, planned, WHY)
    assert not decided(imported, ANA).eligible
    assert decided(imported, ANA).reason.startswith("2 sessions attended, 2 needed; withheld by ana on 22 Nov 2026: ")
    assert imported.batches.certified(EVENT.slug, "attendance") == {ANA}
    ruled(imported, Ruled.LIFTED, ANA)
    assert decided(imported, ANA).reason == "2 sessions attended, 2 needed."


@pytest.mark.parametrize(("first", "then"), [((), Ruled.WITHHELD), ((Ruled.GRANTED,), Ruled.LIFTED)])
def test_what_is_only_ordered_is_given_up(imported: Store, first: Sequence[Ruled], then: Ruled) -> None:
    """Nobody issues what is known to be wrong; what others ordered stays."""
    person = BEN if first else ANA
    for how in first:
        ruled(imported, how, person)
    orders.place(imported, orders.plan(imported, EVENT.slug), act(), demo=False)
    before = {one.person for one in imported.batches.placed(EVENT.slug)}
    ruled(imported, then, person)
    assert before - {one.person for one in imported.batches.placed(EVENT.slug)} == {person}


def test_lifting_a_grant_that_became_needless_gives_nothing_up(imported: Store) -> None:
    """She earned it meanwhile."""
    ruled(imported, Ruled.GRANTED, BEN)
    more = replace(received("b.csv", b"b"), joins=[join(BEN, 2, 120, 2)], registrations=[])
    imported.imports.add(EVENT.slug, [more], act())
    orders.place(imported, orders.plan(imported, EVENT.slug), act(), demo=False)
    ruled(imported, Ruled.LIFTED, BEN)
    assert BEN in {one.person for one in imported.batches.placed(EVENT.slug)}


def test_what_changed_since_it_was_planned_is_not_ruled_on(imported: Store) -> None:
    """Somebody ordered meanwhile: what was shown is not what would be done."""
    planned = rulings.plan(imported, EVENT.slug, Ruled.WITHHELD, [ANA])
    orders.place(imported, orders.plan(imported, EVENT.slug), act(), demo=False)
    with pytest.raises(ConflictError, match="Look, then try again"):
        rulings.rule(imported, planned, WHY)
    assert imported.rulings.all(EVENT.slug) == []


def test_the_newest_ruling_counts(imported: Store) -> None:
    """Withheld, then granted, then lifted."""
    for how, eligible in ((Ruled.WITHHELD, False), (Ruled.GRANTED, True), (Ruled.LIFTED, False)):
        ruled(imported, how, BEN)
        assert decided(imported, BEN).eligible is eligible
    assert len(imported.rulings.all(EVENT.slug)) == 3


def test_an_order_planned_before_a_ruling_is_refused(imported: Store) -> None:
    """Ana was eligible when it was planned."""
    planned = orders.plan(imported, EVENT.slug)
    ruled(imported, Ruled.WITHHELD, ANA)
    with pytest.raises(ConflictError, match="Look, then try again"):
        orders.place(imported, planned, act(), demo=False)


@pytest.mark.parametrize(
    ("how", "person", "says"),
    [
        (Ruled.GRANTED, ANA, "eligible by the rule, there is nothing to grant. 2 sessions attended"),
        (Ruled.GRANTED, DOT, "no near miss: 0 of 2 sessions needed"),
        (Ruled.GRANTED, "benn@example.org", "Did you mean ben@example.org?"),
        (Ruled.GRANTED, "x@y.net", "no import of the event names this person."),
        (Ruled.LIFTED, ANA, "nobody granted or withheld"),
    ],
)
def test_who_cannot_be_ruled_on_so(imported: Store, how: Ruled, person: str, says: str) -> None:
    """Each with the reason, and the others named with her are not ruled on either."""
    with pytest.raises(InputError) as refused:
        rulings.plan(imported, EVENT.slug, how, [BEN, person])
    assert says in str(refused.value)


def test_wider_reach_is_said_explicitly(imported: Store) -> None:
    """Nobody far from the rule is granted anything by accident."""
    with pytest.raises(InputError, match="Widen with more"):
        ruled(imported, Ruled.GRANTED, BEN, reach=Reach(sessions=0))
    ruled(imported, Ruled.GRANTED, BEN, reach=Reach(sessions=1))
    assert decided(imported, BEN).eligible


def test_a_ruling_is_made_once_and_with_a_reason(imported: Store) -> None:
    ruled(imported, Ruled.GRANTED, BEN)
    with pytest.raises(InputError, match="granted already, by ana"):
        rulings.plan(imported, EVENT.slug, Ruled.GRANTED, [BEN])
    for reason, says in ((" ", "a reason"), ("x" * 201, "200 characters")):
        with pytest.raises(InputError, match=says):
            rulings.rule(imported, rulings.plan(imported, EVENT.slug, Ruled.GRANTED, [CY]), act(reason=reason))


def test_nobody_near_is_said(imported: Store) -> None:
    with pytest.raises(InputError, match="no near miss"):
        rulings.plan(imported, EVENT.slug, Ruled.GRANTED, [], reach=Reach(0, 0))


def test_a_question_goes_before_any_ruling(imported: Store) -> None:
    """Who waits for an answer waits."""
    more = [replace(join(BEN, 1, 60, line), name=name) for line, name in ((2, "Ben Okri"), (3, "Kwame Mensah"))]
    ruled(imported, Ruled.GRANTED, BEN)
    imported.imports.add(EVENT.slug, [replace(received("b.csv", b"b"), joins=more, registrations=[])], act())
    questions.ask(imported, EVENT.slug)
    assert decided(imported, BEN).reason.startswith("Held: ")
    with pytest.raises(InputError, match="waits for an answer"):
        rulings.plan(imported, EVENT.slug, Ruled.WITHHELD, [BEN])


KINDS = STRICT.replace("[[sessions]]", "[kinds.presence]\nrule = { minutes = 30 }\n[[sessions]]", 1)


@pytest.fixture
def two_kinds(imported: Store) -> Store:
    """Return the register with a further kind, which all of them earn."""
    imports.add_event(imported, KINDS, "event.toml", act())
    return imported


def eligible(store: Store, person: str) -> list[str]:
    """Return the kinds that *person* is eligible for."""
    _, decisions = orders.decide(store, EVENT.slug)
    return [one.kind for one in decisions if one.person == person and one.eligible]


def test_withheld_is_every_kind(two_kinds: Store) -> None:
    """Whoever shared a voice with another gets nothing by another door; lifting gives back all of it."""
    assert eligible(two_kinds, ANA) == ["attendance", "presence"]
    planned = rulings.plan(two_kinds, EVENT.slug, Ruled.WITHHELD, [ANA])
    assert ([kind.name for kind in planned.kinds], planned.people) == (["attendance", "presence"], {ANA})
    rulings.rule(two_kinds, planned, WHY)
    assert eligible(two_kinds, ANA) == []
    rulings.rule(two_kinds, rulings.plan(two_kinds, EVENT.slug, Ruled.LIFTED, [ANA]), WHY)
    assert eligible(two_kinds, ANA) == ["attendance", "presence"]


def test_withheld_is_one_kind_where_it_is_named(two_kinds: Store) -> None:
    """The rest can be withheld afterwards, and only the rest is."""
    rulings.rule(two_kinds, rulings.plan(two_kinds, EVENT.slug, Ruled.WITHHELD, [ANA], "presence"), WHY)
    assert eligible(two_kinds, ANA) == ["attendance"]
    rest = rulings.plan(two_kinds, EVENT.slug, Ruled.WITHHELD, [ANA])
    assert [one.kind for one in rest.decisions] == ["attendance"]
    rulings.rule(two_kinds, rest, WHY)
    with pytest.raises(InputError, match="withheld already, by ana"):
        rulings.plan(two_kinds, EVENT.slug, Ruled.WITHHELD, [ANA])
    rulings.rule(two_kinds, rulings.plan(two_kinds, EVENT.slug, Ruled.LIFTED, [ANA], "presence"), WHY)
    assert eligible(two_kinds, ANA) == ["presence"]


def test_what_is_ordered_of_every_kind_is_given_up(two_kinds: Store) -> None:
    """Not what is ordered for others."""
    batches = [
        orders.place(two_kinds, orders.plan(two_kinds, EVENT.slug, kind), act(), demo=False)
        for kind in ("", "presence")
    ]
    planned = rulings.plan(two_kinds, EVENT.slug, Ruled.WITHHELD, [ANA])
    assert len(planned.amendment.given_up) == 2
    rulings.rule(two_kinds, planned, WHY)
    left = [two_kinds.batches.get(batch).remaining for batch in batches]
    assert left == [two_kinds.batches.get(batch).count - 1 for batch in batches]


def test_granted_is_the_first_kind_alone(two_kinds: Store) -> None:
    """To grant is to look at one rule."""
    planned = rulings.plan(two_kinds, EVENT.slug, Ruled.GRANTED, [BEN])
    assert [one.kind for one in planned.decisions] == ["attendance"]
