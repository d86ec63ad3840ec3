"""Certificates withdrawn, undone and reinstated, as somebody types it."""

import io
import json
import sys

import pytest

from tests.unit.cli.certified import SLUG, certified, does, everything_public, exported, status_list
from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_imports import Terminal

WRONG = "7K3M-9QXZ-2P4D"
"""A number with a typing mistake."""
FOREIGN = "0000-BFXR-71NE"
"""A number that nobody has."""
SECRET = "zzyzx: her sister wrote to us"
SAID = "It names another course."


@pytest.fixture
def numbers(operator: Operator) -> dict[str, str]:
    return certified(operator)


def revoke(operator: Operator, *numbers: str, class_: str = "error", said: str = SAID, code: int = 0) -> str:
    words = ("--class", class_, "--said", said, "--note", SECRET, "--yes")
    return does(operator, "revoke", *numbers, *words, code=code)


def test_it_shows_whose_they_are_and_what_everybody_reads_before_it_asks(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is no, and nothing was done."""
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    words = ("--class", "fraud", "--said", "Attendance was bought.", "--note", SECRET)
    shown = does(operator, "revoke", numbers["Ana"], numbers["Cy"], *words, code=130)
    assert f"{numbers['Ana']}  Ana  Good Practice Marathon 2026  attendance" in shown
    assert f"{numbers['Cy']}  Cy" in shown
    assert "on 23 November 2026 because it was obtained by deceit: Attendance was bought." in shown
    assert "Revoke 2 certificates?" in shown
    assert SECRET not in shown
    assert len(exported(operator)) == 3


def test_the_note_never_leaves_the_trail(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No page, no JSON, no credential, no status list, no export, no answer of a command but the trail's."""
    revoke(operator, numbers["Ana"])
    public = everything_public(numbers["Ana"])
    assert SAID in public
    told = [
        public,
        does(operator, "verify", numbers["Ana"], code=1),
        does(operator, "verify", numbers["Ana"], "--json", code=1),
        does(operator, "status", SLUG, "--json"),
        does(operator, "status", "1", "--json"),
    ]
    assert '"detail": "It names another course."' in told[2]
    exported(operator)
    files = [file.read_bytes() for file in (operator.home / "out").iterdir()]
    assert [one for one in told if "zzyzx" in one] == []
    assert [one for one in files if b"zzyzx" in one] == []
    assert SECRET in does(operator, "audit", SLUG)


def test_the_public_sentence_is_optional(operator: Operator, numbers: dict[str, str]) -> None:
    """The class alone is said."""
    does(operator, "revoke", numbers["Ana"], "--class", "withdrawn", "--note", SECRET, "--yes")
    assert "because the issuer withdrew it.\n" in does(operator, "verify", numbers["Ana"], code=1)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--class", "error"), "--note"),
        (("--class", "error", "--note", "  "), "--note"),
        (("--note", "x"), "one of error, fraud, withdrawn, key_compromise, other"),
        (("--class", "rude", "--note", "x"), "rude"),
        (("--class", "error", "--reason", "x"), "--reason was read by everybody"),
        (("--class", "error", "--reason", "x", "--note", "x"), "--reason was read by everybody"),
        (("--class", "error", "--note", "x", "--said", "a\u202eb"), "cannot be shown"),
        (("--class", "error", "--note", "x", "--said", "one\ntwo"), "cannot be shown"),
        (("--class", "error", "--note", "x", "--said", "a" * 201), "more than"),
    ],
)
def test_what_is_public_and_what_is_not_is_never_guessed(
    operator: Operator, numbers: dict[str, str], words: tuple[str, ...], says: str
) -> None:
    """Nothing is revoked then."""
    assert says in does(operator, "revoke", numbers["Ana"], *words, "--yes", code=2)
    assert len(exported(operator)) == 3


def test_every_wrong_number_is_named_with_its_place_and_nobody_is_revoked(
    operator: Operator, numbers: dict[str, str]
) -> None:
    """A typing mistake is another thing than a number that was never issued."""
    said = revoke(operator, numbers["Ana"], WRONG, "12", FOREIGN, code=2)
    assert f"number 2, {WRONG}: This number contains a typing mistake" in said
    assert "number 3, 12: A certificate number has 12 letters and digits" in said
    assert f"number 4, {FOREIGN}: No certificate was issued with this number." in said
    assert "These 3 are wrong, so nothing was changed." in said
    (operator.home / "list.csv").write_text(f"number,why\n{numbers['Ana']},x\n{FOREIGN},x\n\n{WRONG}\n")
    said = revoke(operator, "--file", "list.csv", code=2)
    assert f"list.csv:3: {FOREIGN}: No certificate" in said
    assert f"list.csv:5: {WRONG}: This number contains" in said
    assert len(exported(operator)) == 3


