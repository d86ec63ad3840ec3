"""The ways in which somebody could make false things true who writes to the database, and the tests that try them.

One list, so that none gets lost: each way names the test that tries it on SQLite and PostgreSQL, with triggers dropped,
and whether it is noticed without help. Only a thief who holds the keys as well is told by the checkpoint kept outside.
"""

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FALSIFIED, TAMPERED, ENROLLED = "test_falsified.py", "test_tampering.py", "test_enrolling.py"
BATCH = "test_what_a_batch_shares_cannot_be_changed"
ROW = "test_what_a_certificate_states_cannot_be_changed"
NAMED = "test_what_a_writer_of_the_database_does_is_named"
WAYS = {
    "another issuer, requirement, place, title, session or validity": (FALSIFIED, BATCH),
    "another signatory": (FALSIFIED, BATCH),
    "other sessions attended, or another language of the name": (FALSIFIED, ROW),
    "another digest, size, seal or no credential": (FALSIFIED, ROW),
    "that it replaces nothing": (FALSIFIED, ROW),
    "that nothing replaced it": (FALSIFIED, "test_what_was_replaced_does_not_count_again"),
    "that it is somebody else's": (FALSIFIED, "test_a_certificate_cannot_become_somebody_elses"),
    "an earlier moment of registration": (FALSIFIED, "test_the_moment_of_registration_cannot_be_moved"),
    "no roll, or a garbled one": (FALSIFIED, "test_no_roll_is_as_good_as_a_wrong_one"),
    "a roll under another signature": (FALSIFIED, "test_a_roll_that_somebody_else_signed_is_none"),
    "a forged file with its digest": (FALSIFIED, "test_a_forged_file_with_its_digest_put_right_is_not_ours"),
    "other facts or names before issue": (
        FALSIFIED,
        "test_what_was_changed_between_approval_and_issue_is_not_signed",
    ),
    "off its roll, to be enrolled as changed": (
        ENROLLED,
        "test_what_somebody_took_off_its_roll_is_never_enrolled_again",
    ),
    "a revocation undone, deleted, or moved": (TAMPERED, NAMED),
    "the same for a verdict": (TAMPERED, "test_a_revocation_that_vanished_makes_the_verdict_unknown"),
    "a reinstatement with its entry": (
        TAMPERED,
        "test_a_reinstatement_that_nobody_signed_makes_the_verdict_unknown",
    ),
    "an older list of what is withdrawn, or a forged one": (TAMPERED, NAMED),
    "an older key folder": (TAMPERED, "test_an_older_key_folder_makes_the_verdict_unknown"),
    "the trail emptied, cut, or written anew": (TAMPERED, NAMED),
    "evidence, rulings or approvals of others": (TAMPERED, NAMED),
    "all of it, signed with stolen keys": (
        TAMPERED,
        "test_a_thief_of_the_keys_too_is_told_by_the_checkpoint_kept_outside",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_is_tried(way: str) -> None:
    file, name = WAYS[way]
    tests = [one.name for one in ast.parse((HERE / file).read_text()).body if isinstance(one, ast.FunctionDef)]
    assert name in tests
