"""Verdicts on claims and numbers: each way to be untrue has its own summary, and none is `valid`."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from certs import claim, credential
from certs.ground.number import printed
from certs.keyring.private import PrivateSigner
from certs.model import Lapse, Outcome, Purpose, Revocation, RevocationReason, Summary, Verdict
from certs.views import verdicts
from certs.work.verify import verify_claim, verify_number
from certs.work.verify.standing import standing
from tests.world import BASE, EVENT, NOW, World


@pytest.fixture
def world() -> World:
    return World()


def by_claim(world: World, text: str) -> Verdict:
    return verify_claim(text, world.register, world.keys, world.now)


def failed(verdict: Verdict) -> list[str]:
    return [step.name for step in verdict.steps if step.outcome is not Outcome.PASSED]


def test_an_issued_certificate_is_valid_with_every_step_passed(world: World) -> None:
    ana = world.issue()
    verdict = by_claim(world, ana.claim_text)
    assert verdict.summary is Summary.VALID
    assert [s.name for s in verdict.steps] == [
        "form",
        "key",
        "signature",
        "register",
        "facts",
        "record",
        "trust",
        "status",
    ]
    assert failed(verdict) == []
    assert verdict.certificate == ana


def test_the_day_of_registration_is_that_of_the_events_zone(world: World) -> None:
    """Late in the evening UTC it is the next day in Zurich, and the paper says that day too."""
    ana = world.issue(registered_at=datetime(2026, 11, 20, 23, 5, tzinfo=UTC))
    (register,) = [s.text for s in by_claim(world, ana.claim_text).steps if s.name == "register"]
    assert register == f"Our register holds {printed(ana.number)} since 21 November 2026."


def test_a_number_gives_the_same_answer(world: World) -> None:
    ana = world.issue()
    verdict = verify_number(ana.number, world.register, world.keys, world.now)
    assert (verdict.summary, verdict.certificate) == (Summary.VALID, ana)


def test_an_unknown_number_is_not_issued(world: World) -> None:
    verdict = verify_number(world.statement().number, world.register, world.keys, world.now)
    assert (verdict.summary, failed(verdict)) == (Summary.NOT_ISSUED, ["register"])


def _flipped(text: str) -> Iterator[str]:
    """Yield *text* with one bit flipped; one bit in each letter keeps the test quick, the claim's own test has all."""
    for at, letter in enumerate(text):
        yield text[:at] + chr(ord(letter) ^ 1 << at % 8) + text[at + 1 :]


def test_one_flipped_bit_anywhere_is_altered(world: World) -> None:
    ana = world.issue()
    assert {by_claim(world, flipped).summary for flipped in _flipped(ana.claim_text)} == {Summary.ALTERED}


def test_a_claim_by_another_key_under_our_kid_is_altered(world: World) -> None:
    ours, theirs = world.keys.signer(Purpose.CLAIM), World().keys.signer(Purpose.CLAIM)
    forged = claim.Writer(PrivateSigner(ours.key, theirs.sign)).text(world.statement())
    verdict = by_claim(world, forged)
    assert (verdict.summary, failed(verdict)) == (Summary.ALTERED, ["signature"])


def test_a_claim_by_a_foreign_key_is_not_issued(world: World) -> None:
    stranger = World()
    verdict = by_claim(world, stranger.issue("Nobody Here").claim_text)
    assert (verdict.summary, failed(verdict), verdict.certificate) == (Summary.NOT_ISSUED, ["key"], None)


def test_a_claim_by_our_key_that_is_not_registered_is_not_issued_and_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Either the key leaked or the register lost something: somebody must hear of it, without the name."""
    statement = world.statement("Leaked Name")
    text = claim.Writer(world.keys.signer(Purpose.CLAIM)).text(statement)
    verdict = by_claim(world, text)
    assert (verdict.summary, failed(verdict)) == (Summary.NOT_ISSUED, ["register"])
    (record,) = caplog.records
    assert (record.levelno, vars(record)["number"]) == (logging.CRITICAL, statement.number)
    assert "Leaked" not in str(vars(record))


def test_our_signature_on_other_facts_under_an_issued_number_is_not_issued(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    ana = world.issue()
    better = replace(ana.statement, quarter_hours=400)
    verdict = by_claim(world, claim.Writer(world.keys.signer(Purpose.CLAIM)).text(better))
    assert (verdict.summary, failed(verdict)) == (Summary.NOT_ISSUED, ["facts"])
    assert "claim_differs_from_register" in caplog.text


def test_a_name_changed_in_the_register_itself_is_found(world: World) -> None:
    """The register's owner cannot rename a certificate: its own claim does not fit any more."""
    ana = world.issue()
    world.tamper(ana, name="Eve Mallory")
    by_number = verify_number(ana.number, world.register, world.keys, world.now)
    assert (by_number.summary, failed(by_number)) == (Summary.ALTERED, ["signature"])
    assert by_claim(world, ana.claim_text).summary is Summary.NOT_ISSUED


def test_a_missing_key_is_unknown_never_valid_nor_forged(world: World) -> None:
    ana = world.issue()
    world.keys.forget(ana.claim_kid)
    verdict = verify_number(ana.number, world.register, world.keys, world.now)
    assert (verdict.summary, failed(verdict)) == (Summary.UNKNOWN, ["key"])


def test_a_withdrawn_certificate_says_when_and_why(world: World) -> None:
    ana = world.issue()
    world.revoke(ana, RevocationReason.FRAUD)
    verdict = by_claim(world, ana.claim_text)
    assert (verdict.summary, failed(verdict)) == (Summary.REVOKED, ["status"])
    assert "22 November 2026" in verdict.steps[-1].text
    assert "deceit" in verdict.steps[-1].text


