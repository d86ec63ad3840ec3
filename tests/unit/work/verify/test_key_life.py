"""Every key state x every purpose x registered before, at or after the date: the verdict that must come out.

The table is the specification; `docs/architecture.md` says the same in prose. Each row is judged by claim, by number
and by file, and all three must agree.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product

import pytest

from certs.errors import NotFoundError
from certs.model import Certificate, KeyState, Kid, Outcome, Purpose, RevocationReason, Step, Summary, Verdict
from certs.work.deliver.links import Links
from certs.work.verify import verify_claim, verify_number, verify_pdf
from tests.world import NOW, World

DATE = NOW - timedelta(days=3)
"""When the key was retired, or since when it is compromised."""
MOMENTS = {"before": DATE - timedelta(microseconds=1), "at": DATE, "after": DATE + timedelta(microseconds=1)}
SIGNING = (Purpose.CLAIM, Purpose.SEAL, Purpose.CREDENTIAL)
NOT_SIGNING = (Purpose.LINK, Purpose.ROOT, Purpose.RECEIPT)


def _leave(world: World, kid: Kid) -> None:
    """An active key stays as it is."""


def _compromise(world: World, kid: Kid) -> None:
    world.keys.compromise(kid, since=DATE)


def _retire(world: World, kid: Kid) -> None:
    world.keys.retire(kid, at=DATE)


def _retire_then_compromise(world: World, kid: Kid) -> None:
    _retire(world, kid)
    _compromise(world, kid)


def _lose(world: World, kid: Kid) -> None:
    world.keys.forget(kid)


LIFE: dict[str, Callable[[World, Kid], None]] = {
    "active": _leave,
    "retired": _retire,
    "compromised": _compromise,
    "retired, then compromised": _retire_then_compromise,
    "missing": _lose,
}


def _expected(state: str, purpose: Purpose, moment: str) -> Summary:
    """Return what the row must give, spelled as the rule in words."""
    if purpose in NOT_SIGNING or state in {"active", "retired"}:
        return Summary.VALID
    if state == "missing":
        return Summary.UNKNOWN
    return Summary.VALID if moment == "before" else Summary.UNKNOWN


TABLE = [
    (state, purpose, moment, _expected(state, purpose, moment))
    for state, purpose, moment in product(LIFE, (*SIGNING, *NOT_SIGNING), MOMENTS)
]


def _verdicts(world: World, certificate: Certificate) -> Iterator[Verdict]:
    yield verify_claim(certificate.claim_text, world.register, world.keys, world.now)
    yield verify_number(certificate.number, world.register, world.keys, world.now)
    yield verify_pdf(world.register.pdfs[certificate.number], world.register, world.keys, world.now)


def _world(state: str, purpose: Purpose, moment: str) -> tuple[World, Certificate]:
    world = World()
    certificate = world.issue(registered_at=MOMENTS[moment])
    if purpose is Purpose.RECEIPT:  # which a deployment may do without
        world.keys.new(purpose)
    LIFE[state](world, world.keys.trusted(purpose)[0].kid)
    return world, certificate


@pytest.mark.parametrize(("state", "purpose", "moment", "expected"), TABLE)
def test_the_verdict_that_the_table_gives(state: str, purpose: Purpose, moment: str, expected: Summary) -> None:
    """Claim, number and file agree on it."""
    world, certificate = _world(state, purpose, moment)
    assert {verdict.summary for verdict in _verdicts(world, certificate)} == {expected}


@pytest.mark.parametrize(("state", "notes"), [("active", []), ("retired", [*SIGNING])])
def test_only_a_retired_key_is_said_to_be_retired(state: str, notes: list[Purpose]) -> None:
    """Of a certificate whose keys are all in use the page says just that."""
    world = World()
    certificate = world.issue()
    for purpose in SIGNING:
        LIFE[state](world, world.keys.trusted(purpose)[0].kid)
    kids = {purpose: world.keys.trusted(purpose)[0].kid for purpose in SIGNING}
    gone = [f"The {one} key {kids[one]} has been retired in good order; what it signed stands." for one in notes]
    for verdict in _verdicts(world, certificate):
        assert _step(verdict, "trust").text == (" ".join(gone) or "The keys that signed it are in use and safe.")


def test_the_table_has_every_state_and_purpose() -> None:
    """A new state or purpose must be given its verdicts before this passes."""
    assert {state.value for state in KeyState} < set(LIFE)
    assert {*SIGNING, *NOT_SIGNING} == set(Purpose)


@pytest.mark.parametrize("purpose", SIGNING)
def test_the_page_says_which_key_since_when_and_what_to_do(purpose: Purpose) -> None:
    """Whoever reads the verdict learns why."""
    world, certificate = _world("compromised", purpose, "after")
    kid = world.keys.trusted(purpose)[0].kid
    for verdict in _verdicts(world, certificate):
        trust = _step(verdict, "trust")
        assert trust.outcome is Outcome.FAILED
        assert f"The {purpose} key {kid} has not been safe since 19 November 2026, 12:00 UTC" in trust.text
        assert trust.text.endswith("Ask the issuer for a new one.")


@pytest.mark.parametrize("purpose", SIGNING)
def test_what_was_registered_before_says_why_it_stands(purpose: Purpose) -> None:
    """A visitor who heard of the compromise is told why this one still counts."""
    world, certificate = _world("compromised", purpose, "before")
    for verdict in _verdicts(world, certificate):
        assert _step(verdict, "trust").outcome is Outcome.PASSED
        assert "registered before" in _step(verdict, "trust").text


@pytest.mark.parametrize("state", ["active", "retired", "compromised"])
def test_a_claim_without_register_entry_is_not_issued_whatever_the_key(state: str) -> None:
    """A stolen key signs claims that look right; the register does not hold them."""
    world, certificate = _world(state, Purpose.CLAIM, "before")
    del world.register.certificates[certificate.number]
    verdict = verify_claim(certificate.claim_text, world.register, world.keys, world.now)
    assert verdict.summary is Summary.NOT_ISSUED


@pytest.mark.parametrize("moment", MOMENTS)
def test_withdrawn_and_replaced_weigh_more_than_a_compromised_key(moment: str) -> None:
    """What the issuer decided about one certificate is known; the key only casts doubt."""
    world, withdrawn = _world("active", Purpose.CLAIM, moment)
    old, new = world.issue("Ben Okri", registered_at=MOMENTS[moment]), world.issue("Ben Okri")
    world.revoke(withdrawn, RevocationReason.FRAUD)
    world.supersede(old, new)
    _compromise(world, old.claim_kid)
    assert {verdict.summary for verdict in _verdicts(world, withdrawn)} == {Summary.REVOKED}
    assert {verdict.summary for verdict in _verdicts(world, old)} == {Summary.REPLACED}


def test_a_new_certificate_under_a_new_key_is_valid_after_the_compromise() -> None:
    """Rotation: the newest active key signs, and the old key's fate does not touch what the new one signs."""
    world, old = _world("compromised", Purpose.CLAIM, "after")
    world.keys.new(Purpose.CLAIM)
    new = world.issue()
    world.supersede(old, new)
    assert new.claim_kid != old.claim_kid
    assert {verdict.summary for verdict in _verdicts(world, new)} == {Summary.VALID}
    assert {verdict.summary for verdict in _verdicts(world, old)} == {Summary.REPLACED}


