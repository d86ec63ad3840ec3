"""Rules, reasons, near misses and what a corrected import would change."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.eligibility import Account, Row, account, call_roll, canonical, changes, criteria, decide, lines
from certs.model import (
    AllOf,
    AnyOf,
    Basis,
    Decision,
    Event,
    ExtraEvidence,
    Interval,
    Join,
    Kind,
    Mark,
    MinutesRule,
    PercentRule,
    PersonKey,
    Registration,
    RequiredRule,
    Role,
    Rule,
    Session,
    SessionId,
    SessionsRule,
)
from certs.wording import Spoken
from tests.register import EVENT as REGISTERED

DAYS = (6, 8, 13, 15)
HALF = Fraction(1, 2)
ANA = PersonKey("ana@example.org")


def session(number: int, day: int) -> Session:
    """Return a session of 100 minutes, so that a minute is one percent."""
    start = datetime(2026, 10, day, 11, tzinfo=UTC)
    window = Interval(start, start + timedelta(minutes=100))
    return Session(SessionId(str(number)), f"Part {number}", "Europe/Zurich", window)


SESSIONS = tuple(session(number, day) for number, day in enumerate(DAYS, 1))


def event(*kinds: Kind) -> Event:
    """Return an event of four sessions."""
    return Event("e", "Event", SESSIONS, kinds, "Institute")


def joins(seconds: Mapping[int, int], role: Role = Role.ATTENDEE) -> list[Join]:
    """Return Ana's joins: so many seconds from the start of each session, by number."""
    found = []
    for number, length in seconds.items():
        start = SESSIONS[number - 1].window.start
        interval = Interval(start, start + timedelta(seconds=length))
        found.append(Join(SessionId(str(number)), ANA, interval, number, "Ana Roux", role))
    return found


def decided(rule: Rule, seconds: Mapping[int, int]) -> Decision:
    """Decide on Ana."""
    return decide(event(Kind("attendance", "", rule)), joins(seconds))[0]


def test_exactly_half_is_enough_and_a_second_less_is_not() -> None:
    """The threshold belongs to those who reach it; 49.98 % is shown as 49 %."""
    rule = SessionsRule(1, HALF)
    assert decided(rule, {1: 3000}).eligible
    short = decided(rule, {1: 2999})
    assert not short.eligible
    assert "49 % of the window on 6 Oct" in short.reason


def test_reason_of_a_failed_sessions_rule() -> None:
    """Absences and short stays are told by day."""
    decision = decided(SessionsRule(4, HALF), {1: 6000, 2: 6000, 4: 2460})
    assert decision.reason == "2 of 4 sessions needed: absent on 13 Oct; 41 % of the window on 15 Oct."


def test_reason_of_somebody_who_never_came() -> None:
    """She is absent from every session."""
    found = decide(event(Kind("attendance", "", SessionsRule(1, HALF))), [], [Registration(ANA, "Ana", 1)])
    assert [d.reason for d in found] == ["0 of 1 session needed: absent from every session."]
    assert not found[0].near_miss


def test_share_of_zero_is_any_second() -> None:
    """A second before the window counts too."""
    start = SESSIONS[0].window.start
    early = Join(SessionId("1"), ANA, Interval(start - timedelta(seconds=1), start), 1, "Ana")
    assert decide(event(Kind("attendance", "", SessionsRule(1, Fraction(0)))), [early])[0].eligible


def test_percent_is_exact() -> None:
    """75 % of 24,000 seconds are 18,000; one less is not enough, and a near miss."""
    rule = PercentRule(Fraction(75))
    assert decided(rule, {1: 6000, 2: 6000, 3: 6000}).eligible
    short = decided(rule, {1: 6000, 2: 6000, 3: 5999})
    assert (short.eligible, short.near_miss) == (False, True)
    assert short.reason.startswith("74.9 % of the time present, 75 % needed: absent on 15 Oct")


def test_minutes() -> None:
    """Minutes inside all windows together."""
    assert decided(MinutesRule(150), {1: 6000, 2: 3000}).eligible
    assert decided(MinutesRule(151), {1: 6000, 2: 3000}).reason.startswith("150 minutes present, 151 minutes needed")


def test_required_session() -> None:
    """Missing a required session is told, whatever else was attended."""
    rule = AllOf((SessionsRule(2, HALF), RequiredRule((SessionId("4"),), HALF)))
    decision = decided(rule, {1: 6000, 2: 6000})
    assert decision.reason == "1 of 1 required session missed: absent on 15 Oct."
    assert decided(rule, {1: 6000, 4: 6000}).eligible


