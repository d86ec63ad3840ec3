"""Whoever writes the database without a key of ours is noticed, whatever he changes of status, keys and trail."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from certs.db.store import Store
from certs.errors import ConflictError, InputError
from certs.ground import checkpoint
from certs.keyring import record
from certs.keyring.voucher import FILE
from certs.model import Checkpoint, KeyState, Kid, Number, Purpose, Summary
from certs.work import keys as keeping
from certs.work import trail
from certs.work.verify.standing import standing
from tests.ports.conftest import opened
from tests.ports.tampering import FRAUD, House, append, at, house, rechain, replaced, sql, unguarded
from tests.register import EVENT, draft, evidence, granted, ordered, signer_called

Spoil = Callable[[House, Engine], None]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = opened(database_url)
    yield made
    made.dispose()


@pytest.fixture
def ours(engine: Engine, tmp_path: Path) -> House:
    return house(engine, tmp_path / "signing_keys")


def test_an_honest_register_is_as_its_trail_says(ours: House) -> None:
    """Keys made, certificates issued, revoked, reinstated, undone, a key rotated: nothing is wrong."""
    assert ours.faults() == []
    ana = ours.numbers[0]
    ours.store.revocations.add([ana], FRAUD, at(3))
    ours.store.revocations.undo([ana], FRAUD.at, at(3))
    old = ours.key(Purpose.CREDENTIAL)
    keeping.make(ours.store.key_trail, ours.keys, at(4), Purpose.CREDENTIAL, organisation="")
    _retire(ours, old.kid)
    ours.publish()
    assert ours.faults() == []


def _retire(ours: House, kid: str) -> None:
    with keeping.entered(ours.store.key_trail, ours.keys, at(5), "key.retire") as tell:
        ours.keys.retire(kid, at(5).at, "rotation", tell=tell)


def _unrevoked(ours: House, engine: Engine) -> None:
    sql(engine, "UPDATE revocation SET undone_at = at WHERE undone_at IS NULL")


def _revocation_deleted(ours: House, engine: Engine) -> None:
    sql(engine, "DELETE FROM revocation WHERE undone_at IS NULL")


def _revocation_moved(ours: House, engine: Engine) -> None:
    sql(engine, "UPDATE revocation SET reason = 'error' WHERE undone_at IS NULL")


def _reinstatement_hidden(ours: House, engine: Engine) -> None:
    sql(engine, "UPDATE revocation SET reinstated = false WHERE reinstated")


def _reinstatement_forged(ours: House, engine: Engine) -> None:
    """With an entry that fits the chain, and rows that fit the entry."""
    ben = ours.numbers[1]
    moment = "2026-11-22 15:00:00" + (".000000" if engine.dialect.name == "sqlite" else "+00")
    sql(engine, "UPDATE revocation SET undone_at = :at, reinstated = true WHERE undone_at IS NULL", at=moment)
    append(engine, "certificate.reinstate", ben, '{"status":"revoked"}', '{"status":"issued"}')


def _emptied(ours: House, engine: Engine) -> None:
    sql(engine, "DELETE FROM audit")


def _emptied_with_checkpoints(ours: House, engine: Engine) -> None:
    sql(engine, "DELETE FROM audit", "DELETE FROM checkpoint")
    (ours.keys.path / FILE).unlink()


def _cut(ours: House, engine: Engine) -> None:
    sql(engine, "DELETE FROM audit WHERE act LIKE 'certificate.%'")


def _cut_with_rows(ours: House, engine: Engine) -> None:
    """An older state of the register, to the last row: only the key folder knows better."""
    sql(
        engine,
        "DELETE FROM checkpoint WHERE entries > (SELECT max(id) FROM audit WHERE act = 'batch.issue')",
        "DELETE FROM audit WHERE act LIKE 'certificate.%'",
        "DELETE FROM revocation",
        "DELETE FROM status_list",
    )


def _rechained(ours: House, engine: Engine) -> None:
    """The revocation is taken out of rows and trail, and the trail written anew without a flaw."""
    ben = ours.numbers[1]
    sql(engine, "DELETE FROM revocation WHERE undone_at IS NULL", "DELETE FROM status_list")
    with engine.begin() as connection:
        rechain(connection, lambda one: None if one["subject"] == ben else one)


def _another_registers(ours: House, engine: Engine) -> None:
    """Whole and well chained, but of another register of the same keys."""
    with engine.begin() as connection:
        rechain(connection, lambda one: one if str(one["act"]).startswith("key.") else None)


def _key_not_in_trail(ours: House, engine: Engine) -> None:
    with engine.begin() as connection:
        rechain(connection, lambda one: None if one["subject"] == f"key {ours.key(Purpose.LINK).kid}" else one)


def _compromise_in_trail_changed(ours: House, engine: Engine) -> None:
    with engine.begin() as connection:
        rechain(connection, lambda one: {**one, "new": str(one["new"]).replace("active", "retired")})


def _no_act(ours: House, engine: Engine) -> None:
    """A certificate appears that nobody issued."""
    ana = ours.numbers[0]
    with engine.begin() as connection:
        rechain(connection, lambda one: _left_out(one, ana))


def _left_out(one: dict[str, object], number: str) -> dict[str, object]:
    new = json.loads(str(one["new"])) if one["new"] else {}
    if number in new.get("issued", {}):
        del new["issued"][number]
        return {**one, "new": json.dumps(new)}
    return one


def _other_seal(ours: House, engine: Engine) -> None:
    sql(engine, "UPDATE issued SET seal_kid = 'aaaaaaaa'")


def _back_dated(ours: House, engine: Engine) -> None:
    moment = "2020-01-01 00:00:00" + (".000000" if engine.dialect.name == "sqlite" else "+00")
    sql(engine, "UPDATE issued SET registered_at = :at", at=moment)


def _certificate_hidden(ours: House, engine: Engine) -> None:
    sql(engine, "UPDATE certificate SET state = 'cancelled' WHERE number = :number", number=ours.numbers[0])


def _approved_by_another(ours: House, engine: Engine) -> None:
    sql(engine, "UPDATE batch SET ordered_by = 'eve'")


def _older_list(ours: House, engine: Engine) -> None:
    """The list of before the revocation is put back, signed by us; its mark says that it is of today."""
    older = ours.store.status_list(1)
    ours.store.revocations.add([ours.numbers[0]], FRAUD, at(3))
    ours.publish()
    assert ours.faults() == []
    sql(engine, "UPDATE status_list SET data = :data", data=older)


def _forged_list(ours: House, engine: Engine) -> None:
    older = ours.store.status_list(1) or b""
    sql(engine, "UPDATE status_list SET data = :data", data=older.replace(b"u", b"v", 1))


def _checkpoint_of_others(ours: House, engine: Engine) -> None:
    sql(engine, "UPDATE checkpoint SET note = replace(note, '/trail', '/other')")


def _checkpoints_gone(ours: House, engine: Engine) -> None:
    sql(engine, "DELETE FROM checkpoint")


def _replacement_hidden(ours: House, engine: Engine) -> None:
    old = ours.numbers[0]
    replaced(ours, old)
    assert ours.faults() == []
    sql(engine, "UPDATE certificate SET supersedes_id = NULL WHERE supersedes_id IS NOT NULL")


def _facts_before_issue(ours: House, engine: Engine) -> None:
    ordered(ours.store, [draft("dan@example.org")])
    assert ours.faults() == []
    sql(engine, "UPDATE batch SET facts = replace(facts, 'Institute', 'Academy') WHERE base_url = ''")


def _name_before_issue(ours: House, engine: Engine) -> None:
    new = draft("dan@example.org")
    ordered(ours.store, [new])
    sql(engine, "UPDATE certificate SET name = 'Eve' WHERE number = :number", number=new.number)


def _with_evidence(ours: House) -> None:
    ours.store.evidence.add(EVENT.slug, [evidence("ana@example.org"), evidence("ben@example.org")], at(3))
    ours.store.evidence.withdraw(EVENT.slug, [2], at(4))
    assert ours.faults() == []


def _evidence_changed(ours: House, engine: Engine) -> None:
    _with_evidence(ours)
    sql(engine, "UPDATE evidence SET seconds = 9999 WHERE id = 1")


def _evidence_counts_again(ours: House, engine: Engine) -> None:
    _with_evidence(ours)
    sql(engine, "UPDATE evidence SET withdrawn_at = NULL WHERE id = 2")


def _evidence_gone(ours: House, engine: Engine) -> None:
    _with_evidence(ours)
    sql(engine, "DELETE FROM evidence WHERE id = 2")


def _with_ruling(ours: House) -> None:
    made = replace(granted("ana@example.org"), author="ana", at=at(3).at)
    ours.store.rulings.add(EVENT.slug, [made], at(3, made.reason))
    assert ours.faults() == []


def _ruling_changed(ours: House, engine: Engine) -> None:
    _with_ruling(ours)
    sql(engine, "UPDATE ruling SET ruled = 'withheld'")


def _ruling_gone(ours: House, engine: Engine) -> None:
    _with_ruling(ours)
    sql(engine, "DELETE FROM ruling")


WAYS: dict[Spoil, str] = {
    _facts_before_issue: "is not what was ordered, as the trail says",
    _name_before_issue: "is not what was ordered, as the trail says",
    _evidence_changed: "Evidence 1 on ana@example.org stands otherwise",
    _evidence_counts_again: "Evidence 2 on ben@example.org stands otherwise",
    _evidence_gone: "and the register has lost it",
    _ruling_changed: "What was decided on ana@example.org",
    _ruling_gone: "and the register does not hold that",
    _unrevoked: "counts again in the register",
    _revocation_deleted: "the register has lost that",
    _revocation_moved: "is withdrawn in the register since",
    _reinstatement_hidden: "counts again",
    _reinstatement_forged: "nobody who holds our keys has signed that",
    _emptied: "The trail is empty, beside certificates",
    _emptied_with_checkpoints: "The trail is empty, beside certificates",
    _cut: "it was cut, or an older register was put in place",
    _cut_with_rows: "which the checkpoint in the key folder of",
    _rechained: "the trail was written anew",
    _another_registers: "no entry of the trail says that it was",
    _key_not_in_trail: "The trail says nothing of link key",
    _compromise_in_trail_changed: "is retired, and its record in the folder says active",
    _no_act: "is in the register as issued, and no entry of the trail says that it was",
    _other_seal: "stands in the register otherwise than the trail says",
    _back_dated: "stands in the register otherwise than the trail says",
    _replacement_hidden: "as the trail says, and the register does not know it",
    _certificate_hidden: "was issued, as the trail says, and the register does not hold it",
    _approved_by_another: "was ordered by eve",
    _older_list: "is older than the register",
    _forged_list: "Status list 1:",
    _checkpoint_of_others: "is not signed by a credential key that lies here",
    _checkpoints_gone: "The register has lost the checkpoint of entry",
}


@pytest.mark.parametrize("spoil", WAYS, ids=lambda spoil: spoil.__name__.strip("_"))
def test_what_a_writer_of_the_database_does_is_named(ours: House, engine: Engine, spoil: Spoil) -> None:
    unguarded(engine)
    spoil(ours, engine)
    found = ours.faults()
    assert any(WAYS[spoil] in one for one in found), found


def test_a_list_that_still_withdraws_what_the_register_does_not_is_named(ours: House, engine: Engine) -> None:
    """Rows and trail agree with each other; what we published says otherwise."""
    unguarded(engine)
    sql(engine, "DELETE FROM revocation WHERE undone_at IS NULL")
    assert any("says that what is at place 2 is withdrawn" in one for one in ours.faults())


def test_an_older_key_folder_is_named(ours: House, tmp_path: Path) -> None:
    """Put back by a thief or by an honest restore: a compromised key is safe again, says its record."""
    shutil.copytree(ours.keys.path, tmp_path / "before")
    kid = ours.key(Purpose.CLAIM).kid
    with keeping.entered(ours.store.key_trail, ours.keys, at(5), "key.compromise") as tell:
        ours.keys.compromise(kid, at(1).at, "theft", at(5).at, tell=tell)
    assert ours.faults() == []
    shutil.rmtree(ours.keys.path)
    shutil.copytree(tmp_path / "before", ours.keys.path)
    found = ours.faults()
    assert any(f"claim key {kid} is compromised since" in one and "says active" in one for one in found), found


def test_a_record_of_compromise_moved_by_hand_is_named(ours: House) -> None:
    kid = ours.key(Purpose.CLAIM).kid
    with keeping.entered(ours.store.key_trail, ours.keys, at(5), "key.compromise") as tell:
        ours.keys.compromise(kid, at(1).at, "theft", at(5).at, tell=tell)
    file = ours.keys.folder_of(ours.key(Purpose.CLAIM)) / record.RECORD
    file.write_text(file.read_text().replace("2026-11-22T13", "2026-11-22T14"))
    (ours.keys.path / "moved").touch()
    assert any("compromised since 2026-11-22 13:00 UTC" in one for one in ours.faults())


def test_what_was_slipped_in_does_not_come_under_our_signature(ours: House, engine: Engine) -> None:
    """The next act is not signed either, and counts; a person has to look, and then all is signed."""
    unguarded(engine)
    _reinstatement_forged(ours, engine)
    ours.store.revocations.add([ours.numbers[0]], FRAUD, at(6))
    unsigned = ours.store.trail.unvouched()
    assert [one.act for one in unsigned] == ["certificate.reinstate", "certificate.revoke"]
    ours.publish()
    with pytest.raises(ConflictError, match="entered meanwhile"):
        trail.take(ours.store, ours.keys, ours.voucher, at(7), [])
    note = trail.take(ours.store, ours.keys, ours.voucher, at(7), unsigned)
    assert (ours.faults(), ours.faults(note)) == ([], [])


def test_a_thief_of_the_keys_too_is_told_by_the_checkpoint_kept_outside(ours: House, engine: Engine) -> None:
    """He writes the trail anew, signs it, and replaces what the key folder keeps: only outside is it seen."""
    outside = ours.store.trail.newest_checkpoint()
    unguarded(engine)
    _rechained(ours, engine)
    sql(engine, "DELETE FROM checkpoint")
    (ours.keys.path / FILE).unlink()
    entries, _ = ours.store.trail.head()
    assert ours.store.trail.vouch(ours.voucher, at(9), entries)
    ours.publish()
    assert ours.faults() == []
    assert any("the checkpoint kept outside" in one for one in ours.faults(outside))


def test_a_checkpoint_of_nobody_is_refused(ours: House) -> None:
    note = ours.store.trail.newest_checkpoint()
    for wrong in ("", "a\n\n— b c\n", note.replace("\n1", "\n2", 1), note * 30, note.replace("— ", "- ")):
        with pytest.raises(InputError):
            trail.given(wrong, ours.voucher)


def test_a_register_of_before_is_adopted_once(engine: Engine, ours: House) -> None:
    """It has no checkpoint, and a revocation that no entry tells of; a person says how that comes."""
    unguarded(engine)
    sql(engine, "DELETE FROM checkpoint")
    (ours.keys.path / FILE).unlink()
    with engine.begin() as connection:
        rechain(connection, lambda one: None if one["subject"] == ours.numbers[1] else one)
    assert len(ours.faults()) == 2
    with pytest.raises(InputError, match="a reason"):
        trail.adopt(ours.store, ours.keys, ours.voucher, at(8, ""))
    assert trail.adopt(ours.store, ours.keys, ours.voucher, at(8, "restored by hand in 2025")) == 1
    assert ours.faults() == []


ENTERED: dict[Spoil, str] = {
    _facts_before_issue: "UPDATE batch SET facts = replace(facts, 'Academy', 'Guild') WHERE base_url = ''",
    _name_before_issue: "UPDATE certificate SET name = 'Mallory' WHERE name = 'Eve'",
    _approved_by_another: "UPDATE batch SET ordered_by = 'mallory'",
    _evidence_changed: "UPDATE evidence SET seconds = 9998 WHERE id = 1",
    _evidence_counts_again: "UPDATE evidence SET seconds = 9998 WHERE id = 2",
    _ruling_changed: "UPDATE ruling SET reason = 'because'",
}


@pytest.mark.parametrize("spoil", ENTERED, ids=lambda spoil: spoil.__name__.strip("_"))
def test_batches_evidence_and_rulings_are_adopted_just_as_they_stand(ours: House, engine: Engine, spoil: Spoil) -> None:
    """Once a person can explain it; whoever changes the same again is named again."""
    unguarded(engine)
    spoil(ours, engine)
    before = ours.faults()
    assert WAYS[spoil] in str(before)
    assert trail.adopt(ours.store, ours.keys, ours.voucher, at(8, "mended by hand")) == len(before)
    assert ours.faults() == []
    sql(engine, ENTERED[spoil])
    assert WAYS[spoil].replace("eve", "mallory") in str(ours.faults())


@pytest.mark.parametrize("spoil", [_evidence_gone, _ruling_gone])
def test_what_is_lost_of_evidence_and_rulings_is_adopted(ours: House, engine: Engine, spoil: Spoil) -> None:
    unguarded(engine)
    spoil(ours, engine)
    assert len(ours.faults()) == 1
    trail.adopt(ours.store, ours.keys, ours.voucher, at(8, "an import of before was thrown away"))
    assert ours.faults() == []


def test_nothing_is_adopted_behind_a_broken_chain(engine: Engine, ours: House) -> None:
    unguarded(engine)
    sql(engine, "UPDATE audit SET actor = 'eve' WHERE id = 2")
    with pytest.raises(ConflictError, match="broken chain"):
        trail.adopt(ours.store, ours.keys, ours.voucher, at(8))


def test_an_act_counts_where_no_key_can_sign(ours: House) -> None:
    """After the only credential key is compromised a revocation is stored and stays for a person to look at."""
    kid = ours.key(Purpose.CREDENTIAL).kid
    with keeping.entered(ours.store.key_trail, ours.keys, at(5), "key.compromise") as tell:
        ours.keys.compromise(kid, at(5).at, "theft", at(5).at, tell=tell)
    ours.store.revocations.add([ours.numbers[0]], FRAUD, at(6))
    assert [one.act for one in ours.store.trail.unvouched()] == ["key.compromise", "certificate.revoke"]


def test_a_retired_key_signs_its_own_retirement(ours: House) -> None:
    kid = ours.key(Purpose.CREDENTIAL).kid
    _retire(ours, kid)
    assert ours.key(Purpose.CREDENTIAL).state is KeyState.RETIRED
    assert ours.store.trail.unvouched() == []


def test_a_transaction_that_fails_leaves_no_checkpoint(ours: House) -> None:
    """Neither in the register nor in the key folder, which would accuse it of a loss."""
    kept = ours.voucher.kept()
    with pytest.raises(ConflictError):
        ours.store.revocations.add([ours.numbers[1]], FRAUD, at(6))
    assert (ours.voucher.kept(), ours.store.trail.newest_checkpoint()) == (kept, kept)


def test_a_store_without_keys_signs_nothing(store: Store) -> None:
    assert (store.trail.newest_checkpoint(), store.trail.head()) == ("", (0, ""))


@pytest.mark.parametrize("spoil", [_unrevoked, _revocation_deleted], ids=["undone", "deleted"])
def test_a_revocation_that_vanished_makes_the_verdict_unknown(
    ours: House, engine: Engine, spoil: Spoil, caplog: pytest.LogCaptureFixture
) -> None:
    """Never valid, and loudly; one that was reinstated in good order counts."""
    unguarded(engine)
    spoil(ours, engine)
    _, ben, cy = (_judged(ours, number) for number in ours.numbers)
    assert (ben, cy) == (Summary.UNKNOWN, Summary.VALID)
    assert "status_differs_from_trail" in caplog.messages


def _judged(ours: House, number: Number) -> Summary:
    found = ours.store.certificate(number)
    assert found is not None
    return standing(found, ours.keys, at(9).at)[0]


@pytest.mark.parametrize("way", ["alone", "under an older checkpoint", "under one of nobody"])
def test_a_reinstatement_that_nobody_signed_makes_the_verdict_unknown(
    ours: House, engine: Engine, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    """Until a person has looked and signs: rows and entry that fit each other are not enough."""
    ben = ours.numbers[1]
    unguarded(engine)
    _reinstatement_forged(ours, engine)
    if way == "under an older checkpoint":
        sql(engine, "UPDATE checkpoint SET entries = entries + 1 WHERE entries = (SELECT max(entries) FROM checkpoint)")
    if way == "under one of nobody":
        entries, sha256 = ours.store.trail.head()
        note = checkpoint.sign(
            Checkpoint("certs.example.org/trail", entries, sha256, at(4).at), signer_called(Kid("x"))
        )
        columns = "(entries, sha256, at, note) SELECT :entries, sha256, at, :note FROM checkpoint LIMIT 1"
        sql(engine, f"INSERT INTO checkpoint {columns}", entries=entries, note=note)
    assert _judged(ours, ben) is Summary.UNKNOWN
    assert "reinstated_by_nobody" in caplog.messages


def test_a_reinstatement_counts_once_a_person_has_signed_it(ours: House, engine: Engine) -> None:
    unguarded(engine)
    _reinstatement_forged(ours, engine)
    entries, _ = ours.store.trail.head()
    assert ours.store.trail.vouch(ours.voucher, at(9), entries)
    assert [_judged(ours, number) for number in ours.numbers] == [Summary.VALID] * 3


def test_an_older_key_folder_makes_the_verdict_unknown(
    ours: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(ours.keys.path, tmp_path / "before")
    kid = ours.key(Purpose.SEAL).kid
    with keeping.entered(ours.store.key_trail, ours.keys, at(5), "key.compromise") as tell:
        ours.keys.compromise(kid, at(-1).at, "theft", at(5).at, tell=tell)
    assert _judged(ours, ours.numbers[0]) is Summary.UNKNOWN
    assert caplog.messages == []
    shutil.rmtree(ours.keys.path)
    shutil.copytree(tmp_path / "before", ours.keys.path)
    assert _judged(ours, ours.numbers[0]) is Summary.UNKNOWN
    assert "key_differs_from_trail" in caplog.messages
