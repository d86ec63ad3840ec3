"""Verifiers that others wrote accept our credentials, and refuse them revoked, tampered with or foreign."""

from collections.abc import Mapping

import pytest

from tests.interop import credential_cases
from tests.interop.judges.credentials import PYTHON_JUDGE, Case, Opinion, judge

GOOD = credential_cases.good()
REVOKED = credential_cases.revoked()
BAD = {**REVOKED, **credential_cases.tampered(), **credential_cases.foreign()}
LISTS = credential_cases.lists()
SCHEMA = {"against the schema": credential_cases.against_the_schema()}
Opinions = Mapping[str, Mapping[str, Opinion]]


@pytest.fixture(scope="module")
def opinions() -> Opinions:
    """All cases, judged in one go."""
    return judge({**GOOD, **BAD, **LISTS, **SCHEMA})


def accepted(opinions: Opinions, cases: Mapping[str, Case]) -> set[tuple[str, str]]:
    """Return which of *cases* which verifier accepts."""
    return {(label, name) for label in cases for name, opinion in opinions[label].items() if opinion.accepted}


def test_good_ones_are_accepted_by_all(opinions: Opinions) -> None:
    judges = {"@digitalbazaar/vc", "@digitalcredentials/verifier-core", PYTHON_JUDGE}
    assert accepted(opinions, GOOD) == {(label, name) for label in GOOD for name in judges}


def test_bad_ones_are_refused_by_all(opinions: Opinions) -> None:
    assert accepted(opinions, BAD) == set()


@pytest.mark.parametrize("label", REVOKED)
def test_a_revoked_one_is_refused_for_its_status(opinions: Opinions, label: str) -> None:
    """Not because something else broke: its signature and its list are good."""
    assert {name: opinion.revoked for name, opinion in opinions[label].items()} == dict.fromkeys(opinions[label], True)


def test_a_list_is_believed_only_with_our_proof(opinions: Opinions) -> None:
    """Of openbadgeslib we ask nothing here: it checks the signatures of lists that are JWTs only."""
    assert {name for _, name in accepted(opinions, LISTS)} <= {PYTHON_JUDGE}


def test_the_schema_of_open_badges_is_kept(opinions: Opinions) -> None:
    assert _schema_faults(opinions, GOOD) == {label: [] for label in GOOD}


def test_the_schema_check_can_fail(opinions: Opinions) -> None:
    (faults,) = _schema_faults(opinions, SCHEMA).values()
    assert any("name" in fault for fault in faults)


def _schema_faults(opinions: Opinions, cases: Mapping[str, Case]) -> dict[str, list[str]]:
    """Return what the verifier that looks at the schema finds."""
    found = ((label, opinion.schema) for label in cases for opinion in opinions[label].values())
    return {label: faults for label, faults in found if faults is not None}