def test_one_of_several_is_enough() -> None:
    """`any` takes the first that holds, and tells all where none does."""
    rule = AnyOf((PercentRule(Fraction(90)), SessionsRule(2, HALF)))
    assert decided(rule, {1: 3000, 2: 3000}).reason == "2 sessions attended, 2 needed."
    assert decided(rule, {1: 3000}).reason.startswith("None of these: 12.5 % of the time present, 90 % needed")


@pytest.mark.parametrize(
    ("seconds", "near"), [({1: 6000}, False), ({1: 6000, 2: 6000}, True), ({1: 6000, 2: 2700, 3: 2700}, True)]
)
def test_near_miss(seconds: Mapping[int, int], near: bool) -> None:
    """One session short, or short by a tenth of the share, is near."""
    assert decided(SessionsRule(3, HALF), seconds).near_miss is near


def test_kinds_count_the_roles_they_name() -> None:
    """A speaker earns the speaker's certificate by speaking, not by listening."""
    speaker = Kind("speaker", "Contribution", SessionsRule(1, Fraction(0)), frozenset({Role.PANELIST}))
    both = event(Kind("attendance", "", SessionsRule(2, HALF)), speaker)
    spoke = decide(both, [*joins({1: 6000}), *joins({2: 6000}, Role.PANELIST)])
    assert {d.kind: d.eligible for d in spoke} == {"attendance": True, "speaker": True}
    listened = decide(both, joins({1: 6000, 2: 6000}))
    assert {d.kind: d.eligible for d in listened} == {"attendance": True, "speaker": False}


def test_held() -> None:
    """An open question blocks the person it touches."""
    rule = event(Kind("attendance", "", SessionsRule(1, HALF)))
    assert decide(rule, joins({1: 6000}), held={ANA})[0].reason.startswith("Held")
    assert not decide(rule, joins({1: 6000}), held={ANA})[0].eligible


def test_marks_count_as_the_window() -> None:
    """A teacher's P is presence."""
    rule = event(Kind("attendance", "", SessionsRule(1, HALF)))
    assert decide(rule, [], marks=[Mark(SessionId("1"), ANA, "P", 1)])[0].tallies[SessionId("1")].basis is Basis.STATED


def test_registered_name_goes_first() -> None:
    """A list's spelling outranks a table's, a table's the display name."""
    rule = event(Kind("attendance", "", SessionsRule(1, HALF)))
    table = Registration(ANA, "ANA ROUX", 1, listed=False)
    listed = Registration(ANA, "Ana María Roux", 1)
    assert decide(rule, joins({1: 6000}), [table, listed])[0].name == "Ana María Roux"
    assert decide(rule, joins({1: 6000}), [table])[0].name == "ANA ROUX"
    assert decide(rule, joins({1: 6000}))[0].name == "Ana Roux"


def test_criteria() -> None:
    """The rule as the certificate prints it."""
    rule = AllOf((SessionsRule(3, HALF), RequiredRule((SessionId("1"),), HALF)))
    kind = Kind("attendance", "", rule)
    text = "Attended at least 3 of 4 sessions, each for at least 50 % of its scheduled time and attended Part 1"
    assert criteria(event(kind), kind).startswith(text)


def explained(event_: Event, seconds: Mapping[int, int], role: Role = Role.ATTENDEE) -> Account:
    """Return the account of Ana, whose joins came from one file."""
    records = joins(seconds, role)
    decision = decide(event_, records, [Registration(ANA, "Ana Roux", 1)])[0]
    return account(event_, decision, [Row("a.csv", one, True) for one in records], [])


def test_an_account_shows_every_row_and_what_counts_of_it() -> None:
    """File and line, times in the session's zone, union and share, threshold, sum and rule."""
    found = explained(event(Kind("attendance", "", SessionsRule(2, HALF))), {1: 2999, 2: 6600})
    text = list(lines(found))
    assert text[0] == "Ana Roux <ana@example.org>, attendance: not eligible"
    assert text[2:8] == [
        "Session 1, Part 1: window 2026-10-06 13:00 to 14:40 Europe/Zurich, 6,000 seconds",
        "  a.csv:1  2026-10-06 13:00:00 to 13:49:59, 2,999 seconds as attendee",
        "  = 2,999 seconds in 1 stretch, by times; 2,999 in the window (49.9 %), 3,000 needed: does not count",
        "Session 2, Part 2: window 2026-10-08 13:00 to 14:40 Europe/Zurich, 6,000 seconds",
        "  a.csv:2  2026-10-08 13:00:00 to 14:50:00, 6,600 seconds as attendee",
        "  = 6,600 seconds in 1 stretch, by times; 6,000 in the window (100 %), 3,000 needed: counts",
    ]
    assert text[9] == "  absent"
    assert "All windows together: 8,999 of 24,000 seconds (37.4 %)" in text
    assert text[-2].startswith("  no  attended at least 2 of 4 sessions")
    assert text[-2].endswith(": 1 of 2 sessions")
    assert text[-1] == "Near miss: within 1 session or 10 % of a threshold"