def test_a_certificate_without_credential_does_not_ask_for_its_key() -> None:
    """Credentials came later than the first certificates; those have two signatures."""
    world = World()
    certificate = world.issue()
    world.leave_out_credential(certificate.number)
    world.keys.forget(world.keys.trusted(Purpose.CREDENTIAL)[0].kid)
    assert {verdict.summary for verdict in _verdicts(world, certificate)} == {Summary.VALID}


@pytest.mark.parametrize(
    ("state", "opens"),
    [
        ("active", True),
        ("retired", True),
        ("compromised", False),
        ("retired, then compromised", False),
        ("missing", False),
    ],
)
def test_a_personal_link_opens_unless_its_key_is_compromised_or_gone(state: str, opens: bool) -> None:
    """A link bears no date, so a compromised link key closes all of its links; other keys give new ones."""
    world, certificate = _world("active", Purpose.LINK, "before")
    links = Links(world.keys)
    token = links.token(certificate.person_ref)
    LIFE[state](world, world.keys.trusted(Purpose.LINK)[0].kid)
    world.keys.new(Purpose.LINK)
    if opens:
        assert links.person_ref(token) == certificate.person_ref
    else:
        with pytest.raises(NotFoundError):
            links.person_ref(token)
    assert links.person_ref(links.token(certificate.person_ref)) == certificate.person_ref


def _step(verdict: Verdict, name: str) -> Step:
    return next(step for step in verdict.steps if step.name == name)
