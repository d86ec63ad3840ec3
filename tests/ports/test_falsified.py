"""The register against its owner: whoever writes to the database, triggers dropped, makes nothing false look true.

Each way is tried by raw SQL on both databases, on certificates that were really issued, and must be noticed by the
page, its JSON, `certs verify`, an export, the credential and the doctor; nothing of what was written is shown as true.
"""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from certs.build import App, examination
from certs.cli.verify import judge
from certs.db import audit
from certs.db.engine import writing
from certs.errors import ConflictError
from certs.ground.number import printed
from certs.model import End, Number, Purpose, Revocation, RevocationReason, Summary
from certs.queue import Queue
from certs.work import corrections, deliver, issue, record, report, trail
from certs.work.deliver import Links, personal
from tests import crowd
from tests.ports.falsifying import HIS, ISSUED, SLUG, Deployment, made, sound


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def deployment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    yield from made(request, tmp_path_factory.mktemp("falsified"))


def facts(**changes: Any) -> Callable[[str], str]:
    """Return what puts *changes* into the JSON of a batch's facts."""
    return lambda old: json.dumps({**json.loads(old), **changes}, ensure_ascii=False)


def _first_session(old: str) -> str:
    said = json.loads(old)
    said["sessions"][0]["title"] = "Forged Surgery"
    return json.dumps(said)


OF_BATCH: dict[str, tuple[Callable[[str], str], str, str]] = {
    "issuer": (facts(issuer="Forged Institute"), "issuer", "Forged Institute"),
    "criteria": (facts(criteria="Forged with distinction."), "requirement", "Forged with distinction."),
    "place": (facts(place="Forgedville"), "place", "Forgedville"),
    "heading": (facts(heading="Forged Diploma"), "title of the kind", "Forged Diploma"),
    "signatories": (facts(signatories=[{"name": "Forged Falk", "role": "King"}]), "signatories", "Forged Falk"),
    "session": (_first_session, "sessions", "Forged Surgery"),
    "validity": (facts(valid_until="2099-12-31"), "validity", "2099"),
}
OF_ROW: dict[str, tuple[str, str, object, str, str, str]] = {
    "attended": ("certificate", "attended", '["1","2","3","4","5","8"]', HIS, "sessions attended", ""),
    "language": ("certificate", "language", "tlh", HIS, "language of the name", "tlh"),
    "digest": ("issued", "pdf_sha256", "f0" * 32, ISSUED, "file", "f0f0f0f0"),
    "size": ("issued", "pdf_bytes", 12_345_678, ISSUED, "file", "12345678"),
    "seal": ("issued", "seal_kid", "f0f0f0f0", ISSUED, "signing keys", "f0f0f0f0"),
    "no credential": ("issued", "credential_kid", "", ISSUED, "signing keys", ""),
    "replaces nothing": ("certificate", "supersedes_id", None, HIS, "certificate that it replaces", ""),
}