def test_an_account_takes_a_rule_apart() -> None:
    """Each condition with what is there and what is needed."""
    rule = AllOf((
        SessionsRule(2, HALF),
        AnyOf((PercentRule(Fraction(75)), MinutesRule(100), RequiredRule((SessionId("1"), SessionId("4")), HALF))),
    ))  # fmt: skip
    demand = explained(event(Kind("attendance", "", rule)), {1: 6000, 2: 3000}).demand
    assert (demand.holds, [part.holds for part in demand.parts]) == (True, [True, True])
    parts = demand.parts[1].parts
    assert [(part.holds, part.got, part.needed) for part in parts] == [
        (False, 9000, 18_000),
        (True, 9000, 6000),
        (False, 1, 2),
    ]


def test_an_account_says_what_does_not_count() -> None:
    """A host's row where attendees' presence counts."""
    kind = Kind("attendance", "", SessionsRule(1, HALF), frozenset({Role.ATTENDEE}))
    text = list(lines(explained(event(kind), {1: 6000}, Role.HOST)))
    assert any(line.endswith("as host, does not count") for line in text)
    assert "  presence counts as attendee" in text


def sheet(number: int, minutes: int, role: Role = Role.ATTENDEE) -> ExtraEvidence:
    """Return a signed sheet that says how long Ana was in that session."""
    return ExtraEvidence(
        SessionId(str(number)), ANA, 60 * minutes, "signed sheet", "folder 1", "ben", SESSIONS[0].window.end, role
    )


def test_the_reason_names_the_evidence_it_rests_on() -> None:
    """And only that: a sheet that says no more than the export is not mentioned."""
    rule = event(Kind("attendance", "", SessionsRule(2, HALF)))
    pieces = [sheet(1, 90), sheet(2, 80), sheet(2, 100), sheet(3, 40)]
    (decision,) = call_roll(rule, joins({1: 6000}), evidence=pieces).decide()
    assert decision.reason == "2 sessions attended, 2 needed; evidence for 8 Oct and 13 Oct: signed sheet."
    assert decision.evidence == (pieces[2], pieces[3])
    assert decision.tallies[SessionId("3")].basis is Basis.EVIDENCE


def test_a_reason_is_a_sentence_whatever_it_rests_on() -> None:
    """Each edge says it in its language: plain text could be said in English alone."""
    rule = event(Kind("attendance", "", SessionsRule(2, HALF)))
    pieces = [sheet(2, 6000), sheet(3, 6000)]
    earned = call_roll(rule, joins({1: 6000}), evidence=pieces).decide()
    missed = call_roll(rule, joins({1: 600})).decide()
    held = call_roll(rule, joins({1: 600})).decide(held=[ANA])
    assert all(isinstance(one.reason, Spoken) for one in (*earned, *missed, *held))


def test_evidence_on_somebody_whom_no_file_names_waits() -> None:
    """Her file was taken back; nobody gets a certificate without a name."""
    rule = event(Kind("attendance", "", SessionsRule(1, HALF)))
    assert call_roll(rule, [], evidence=[sheet(1, 100)]).decide() == []


minutes_by_session = st.dictionaries(st.sampled_from((1, 2, 3, 4)), st.integers(1, 110), max_size=4)
conditions = st.one_of(
    st.builds(SessionsRule, st.integers(1, 4), st.sampled_from((Fraction(0), HALF, Fraction(1)))),
    st.builds(lambda one: RequiredRule((SessionId(one),), HALF), st.sampled_from("1234")),
    st.builds(PercentRule, st.builds(Fraction, st.integers(1, 100))),
    st.builds(MinutesRule, st.integers(1, 400)),
)
rules = st.recursive(
    conditions,
    lambda part: st.one_of(*(st.lists(part, min_size=1, max_size=3).map(tuple).map(one) for one in (AllOf, AnyOf))),
    max_leaves=4,
)