def test_the_days_of_a_withdrawal_are_those_of_the_events_zone(world: World) -> None:
    """Late in the evening UTC it is the next day in Zurich: nothing is withdrawn before the day of its issue."""
    late, later = datetime(2026, 11, 21, 23, 5, tzinfo=UTC), datetime(2026, 11, 22, 23, 5, tzinfo=UTC)
    ana = world.issue()
    gone = replace(ana, revocation=Revocation(late, RevocationReason.ERROR, ""))
    back = replace(ana, lapses=(Lapse(late, later),))
    told = [standing(one, world.keys, NOW)[1][1].text for one in (gone, back)]
    assert "on 22 November 2026" in told[0]
    assert "from 22 November 2026 to 23 November 2026" in told[1]


def test_a_replaced_certificate_leads_to_the_new_one(world: World) -> None:
    old, new = world.issue("Ana Suza"), world.issue("Ana Souza")
    world.supersede(old, new)
    verdict = by_claim(world, old.claim_text)
    assert verdict.summary is Summary.REPLACED
    assert verdicts.verdict(verdict)["replaced_by"] == printed(new.number)
    assert by_claim(world, new.claim_text).summary is Summary.VALID


def test_withdrawn_weighs_more_than_replaced(world: World) -> None:
    old, new = world.issue(), world.issue()
    world.supersede(old, new)
    world.revoke(old)
    assert by_claim(world, old.claim_text).summary is Summary.REVOKED


@pytest.mark.parametrize(("days", "summary"), [(0, Summary.VALID), (-1, Summary.EXPIRED)])
def test_the_last_day_still_counts(world: World, days: int, summary: Summary) -> None:
    last_day: date = NOW.date() + timedelta(days=days)
    ana = world.issue(event=replace(EVENT, valid_until=last_day))
    assert by_claim(world, ana.claim_text).summary is summary


@pytest.mark.parametrize(
    ("zone", "now", "summary"),
    [
        ("Pacific/Auckland", "2026-11-22T10:59:59", Summary.VALID),
        ("Pacific/Auckland", "2026-11-22T11:00:00", Summary.EXPIRED),
        ("America/Los_Angeles", "2026-11-23T07:59:59", Summary.VALID),
        ("America/Los_Angeles", "2026-11-23T08:00:00", Summary.EXPIRED),
    ],
)
def test_the_last_day_ends_where_the_event_was(zone: str, now: str, summary: Summary) -> None:
    """At the very second at which the credential's validUntil ends it for foreign verifiers."""
    world = World(now=datetime.fromisoformat(now).replace(tzinfo=UTC))
    event = replace(EVENT, zone=zone, valid_until=date(2026, 11, 22))
    ana = world.issue(event=event)
    assert by_claim(world, ana.claim_text).summary is summary
    written = credential.Writer(event, BASE, NOW, world.keys.signer(Purpose.CREDENTIAL)).json(ana.statement, 0)
    ends = datetime.fromisoformat(json.loads(written)["validUntil"])
    assert (world.now <= ends) is (summary is Summary.VALID)


def test_json_states_every_printed_fact_and_nothing_about_the_person_behind(world: World) -> None:
    ana = world.issue("Ana Souza")
    answer = verdicts.verdict(by_claim(world, ana.claim_text))
    statement = answer["statement"]
    assert isinstance(statement, dict)
    assert (statement["name"], statement["hours"]) == ("Ana Souza", 13.5)
    assert (statement["sessions_attended"], statement["sessions_in_all"]) == (6, 8)
    assert ana.person_ref not in str(answer)


def stranger(world: World, purpose: Purpose = Purpose.CLAIM) -> None:
    """Let the register be one that does not know our key of *purpose*."""
    world.register.strangers.add(world.keys.signer(purpose).key.kid)


def test_what_a_register_that_does_not_know_our_key_does_not_hold_could_not_be_checked(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """It is another deployment's, or an empty one: that a genuine certificate is not there says nothing."""
    ana = world.issue()
    world.register.certificates.clear()
    stranger(world)
    for verdict in (by_claim(world, ana.claim_text), verify_number(ana.number, world.register, world.keys, world.now)):
        assert (verdict.summary, verdict.steps[-1].name) == (Summary.UNKNOWN, "register")
        assert verdict.steps[-1].outcome is Outcome.UNKNOWN
    assert {record.message for record in caplog.records} == {"key_not_known_to_register"}


def test_a_key_that_the_register_knows_is_answered_for_beside_one_that_it_does_not(world: World) -> None:
    """A newer key, made after the backup that was restored, takes no certainty from what the older one signed."""
    ana = world.issue()
    world.register.certificates.clear()
    world.keys.new(Purpose.CLAIM)
    stranger(world)
    assert by_claim(world, ana.claim_text).summary is Summary.NOT_ISSUED
    assert verify_number(ana.number, world.register, world.keys, world.now).summary is Summary.UNKNOWN


def test_without_any_key_nothing_is_said_to_be_not_issued(world: World) -> None:
    """A folder of keys that is not mounted, beside a register that may not be ours either."""
    text, number = world.issue().claim_text, world.statement().number
    world.register.certificates.clear()
    world.keys.forget(world.keys.signer(Purpose.CLAIM).key.kid)
    assert by_claim(world, text).summary is Summary.UNKNOWN
    assert verify_number(number, world.register, world.keys, world.now).summary is Summary.UNKNOWN


def test_what_the_register_holds_is_judged_whatever_the_trail_says(world: World) -> None:
    ana = world.issue()
    stranger(world)
    assert by_claim(world, ana.claim_text).summary is Summary.VALID
