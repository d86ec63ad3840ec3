"""`make mutants`: one check of the register at a time is taken away, and a test of its must fail.

Each mutant runs in a process of its own, forked after everything was imported, on SQLite. A mutant that survives is
named, and ends this with 1.
"""

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

FALSIFIED, TAMPERED, ENROLLED = (f"tests/ports/test_{name}.py" for name in ("falsified", "tampering", "enrolling"))
RESTORED = "tests/ports/test_restore.py"


def nothing(*_: object, **__: object) -> Iterator[Any]:
    """Notice nothing."""
    return iter(())


def yes(*_: object, **__: object) -> bool:
    """Find all well."""
    return True


def no(*_: object, **__: object) -> bool:
    """Find nothing amiss."""
    return False


def none(*_: object, **__: object) -> None:
    """Say nothing."""


def empty(*_: object, **__: object) -> str:
    """Have nothing to say."""
    return ""


MUTANTS: tuple[tuple[str, str, Callable[..., Any], str, str], ...] = (
    ("certs.work.record", "_oddity", none, FALSIFIED, "shares_cannot and issuer"),
    ("certs.work.record", "_oddity", none, FALSIFIED, "states_cannot and digest"),
    ("certs.roll", "holds", yes, FALSIFIED, "states_cannot and attended"),
    ("certs.roll", "fits", yes, FALSIFIED, "somebody_else_signed"),
    ("certs.work.verify.files", "_identical", lambda data, one, verdict, keys: verdict, FALSIFIED, "forged_file"),
    ("certs.db.entered", "is_as_ordered", yes, FALSIFIED, "between_approval"),
    ("certs.db.entered", "is_as_ordered", yes, TAMPERED, "facts_before_issue"),
    ("certs.db.entered.Told", "_of_evidence", nothing, TAMPERED, "evidence_changed"),
    ("certs.db.entered.Told", "_of_rulings", nothing, TAMPERED, "ruling_gone"),
    ("certs.db.entered.Told", "_of_batches", nothing, TAMPERED, "approved_by_another"),
    ("certs.db.sheets", "_replacements", lambda *_: [], FALSIFIED, "replaced_does_not"),
    ("certs.db.trail", "_differences", nothing, TAMPERED, "replacement_hidden"),
    ("certs.db.trail", "_differences", nothing, TAMPERED, "no_act"),
    ("certs.db.trail", "_of_checkpoints", nothing, TAMPERED, "rechained"),
    ("certs.db.trail", "_of_one", nothing, TAMPERED, "kept_outside or cut_with_rows"),
    ("certs.db.trail", "_of_chain", nothing, TAMPERED, "broken_chain"),
    ("certs.db.trail", "_unvouched", nothing, TAMPERED, "reinstatement_forged"),
    ("certs.db.checkpoints", "_obstacle", empty, TAMPERED, "slipped_in"),
    ("certs.work.keys", "contradictions", nothing, TAMPERED, "older_key_folder_is_named"),
    ("certs.work.publishing", "contradictions", nothing, TAMPERED, "older_list"),
    ("certs.work.verify.standing", "_is_signed", yes, TAMPERED, "nobody_signed_makes"),
    ("certs.work.verify.standing", "_unsafe_by_trail", none, TAMPERED, "older_key_folder_makes"),
    ("certs.db.certificates.Certificates", "_with_entries", lambda _, one: one, TAMPERED, "vanished_makes"),
    ("certs.db.certificates.Certificates", "_is_told", yes, FALSIFIED, "row_alone_withdraws"),
    ("certs.db.certificates.Certificates", "_is_told", yes, FALSIFIED, "why_and_when and detail"),
    ("certs.work.verify.codes", "_succeeded", lambda one, *_: one, FALSIFIED, "row_alone_replaces"),
    ("certs.db.comparison", "is_adopted", no, FALSIFIED, "row_alone_withdraws"),
    ("certs.db.rolls.Rolls", "lost", nothing, ENROLLED, "took_off"),
    ("certs.db.trail.Trail", "contradictions", nothing, ENROLLED, "written_anew"),
    ("certs.work.enrol", "misfit", empty, ENROLLED, "does_not_fit"),
    ("certs.worker.Worker", "_catch_up", none, ENROLLED, "by_itself"),
    ("certs.db.restore.carry._Carrying", "_carry_enrolments", none, RESTORED, "enrolled_since"),
    ("certs.db.restore.carry._Carrying", "_carry_withdrawn_evidence", none, RESTORED, "withdrawn_since"),
)
"""Where a check stands, what it is called, what stands in its place, and whose tests must fail."""


def main() -> int:
    """Try every mutant; return 1 if one survives."""
    for module in {one[0] for one in MUTANTS}:
        _found(module)
    survivors = [
        f"{where}.{name}: {file} -k '{which}'"
        for where, name, new, file, which in MUTANTS
        if _survives(where, name, new, file, which)
    ]
    print(f"{len(MUTANTS)} mutants, {len(survivors)} survived", *survivors, sep="\n", flush=True)
    return 1 if survivors else 0


def _found(where: str) -> Any:
    """Return the module, or the class in one, of that name."""
    try:
        return import_module(where)
    except ModuleNotFoundError:
        module, _, name = where.rpartition(".")
        return getattr(import_module(module), name)


def _survives(where: str, name: str, new: Callable[..., Any], file: str, which: str) -> bool:
    """Say whether no test of *which* fails without the check."""
    child = os.fork()
    if not child:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        getattr(_found(where), name)  # one that is not there is a defect of this list
        setattr(_found(where), name, new)
        options = ("-q", "-x", "-n", "0", "-p", "no:cacheprovider", file, "-k", f"sqlite and ({which})")
        os._exit(int(pytest.main([*options])))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    print(f"{'killed  ' if code == 1 else f'SURVIVED ({code})'} {where}.{name} by {which}", flush=True)
    return code != 1


if __name__ == "__main__":
    sys.exit(main())
