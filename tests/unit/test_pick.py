"""Whom `decide` shows, and in which order."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from certs.eligibility import Pick, Sort, picked
from certs.eligibility.pick import distance
from certs.eligibility.rules import Ruler
from certs.model import (
    AllOf,
    AnyOf,
    Decision,
    Kind,
    MinutesRule,
    PercentRule,
    PersonKey,
    RequiredRule,
    Rule,
    SessionId,
    SessionsRule,
    Tally,
)
from tests.register import EVENT

HOUR = 3_600
"""Seconds; each of the two sessions has two."""


def decision(name: str, hours: Mapping[str, float], *, kind: str = "attendance", eligible: bool = False) -> Decision:
    seconds = {SessionId(id_): int(n * HOUR) for id_, n in hours.items()}
    tallies = {id_: Tally(n, n, 1, 1) for id_, n in seconds.items()}
    attended = frozenset(id_ for id_, n in seconds.items() if n >= HOUR)
    near, address = bool(attended) and not eligible, PersonKey(f"{name.split(maxsplit=1)[0].lower()}@example.org")
    return Decision(address, name, eligible, "x", near, tallies, attended, kind=kind, by_rule=eligible)


ANA = decision("Ana Souza", {"1": 2, "2": 2}, eligible=True)
BEN = decision("Ben Müller", {"1": 1.5})
CY = decision("cy Zoë", {"1": 0.5, "2": 0.25})
DEE = decision("Dee", {})
EVERYBODY = [DEE, CY, BEN, ANA]


def shown(pick: Pick) -> str:
    rule = SessionsRule(2, Fraction(1, 2))
    event = replace(EVENT, kinds=(Kind("attendance", "", rule), Kind("speaker", "", rule)))
    return " ".join(one.name.split()[0] for one in picked(event, EVERYBODY, pick))


@pytest.mark.parametrize(
    ("pick", "names"),
    [
        (Pick(), "Dee cy Ben Ana"),
        (Pick(earned=True), "Ana"),
        (Pick(near=True), "Ben"),
        (Pick(not_earned=True), "Dee cy Ben"),
        (Pick(earned=True, near=True), "Ben Ana"),
        (Pick(search="MULLER"), "Ben"),
        (Pick(search="zoe cy"), "cy"),
        (Pick(search="ben@"), "Ben"),
        (Pick(search="ana ben"), ""),
        (Pick(search="  "), "Dee cy Ben Ana"),
        (Pick(kinds=["speaker"]), ""),
        (Pick(kinds=["attendance", "speaker"], near=True), "Ben"),
        (Pick(sort=Sort.NAME), "Ana Ben cy Dee"),
        (Pick(sort=Sort.ATTENDED), "Ana Ben cy Dee"),
        (Pick(sort=Sort.HOURS), "Ana Ben cy Dee"),
        (Pick(sort=Sort.DISTANCE), "Ana Ben cy Dee"),
        (Pick(not_earned=True, sort=Sort.DISTANCE), "Ben cy Dee"),
    ],
)
def test_who_is_shown(pick: Pick, names: str) -> None:
    assert shown(pick) == names


@pytest.mark.parametrize(
    ("rule", "of", "missing"),
    [
        (SessionsRule(2, Fraction(1, 2)), BEN, Fraction(1, 2)),
        (SessionsRule(1, Fraction(1, 2)), CY, Fraction(1, 2)),
        (SessionsRule(2, Fraction(1, 2)), CY, Fraction(5, 8)),
        (SessionsRule(1, Fraction(1, 2)), DEE, Fraction(1)),
        (SessionsRule(1, Fraction(0)), DEE, Fraction(1)),
        (RequiredRule((SessionId("2"),), Fraction(1, 2)), BEN, Fraction(1)),
        (RequiredRule((SessionId("1"), SessionId("2")), Fraction(1)), BEN, Fraction(5, 8)),
        (PercentRule(Fraction(75)), BEN, Fraction(1, 2)),
        (MinutesRule(100), BEN, Fraction(1, 10)),
        (MinutesRule(10), BEN, Fraction(0)),
        (AllOf((MinutesRule(100), PercentRule(Fraction(75)))), BEN, Fraction(1, 2)),
        (AnyOf((MinutesRule(100), PercentRule(Fraction(75)))), BEN, Fraction(1, 10)),
        (PercentRule(Fraction(100)), ANA, Fraction(0)),
    ],
)
def test_how_far_somebody_is_from_a_rule(rule: Rule, of: Decision, missing: Fraction) -> None:
    assert distance(Ruler(EVENT), Kind("attendance", "", rule), of) == missing