def test_a_list_of_nothing_is_refused(operator: Operator, numbers: dict[str, str]) -> None:
    """An empty file must not look like success."""
    (operator.home / "list.csv").write_text("number\n")
    assert "Say which certificates" in revoke(operator, "--file", "list.csv", code=2)
    assert "Say which certificates" in revoke(operator, code=2)


def test_revoking_again_says_so(operator: Operator, numbers: dict[str, str]) -> None:
    """In the same words it is done already; in others, or with others beside, it is refused and each is named."""
    revoke(operator, numbers["Ana"])
    assert "revoked already, in these words; nothing was left to do" in revoke(operator, numbers["Ana"])
    said = revoke(operator, numbers["Ana"], class_="fraud", code=5)
    assert f"{numbers['Ana']} Ana: since 2026-11-22 18:00 UTC, error" in said
    assert "certs reinstate" in said
    assert f"{numbers['Ana']} Ana" in revoke(operator, numbers["Ben"], numbers["Ana"], code=5)
    assert set(exported(operator)) == {"Ben", "Cy"}


def test_undo_leaves_no_trace_on_the_page_and_can_be_said_again(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    revoke(operator, numbers["Ana"])
    does(operator, "undo", numbers["Ana"], "--reason", "wrong number")
    public = everything_public(numbers["Ana"])
    assert "It was neither withdrawn nor replaced." in public
    assert "nothing was left to do" in does(operator, "undo", numbers["Ana"], "--reason", "wrong number")
    assert f"{numbers['Ben']} Ben" in does(operator, "undo", numbers["Ben"], "--reason", "x", code=5)


def test_a_mistaken_revocation_is_reinstated_at_any_time_and_the_page_tells(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Valid again, with from when to when, by the event's calendar; the trail has why, and the list is clear."""
    clear = status_list()
    revoke(operator, numbers["Ana"], class_="fraud")
    assert status_list() != clear
    for _ in range(700):
        next(operator.seconds)
    assert "last ten minutes" in does(operator, "undo", numbers["Ana"], "--reason", "x", code=5)
    said = does(operator, "reinstate", numbers["Ana"], "--reason", "zzyzx of her sister", "--yes")
    assert f"{numbers['Ana']}  Ana  Good Practice Marathon 2026  attendance  revoked on 2026-11-22, fraud" in said
    assert "1 certificate holds again" in said
    public = everything_public(numbers["Ana"])
    assert "It was withdrawn from 23 November 2026 to 23 November 2026 and then reinstated." in public
    assert "zzyzx" not in public
    told = json.loads(does(operator, "verify", numbers["Ana"], "--json"))
    assert (told["summary"], len(told["reinstated"])) == ("valid", 1)
    assert status_list() == clear
    trail = does(operator, "audit", SLUG)
    assert "certificate.reinstate" in trail
    assert "zzyzx of her sister" in trail


def test_reinstating_what_is_not_revoked_is_refused_and_again_says_so(
    operator: Operator, numbers: dict[str, str]
) -> None:
    """All or nothing."""
    revoke(operator, numbers["Ana"])
    said = does(operator, "reinstate", numbers["Ana"], numbers["Ben"], "--reason", "x", "--yes", code=5)
    assert f"Not revoked:\n{numbers['Ben']} Ben\nNothing was changed." in said
    assert set(exported(operator)) == {"Ben", "Cy"}
    does(operator, "reinstate", numbers["Ana"], "--reason", "x", "--yes")
    assert "nothing was left to do" in does(operator, "reinstate", numbers["Ana"], "--reason", "x", "--yes")


def test_status_counts_revoked_and_replaced_as_such(operator: Operator, numbers: dict[str, str]) -> None:
    """Beside all that were ever issued."""
    revoke(operator, numbers["Ana"])
    does(operator, "correct", numbers["Ben"], "--name", "Benedict", "--reason", "x", "--yes")
    assert "batch gmp-2026/1: 3 issued (1 revoked, 1 replaced)" in does(operator, "status", SLUG)
    assert "batch gmp-2026/1: 3 issued (1 revoked, 1 replaced)" in does(operator, "status", "1")
    told = json.loads(does(operator, "status", "1", "--json"))
    assert (told["counts"]["issued"], told["revoked"], told["replaced"]) == (3, 1, 1)


def test_interrupted_before_publishing_the_same_command_goes_on(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The register knows it, foreign verifiers not yet."""
    from certs.work import publishing

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    clear = status_list()
    with monkeypatch.context() as broken:
        broken.setattr(publishing, "publish", dies)
        revoke(operator, numbers["Ana"], code=130)
    assert status_list() == clear
    assert "nothing was left to do" in revoke(operator, numbers["Ana"])
    assert status_list() != clear


def test_without_a_terminal_nothing_is_revoked(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless --yes is said."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    words = ("--class", "error", "--note", "x")
    assert "say --yes" in does(operator, "revoke", numbers["Ana"], *words, code=2)
    assert len(exported(operator)) == 3
