"""The sample marathon's decision, for all its people and under the three rules that its expectation gives."""

from fractions import Fraction

import pytest

from certs import eligibility
from certs.model import Decision, Event, Kind, PercentRule, Rule, SessionsRule

from .attendance.samples import MARATHON, sample

RULES: dict[str, Rule] = {
    "6_of_8_any": SessionsRule(6, Fraction(0)),
    "6_of_8_50pct": SessionsRule(6, Fraction(1, 2)),
    "75pct_minutes": PercentRule(Fraction(75)),
}


def decided(rule: Rule) -> dict[str, Decision]:
    """Decide the marathon under *rule*."""
    one = sample(MARATHON)
    event = Event("m", "Marathon", tuple(one.sessions), (Kind("attendance", "", rule),), "Institute")
    readings = one.read()
    joins = [join for reading in readings for join in reading.joins]
    registrations = [registration for reading in readings for registration in reading.registrations]
    return {d.person: d for d in eligibility.decide(event, joins, registrations) if d.tallies}


@pytest.mark.parametrize("name", RULES)
def test_everybody_is_decided_as_expected(name: str) -> None:
    """2,323 people, some exactly on a threshold and some one second below it."""
    expected = {p["email"]: p["eligible"][name] for p in sample(MARATHON).expected["people"]}
    assert {person: decision.eligible for person, decision in decided(RULES[name]).items()} == expected
    assert sum(expected.values()) == sample(MARATHON).expected["totals"]["eligible"][name]


def test_names_and_roles() -> None:
    """Everybody bears the name she registered under; hosts and panelists are known as such."""
    decisions = decided(RULES["6_of_8_any"])
    expected = sample(MARATHON).expected["people"]
    assert {p["email"]: p["name"] for p in expected} == {d.person: d.name for d in decisions.values()}
    speakers = {p["email"]: set(p["roles"]) for p in expected if "roles" in p}
    assert {d.person: set(d.roles) for d in decisions.values() if d.roles != {"attendee"}} == speakers


def test_sessions_attended() -> None:
    """The sessions that count are as many as expected."""
    expected = {p["email"]: p["sessions_attended_50pct"] for p in sample(MARATHON).expected["people"]}
    assert {d.person: len(d.attended) for d in decided(RULES["6_of_8_50pct"]).values()} == expected