@pytest.mark.parametrize("way", OF_BATCH)
def test_what_a_batch_shares_cannot_be_changed(
    deployment: Deployment, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    change, named, forged = OF_BATCH[way]
    number = deployment.numbers[-1]
    batch = f"id = (SELECT batch_id FROM certificate WHERE number = '{number}')"
    old = deployment.value(f"SELECT facts FROM batch WHERE {batch}")
    with deployment.changed("batch", "facts", change(old), batch):
        noticed(deployment, number, named, forged, caplog)
    sound(deployment, number)


@pytest.mark.parametrize("way", OF_ROW)
def test_what_a_certificate_states_cannot_be_changed(
    deployment: Deployment, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    table, column, new, where, named, forged = OF_ROW[way]
    number = deployment.numbers[-1]
    with deployment.changed(table, column, new, where.format(number=number)):
        noticed(deployment, number, named, forged, caplog)
    sound(deployment, number)


def test_what_was_replaced_does_not_count_again(deployment: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    """The row of what replaces it says so no more, and the replaced one would be valid: its own page knows better."""
    app, new = deployment.app, deployment.numbers[-1]
    replaced = app.store.certificate(new)
    assert replaced is not None
    old = replaced.supersedes
    assert old is not None
    assert judge(app, old).summary is Summary.REPLACED
    with deployment.changed("certificate", "supersedes_id", None, HIS.format(number=new)):
        assert judge(app, old).summary is Summary.UNKNOWN
        assert "replacement_differs_from_trail" in caplog.messages
        told = f"{printed(old)} was replaced by {printed(new)}, as the trail says"
        assert [one for one in app.store.trail.faults(app.voucher) if told in one]
    assert judge(app, old).summary is Summary.REPLACED
    assert not [one for one in app.store.trail.faults(app.voucher) if "replaced" in one]


WITHDRAWN = (
    "INSERT INTO revocation (certificate_id, at, reason, detail, reinstated) "
    "SELECT id, registered_at, 'fraud', 'Forged slander.', false FROM certificate "
    "JOIN issued ON issued.certificate_id = certificate.id WHERE number = :number"
)


def test_a_row_alone_withdraws_nothing(deployment: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    """What no entry of the trail says could not be checked, loudly; what a person entered as it stands holds."""
    app, number = deployment.app, deployment.numbers[0]
    deployment.run(WITHDRAWN, number=number)
    try:
        assert judge(app, number).summary is Summary.UNKNOWN
        assert "status_differs_from_trail" in caplog.messages
        page = deployment.visitor.get(f"/c/{number}").get_data(as_text=True)
        assert "Could not be checked" in page
        assert "slander" not in page
        told = list(app.store.trail.faults(app.voucher))
        assert any(printed(number) in one for one in told)
        app.store.trail.adopt(crowd.ACT, told)
        assert judge(app, number).summary is Summary.REVOKED
    finally:
        deployment.run("DELETE FROM revocation")
        app.store.trail.adopt(crowd.ACT, [])
    sound(deployment, number)


@pytest.mark.parametrize(("column", "new"), [("reason", "fraud"), ("detail", "Forged slander."), ("at", "2025")])
def test_why_and_when_it_was_withdrawn_cannot_be_changed(deployment: Deployment, column: str, new: str) -> None:
    app, number = deployment.app, deployment.numbers[0]
    act = replace(crowd.ACT, at=crowd.NOW + timedelta(minutes=1))
    app.store.revocations.add([number], Revocation(act.at, RevocationReason.ERROR, "Misspelt."), act)
    try:
        assert judge(app, number).summary is Summary.REVOKED
        stored = deployment.value(f"SELECT {column} FROM revocation WHERE undone_at IS NULL")
        if column == "at":
            new = stored.replace("2026", new) if isinstance(stored, str) else stored - timedelta(days=365)
        with deployment.changed("revocation", column, new, "undone_at IS NULL"):
            assert judge(app, number).summary is Summary.UNKNOWN
        assert judge(app, number).summary is Summary.REVOKED
    finally:
        app.store.revocations.undo([number], crowd.NOW, replace(act, at=act.at + timedelta(minutes=1)))
    sound(deployment, number)


@pytest.mark.parametrize("entered", [False, True])
def test_a_row_alone_replaces_nothing(deployment: Deployment, entered: bool, caplog: pytest.LogCaptureFixture) -> None:
    """Nor does one with an entry that somebody wrote beside it: what replaces it has whom it replaces on its roll."""
    app, (his, other, *_) = deployment.app, deployment.numbers
    where = HIS.format(number=other)
    old = deployment.value(f"SELECT id FROM certificate WHERE number = '{his}'")
    before = deployment.value("SELECT max(id) FROM audit")
    with deployment.changed("certificate", "supersedes_id", old, where):
        if entered:
            with writing(app.engine) as connection:
                audit.append(connection, crowd.ACT, audit.Change("certificate.replace", SLUG, his, None, {"by": other}))
        assert judge(app, his).summary is Summary.UNKNOWN
        assert "replaced_by_nobody" in caplog.messages
        assert "replaced by" not in deployment.visitor.get(f"/c/{his}").get_data(as_text=True)
    deployment.run("DELETE FROM audit WHERE id > :before", before=before)
    sound(deployment, his)


def test_a_certificate_cannot_become_somebody_elses(deployment: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    """Nor is it shown on his personal page, or sent to him."""
    mine, his = deployment.numbers[-1], deployment.numbers[0]
    thief = deployment.value("SELECT person_id FROM certificate WHERE number = :number", number=his)
    with deployment.changed("certificate", "person_id", thief, HIS.format(number=mine)):
        noticed(deployment, mine, "person", "", caplog)
        ref = deployment.value("SELECT ref FROM person WHERE id = :id", id=thief)
        path = f"/me/{Links(deployment.app.keys).token(ref)}"
        page = deployment.visitor.get(path).get_data(as_text=True)
        assert f"{path}/{printed(mine)}.pdf" not in page
        assert f"{path}/{printed(his)}.pdf" in page
        assert deployment.visitor.get(f"{path}/{printed(mine)}.pdf").status_code == 503
    sound(deployment, mine)


def test_the_moment_of_registration_cannot_be_moved(deployment: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    """Else what a thief of a key signed would be older than the theft."""
    number = deployment.numbers[-1]
    where = ISSUED.format(number=number)
    stored = deployment.value(f"SELECT registered_at FROM issued WHERE {where}")
    earlier = stored.replace("2026", "2025") if isinstance(stored, str) else stored - timedelta(days=365)
    with deployment.changed("issued", "registered_at", earlier, where):
        noticed(deployment, number, "moment of registration", "2025", caplog)
    sound(deployment, number)


@pytest.mark.parametrize(
    "sql",
    [
        f"DELETE FROM enrolled WHERE {ISSUED}",
        "UPDATE roll SET entries = '' WHERE id > 0",
        "UPDATE roll SET facts = 'x' WHERE id > 0",
    ],
)
def test_no_roll_is_as_good_as_a_wrong_one(deployment: Deployment, sql: str, caplog: pytest.LogCaptureFixture) -> None:
    """Deleting what is signed is no way round it."""
    number = deployment.numbers[-1]
    copy = [(id_, roll) for id_, roll in deployment.app.store.rolls.all() if roll]
    found = deployment.app.store.certificate(number)
    assert found is not None
    assert found.enrolment is not None
    record._memory._rolls.clear()
    if "entries" in sql and deployment.app.engine.dialect.name == "postgresql":
        sql = sql.replace("''", "''::bytea")
    deployment.run(sql.format(number=number))
    try:
        noticed(deployment, number, "", "", caplog)
    finally:
        for id_, roll in copy:
            again = "UPDATE roll SET entries = :entries, facts = :facts WHERE id = :id"
            deployment.run(again, entries=roll.entries, facts=roll.facts, id=id_)
        place = found.enrolment
        values = f"(SELECT id FROM certificate WHERE number = '{number}'), :roll, :place"
        if "DELETE" in sql:
            insert = f"INSERT INTO enrolled (certificate_id, roll_id, place) SELECT {values}"
            deployment.run(insert, roll=place.roll, place=place.place)
    sound(deployment, number)


def test_a_roll_that_somebody_else_signed_is_none(deployment: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    number = deployment.numbers[-1]
    found = deployment.app.store.certificate(number)
    assert found is not None
    assert found.enrolment is not None
    record._memory._rolls.clear()
    with deployment.changed("roll", "signature", os.urandom(64), f"id = {found.enrolment.roll}"):
        noticed(deployment, number, "", "", caplog)
        wrong = [one for one in examination.all_of(examination.LOOKS, deployment.app) if one.about == "records"]
        assert next(one.good for one in wrong) is False
    sound(deployment, number)


def test_a_forged_file_with_its_digest_put_right_is_not_ours(
    deployment: Deployment, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """The bytes of the page are changed, and digest and size in the register with them."""
    app, number = deployment.app, deployment.numbers[-1]
    stored, certificate = app.store.pdf(number), app.store.certificate(number)
    assert stored is not None
    assert certificate is not None
    forged = stored.tail.replace(b"endstream", b"endstreaN", 1)
    digest = hashlib.sha256(stored.plate + forged).hexdigest()
    where = ISSUED.format(number=number)
    (tmp_path / "forged.pdf").write_bytes(stored.plate + forged)
    with (
        deployment.changed("tail", "data", forged, where),
        deployment.changed("issued", "pdf_sha256", digest, where),
    ):
        noticed(deployment, number, "file", digest, caplog)
        verdict = judge(app, str(tmp_path / "forged.pdf"))
        assert verdict.summary is Summary.UNKNOWN
        assert [step.name for step in verdict.steps if step.outcome == "unknown"] == ["identical", "seal", "record"]
        assert verdict.certificate is None
        with pytest.MonkeyPatch.context() as blind:  # the seal tells by itself
            blind.setattr(record, "_holds", lambda *_: True)
            verdict = judge(app, str(tmp_path / "forged.pdf"))
            assert verdict.summary is Summary.UNKNOWN
            assert verdict.certificate is None
    sound(deployment, number)


def noticed(deployment: Deployment, number: Number, named: str, forged: str, caplog: pytest.LogCaptureFixture) -> None:
    """Make sure that everything that looks at *number* notices, and that nothing shows what was *forged*."""
    app, caplog_before = deployment.app, len(caplog.records)
    record._lull.until = 0.0
    page = deployment.visitor.get(f"/c/{number}")
    program = deployment.visitor.get(f"/c/{number}", headers={"Accept": "application/json"})
    answer = program.get_json()
    assert (answer["summary"], answer["statement"]) == ("unknown", None)
    assert [one["outcome"] for one in answer["steps"] if one["name"] == "record"] == ["unknown"]
    assert named in str(answer["steps"])
    critical = [one for one in caplog.records[caplog_before:] if one.levelno == logging.CRITICAL]
    assert {vars(one)["number"] for one in critical} == {number}
    said = page.get_data(as_text=True)
    assert "Could not be checked" in said
    for shown in (said, program.get_data(as_text=True)):
        assert not forged or forged not in shown
    assert judge(app, number).summary is Summary.UNKNOWN
    assert deployment.visitor.get(f"/c/{number}/credential.json").status_code == 503
    exported = _exported(deployment)
    assert number in exported[0].unchecked
    assert not forged or forged not in exported[1]
    told = list(trail.everything(app.store, app.keys, app.voucher))
    assert any(printed(number) in one or "on no roll" in one for one in told)
    found = list(examination.files(app, app.store.examined()))
    assert [one.good for one in found] == [False]
    assert printed(number) in found[0].text
    _signed_anew_by_nobody(app, number, named)


def _signed_anew_by_nobody(app: App, number: Number, named: str) -> None:
    """Make sure that no correction starts from what is held of *number*, and that whoever works here is told why."""
    refused = f"(?s){printed(number)}: .*{named}.*Nothing was ordered"
    wanted = corrections.Wanted(number, corrections.Changes(name="Anna"))
    with pytest.raises(ConflictError, match=refused):
        corrections.propose(app.store, app.keys, [wanted])
    with pytest.raises(ConflictError, match=refused):
        corrections.to_reissue(app.store, app.keys, app.keys.trusted(Purpose.CLAIM)[0].kid)
    held = app.store.certificate(number)
    assert held is not None
    behind = personal.find(app.store, app.keys, held.person)
    assert named in behind.unchecked[number]
    assert number not in {one.number for one in behind.certificates}
    (edition,) = report.counted(app.store, app.keys, [SLUG], crowd.NOW.date()).editions
    assert sum(one.states.get("unknown", 0) for one in edition.certificates)


def _exported(deployment: Deployment) -> tuple[deliver.Exported, str]:
    app, out = deployment.app, deployment.folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    site = deliver.Site(Links(app.keys), app.settings.base_url, crowd.NOW.date(), app.keys)
    done = deliver.export(SLUG, app.store, site, out, deliver.Wanted(manifest_only=True))
    return done, (out / deliver.MANIFEST).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(("what", "first"), [("facts", 100), ("name", 200)])
def test_what_was_changed_between_approval_and_issue_is_not_signed(
    deployment: Deployment, what: str, first: int
) -> None:
    """Else our own keys would sign what nobody approved."""
    app = deployment.app
    batch = crowd.approved(app, 2, first)
    where = f"id = {batch}"
    if what == "name":
        where = f"id = (SELECT max(id) FROM certificate WHERE batch_id = {batch})"
    table = "batch" if what == "facts" else "certificate"
    old = str(deployment.value(f"SELECT {what} FROM {table} WHERE {where}"))
    new = "Eve Forger" if what == "name" else old.replace("Geneva", "Forgedville")
    office = issue.Office(app.store, Queue(1), lambda: crowd.NOW)
    with deployment.changed(table, what, new, where), pytest.raises(ConflictError, match="is not what was ordered"):
        issue.issue(office, app.tools(), batch, crowd.ACT)
    app.store.batches.end(batch, End.CANCELLED, crowd.ACT)


def test_what_nobody_changed_is_valid_and_exported(deployment: Deployment) -> None:
    for number in deployment.numbers:
        sound(deployment, number)
    done, _ = _exported(deployment)
    assert (done.listed, list(done.unchecked)) == (len(deployment.numbers), [])
    found = list(examination.files(deployment.app, deployment.app.store.examined()))
    assert [one.good for one in found] == [True]