@given(rules, minutes_by_session, minutes_by_session)
def test_evidence_never_takes_anything_away(rule: Rule, seen: Mapping[int, int], vouched: Mapping[int, int]) -> None:
    """Whoever is eligible by the exports stays so, and no session counts less."""
    files = joins({number: 60 * minutes for number, minutes in seen.items()})
    people = [Registration(ANA, "Ana", 1)]
    pieces = [sheet(number, min(minutes, 100)) for number, minutes in vouched.items()]
    whole = event(Kind("attendance", "", rule))
    (before,) = call_roll(whole, [*files, *people]).decide()
    (after,) = call_roll(whole, [*files, *people], pieces).decide()
    assert after.eligible >= before.eligible
    assert after.attended >= before.attended
    assert bool(after.evidence) == ("; evidence for " in after.reason)


def test_the_canonical_rule_is_the_same_for_the_same_demand() -> None:
    """Titles do not matter; roles, shares, sessions and what is combined do."""
    rule = AllOf((SessionsRule(3, HALF), AnyOf((RequiredRule((SessionId("1"),), HALF), PercentRule(Fraction(75))))))
    kind = Kind("attendance", "", rule)
    first = canonical(event(kind), kind)
    assert first == (
        '{"roles":["attendee","host","panelist"],"rule":{"all":[{"sessions":3,"share":"1/2"},{"any":[{"required":["1"],'
        '"share":"1/2"},{"percent":"75"}]}]},"sessions":["1","2","3","4"]}'
    )
    renamed = replace(event(kind), sessions=tuple(replace(one, title="X") for one in SESSIONS))
    assert canonical(renamed, kind) == first
    fewer = replace(event(kind), sessions=SESSIONS[:3])
    others = (
        canonical(fewer, kind),
        canonical(event(kind), replace(kind, roles=frozenset({Role.ATTENDEE}))),
        canonical(event(kind), replace(kind, rule=MinutesRule(60))),
        canonical(event(kind), replace(kind, rule=AnyOf(rule.rules))),
    )
    assert len({first, *others}) == 5


def test_evidence_counts_in_the_role_that_it_names() -> None:
    """A panelist's sheet earns the speaker's certificate, an attendee's does not."""
    speaker = Kind("speaker", "", SessionsRule(1, HALF), frozenset({Role.PANELIST}))
    both = event(Kind("attendance", "", SessionsRule(1, HALF), frozenset({Role.ATTENDEE})), speaker)
    for role, kinds in ((Role.ATTENDEE, ["attendance"]), (Role.PANELIST, ["speaker"])):
        decisions = call_roll(both, [Registration(ANA, "Ana", 2)], evidence=[sheet(1, 100, role)]).decide()
        assert [one.kind for one in decisions if one.eligible] == kinds
        assert [one.kind for one in decisions if one.evidence] == kinds


def test_changes() -> None:
    """A correction shows who gains, who loses, and whose certificate would need a person."""
    kind = event(Kind("attendance", "", SessionsRule(1, HALF)))
    bob = PersonKey("bob@example.org")
    before = decide(kind, joins({1: 6000}), [Registration(bob, "Bob", 2)])
    after = decide(kind, [Join(SessionId("1"), bob, SESSIONS[0].window, 1, "Bob")])
    found = changes(before, after, {(ANA, "attendance")})
    assert [d.person for d in found.newly_eligible] == [bob]
    assert [d.person for d in found.no_longer_eligible] == [d.person for d in found.certified_lost] == [ANA]
    assert not changes(before, before)


@pytest.mark.parametrize(
    ("listed", "registered", "name", "certain"),
    [
        ("[Acme] Ana Roux (External)", "", "Ana Roux", True),
        ("Roux, Ana (Guest)", "", "Roux, Ana", False),
        ("Roux, Ana (Guest)", "Ana Roux", "Ana Roux", True),
        ("Ana Roux", "Ana Maria Roux", "Ana Roux", True),
    ],
)
def test_a_host_is_named_without_what_the_platform_adds(listed: str, registered: str, name: str, certain: bool) -> None:
    """A name turned round by a platform does not go before the one she registered."""
    spoken = [replace(join, name=listed) for join in joins({1: 6000}, Role.HOST)]
    known = [Registration(ANA, registered, 1)] if registered else []
    (found,) = decide(event(Kind("attendance", "", SessionsRule(1, HALF))), spoken, known)
    assert (found.name, found.name_certain) == (name, certain)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ({Role.PANELIST}, "Attended at least 1 of 2 sessions, as panelist."),
        ({Role.PANELIST, Role.HOST}, "Attended at least 1 of 2 sessions, as panelist or host."),
        ({Role.ATTENDEE, Role.HOST}, "Attended at least 1 of 2 sessions."),
    ],
)
def test_a_rule_that_does_not_count_attendees_says_whom_it_counts(roles: set[Role], said: str) -> None:
    kind = Kind("speaker", "", SessionsRule(1, Fraction(0)), frozenset(roles))
    assert criteria(REGISTERED, kind) == said
