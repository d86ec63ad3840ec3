"""What the paper proves while the register cannot be asked: that we signed it, and never more or less."""

from datetime import timedelta

import pytest

from certs import claim
from certs.model import Outcome, Summary, Verdict
from certs.work.verify import AWAY, headline, verify_claim, verify_paper
from tests.world import NOW, World


@pytest.fixture
def world() -> World:
    return World()


def outcomes(verdict: Verdict) -> list[tuple[str, Outcome]]:
    return [(step.name, step.outcome) for step in verdict.steps]


def test_what_we_signed_is_said_to_be_signed_and_to_be_unknown_further(world: World) -> None:
    """Whether or not the register holds it, for nobody can tell."""
    ana = world.issue()
    world.register.certificates.clear()
    verdict = verify_paper(ana.claim_text, world.keys)
    assert (verdict.summary, verdict.certificate) == (Summary.UNKNOWN, None)
    assert verdict.claim is not None
    assert (verdict.claim.number, verdict.claim.name) == (ana.number, ana.statement.name)
    passed = Outcome.PASSED
    assert outcomes(verdict)[:3] == [("form", passed), ("key", passed), ("signature", passed)]
    assert verdict.steps[3:] == (AWAY,)
    assert headline(verdict)[0] == "Signed by us, not checked further"


def test_what_the_code_itself_gives_away_is_said_as_ever(world: World) -> None:
    """Each flipped bit, another's key under our kid, a specimen."""
    ana = world.issue()
    for at, letter in enumerate(ana.claim_text):
        text = ana.claim_text[:at] + chr(ord(letter) ^ 1) + ana.claim_text[at + 1 :]
        alone, whole = verify_paper(text, world.keys), verify_claim(text, world.register, world.keys, world.now)
        assert alone.summary in {whole.summary, Summary.UNKNOWN}
        assert alone.summary is not Summary.NOT_ISSUED
        assert alone.claim is None
    other = World().issue()
    assert verify_paper(other.claim_text, world.keys).claim is None


def test_a_retired_key_signed_it_and_one_that_is_not_here_may_have(world: World) -> None:
    """A missing record of a key is no proof of anything."""
    ana = world.issue()
    kid = ana.claim_kid
    world.keys.retire(kid)
    assert AWAY in verify_paper(ana.claim_text, world.keys).steps
    world.keys.forget(kid)
    verdict = verify_paper(ana.claim_text, world.keys)
    assert (verdict.summary, verdict.claim, AWAY in verdict.steps) == (Summary.UNKNOWN, None, False)


@pytest.mark.parametrize("days", [-400, -1])
def test_a_key_that_is_not_safe_proves_nothing_by_itself(world: World, days: int) -> None:
    """Whoever has it writes any date: none of its facts are shown, whatever day they name."""
    ana = world.issue()
    world.keys.compromise(ana.claim_kid, since=NOW + timedelta(days=days))
    verdict = verify_paper(ana.claim_text, world.keys)
    assert (verdict.summary, verdict.claim) == (Summary.UNKNOWN, None)
    assert outcomes(verdict)[-1] == ("key", Outcome.UNKNOWN)
    assert headline(verdict)[0] == "Could not be checked"


def test_a_specimen_certifies_nothing(world: World) -> None:
    """That needs no register."""
    ana = world.issue()
    text = claim.specimen(claim.claim_of(ana.statement, ana.claim_kid))
    assert verify_paper(text, world.keys).summary is Summary.NOT_ISSUED
