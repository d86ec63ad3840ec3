"""Certificates of people who were erased: judged as ever, and whose they are is said by no verdict."""

import json
from dataclasses import replace

import pytest

from certs.model import Certificate, Summary, Verdict
from certs.model.herself import WITHHELD_NAME
from certs.views import verdicts
from certs.work.verify import same_file, verify_claim, verify_file, verify_number
from tests.world import World

NAME = "Ana Souza"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ana(world: World) -> Certificate:
    ana = world.issue(NAME)
    world.withhold(ana)
    return ana


def asked(world: World, ana: Certificate) -> list[Verdict]:
    """Return the verdicts on her code, her number and her file."""
    where = world.register, world.keys, world.now
    by_code, by_number = verify_claim(ana.claim_text, *where), verify_number(ana.number, *where)
    return [by_code, by_number, verify_file(world.register.pdfs[ana.number], *where)]


def test_code_number_and_file_are_valid_and_nameless(world: World, ana: Certificate) -> None:
    for verdict in asked(world, ana):
        assert verdict.summary is Summary.VALID
        assert verdict.steps[-1].name == "withheld"
        assert verdict.certificate is not None
        assert verdict.certificate.statement.name == WITHHELD_NAME
        assert verdict.certificate.person == ""
        assert "Souza" not in json.dumps(verdicts.verdict(verdict)) + repr(verdict)
        assert verdicts.line(1, verdict, None)["name"] == WITHHELD_NAME


def test_what_else_the_paper_says_is_there_to_be_compared(world: World, ana: Certificate) -> None:
    (verdict, *_) = asked(world, ana)
    said = verdicts.verdict(verdict)["statement"]
    assert said is not None
    assert (said["event"], said["hours"]) == (ana.statement.event.title, 13.5)
    assert same_file(verdict, ana.pdf_sha256)


@pytest.mark.parametrize(("change", "summary"), [("revoke", "revoked"), ("tamper", "altered")])
def test_it_is_judged_as_any_other(world: World, ana: Certificate, change: str, summary: str) -> None:
    """Withdrawn is withdrawn, and an entry that somebody changed is altered."""
    (getattr(world, change))(ana, *([] if change == "revoke" else ["Eve"]))
    verdict = verify_number(ana.number, world.register, world.keys, world.now)
    assert (verdict.summary.value, "Souza" in repr(verdict)) == (summary, False)


def test_an_altered_copy_of_the_file_tells_no_name_either(world: World, ana: Certificate) -> None:
    data = f"%PDF-1.7 (https://certs.example.org/V/{ana.claim_text}) endobj".encode()
    verdict = verify_file(data, world.register, world.keys, world.now)
    assert verdict.summary is Summary.ALTERED
    assert verdict.certificate is None or verdict.certificate.statement.name == WITHHELD_NAME
    assert verdict.claim is None


def test_others_are_as_ever(world: World, ana: Certificate) -> None:
    ben = world.issue("Ben Okri")
    verdict = verify_number(ben.number, world.register, world.keys, world.now)
    assert verdict.certificate == replace(ben, withheld=False)
