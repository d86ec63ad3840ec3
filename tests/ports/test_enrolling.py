"""Certificates of before are put under our signature, by a command or by the worker; what somebody took off is not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from certs.cli.verify import judge
from certs.db.rolls import Rolls
from certs.errors import ConflictError
from certs.keyring.voucher import FILE
from certs.model import ErrandKind, Summary
from certs.queue import Queue
from certs.work import enrol, record
from certs.worker import Worker
from tests import crowd
from tests.ports.falsifying import HIS, PEOPLE, Deployment, made, of_before, sound


@pytest.fixture(params=["sqlite", "postgresql"])
def deployment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    yield from made(request, tmp_path_factory.mktemp("enrolling"))


def test_certificates_of_before_are_enrolled_once_and_what_does_not_fit_is_named(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an upgrade: nothing is on a roll; stopped in the middle, the command goes on."""
    app, (mine, *_, changed) = deployment.app, deployment.numbers
    of_before(deployment)
    everybody = app.store.rolls.missing()
    assert everybody == PEOPLE + 1
    assert judge(app, mine).summary is Summary.UNKNOWN
    monkeypatch.setattr("certs.roll.MOST", 1)
    with deployment.changed("certificate", "quarter_hours", 99, HIS.format(number=changed)):
        whole = Rolls.enrol
        monkeypatch.setattr(Rolls, "enrol", _stopping_after_one(whole))
        with pytest.raises(KeyboardInterrupt):
            enrol.enrol(app.store, app.keys, app.voucher, crowd.ACT)
        monkeypatch.setattr(Rolls, "enrol", whole)
        assert app.store.rolls.missing() == everybody - 1
        done = enrol.enrol(app.store, app.keys, app.voucher, crowd.ACT)
        assert done.count == everybody - 2
        assert [(one.number, one.why) for one in done.left_out] == [(changed, "its entry is not what its code states")]
        assert judge(app, mine).summary is Summary.VALID
        assert judge(app, changed).summary is not Summary.VALID
    done = enrol.enrol(app.store, app.keys, app.voucher, crowd.ACT)
    assert (done.count, list(done.left_out)) == (1, [])
    assert enrol.enrol(app.store, app.keys, app.voucher, crowd.ACT).count == 0
    for number in deployment.numbers:
        sound(deployment, number)
    assert not list(enrol.faults(app.store, app.keys))


def _stopping_after_one(enrol_one: Callable[..., None]) -> Callable[..., None]:
    calls = iter((False, True))

    def stops(*arguments: Any) -> None:
        if next(calls):
            raise KeyboardInterrupt
        enrol_one(*arguments)

    return stops


def test_a_worker_enrols_certificates_of_before_by_itself(deployment: Deployment) -> None:
    """Nobody has to know after an upgrade that a command is due; once it is done nothing is asked for any more."""
    app = deployment.app
    of_before(deployment)
    assert Worker(app, Queue(1)).once()
    errand = app.store.errands.newest(ErrandKind.ENROL)
    assert errand is not None
    assert (errand.code, errand.sentence) == ("", f"{PEOPLE + 1} certificates of before were enrolled.")
    for number in deployment.numbers:
        sound(deployment, number)
    entry = [one for one in app.store.trail.entries() if one.act == "batch.enrol"][-1]
    assert (entry.actor, entry.role) == ("worker", "worker")
    assert not Worker(app, Queue(1)).once()


@pytest.mark.parametrize("how", ["the roll too", "the place alone"])
def test_what_somebody_took_off_its_roll_is_never_enrolled_again(deployment: Deployment, how: str) -> None:
    """Else whoever deletes a row has his change put under our signature by the worker."""
    app, thief = deployment.app, deployment.numbers[-1]
    deployment.run("DELETE FROM enrolled")
    if how == "the roll too":
        deployment.run("DELETE FROM roll")
    with deployment.changed("certificate", "attended", '["1","2","3","4","5","8"]', HIS.format(number=thief)):
        assert Worker(app, Queue(1)).once()
        errand = app.store.errands.newest(ErrandKind.ENROL)
        assert errand is not None
        assert errand.code == "input"
        assert f"{PEOPLE + 1} do not fit and were left out" in errand.sentence
        record._memory._rolls.clear()
        assert judge(app, thief).summary is Summary.UNKNOWN
        done = enrol.enrol(app.store, app.keys, app.voucher, crowd.ACT)
        assert done.count == 0
        assert {one.why for one in done.left_out} == {enrol._LOST}
    wrong = list(app.store.trail.faults(app.voucher))
    assert sum("was put on a roll, as the trail says, and the register has lost that" in one for one in wrong) == 4


def test_what_a_person_took_for_lost_is_enrolled_again(deployment: Deployment) -> None:
    """Rolls that damage took: somebody looks, says how that comes, and the trail knows."""
    app = deployment.app
    deployment.run("DELETE FROM enrolled")
    told = list(app.store.trail.faults(app.voucher))
    assert app.store.trail.adopt(crowd.ACT, told) == PEOPLE + 1
    assert enrol.enrol(app.store, app.keys, app.voucher, crowd.ACT).count == PEOPLE + 1
    for number in deployment.numbers:
        sound(deployment, number)


def test_nothing_is_enrolled_beside_a_trail_that_was_written_anew(deployment: Deployment) -> None:
    """Who takes a certificate off its roll can take that out of the trail, but not out of our checkpoints."""
    app = deployment.app
    kept = (app.keys.path / FILE).read_bytes()
    with app.engine.connect() as connection:
        notes = [dict(one) for one in connection.execute(text("SELECT * FROM checkpoint")).mappings()]
    of_before(deployment)
    for note in notes:
        deployment.run("INSERT INTO checkpoint VALUES (:entries, :sha256, :at, :note)", **note)
    (app.keys.path / FILE).write_bytes(kept)
    with pytest.raises(ConflictError, match="written anew"):
        enrol.enrol(app.store, app.keys, app.voucher, crowd.ACT)
    assert app.store.rolls.missing() == PEOPLE + 1
