"""Step 8 on real files: whatever the first of a plate gets wrong stops the sheet before anything is stored."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from certs import credential, pdf
from certs.db.store import Store
from certs.errors import SigningError
from certs.model import Purpose, Sheet, Statement
from certs.pdf import layout
from certs.pdf.forme import forme_of
from certs.ports import Signer
from certs.work import issue, orders
from tests.register import LATER, NOW, act, draft, ordered, people
from tests.world import MemoryKeys

ROOT = Path(__file__).parents[2]
BASE_URL = "https://certs.example.org"
Task = tuple[Sheet, datetime]


@pytest.fixture
def tools() -> issue.Tools:
    keys = MemoryKeys()
    for purpose in (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL):
        keys.new(purpose)
    return issue.Tools.of(keys, BASE_URL)


@pytest.fixture
def task(store: Store) -> Task:
    """A sheet of three hundred, so that some besides the first are looked at in full."""
    batch = ordered(store, [draft(one) for one in people(300)])
    orders.approve(store, batch, act())
    sheet = store.sheets.claim(batch, "here/1", NOW, LATER)
    assert sheet is not None
    return sheet, NOW


class Garbling:
    """A key that signs something else than it is given, as a broken token does."""

    def __init__(self, signer: Signer, after: int = 0) -> None:
        self.key, self._sign, self._good = signer.key, signer.sign, after

    def sign(self, message: bytes) -> bytes:
        self._good -= 1
        return self._sign(message if self._good >= 0 else message[::-1])


def test_a_sheet_that_is_right_is_made(tools: issue.Tools, task: Task) -> None:
    assert len(issue.make(tools, task).made) == 300


def test_the_first_that_is_printed_stands_whole_and_all_others_beside_it(tools: issue.Tools, task: Task) -> None:
    """Its row is the oldest, so whoever copies the register row by row meets it before those that need it."""
    sheet, now = task
    first, *others = sheet.everyone
    made = issue.make(tools, (replace(sheet, everyone=(replace(first, name="\ue000"), *others)), now)).made
    assert [one.number for one in made] == [one.number for one in others]
    assert made[0].beside is None
    assert {one.beside for one in made[1:]} == {made[0].number}


@pytest.mark.parametrize(
    ("garbled", "said"),
    [
        (lambda tools: replace(tools, claim_signer=Garbling(tools.claim_signer)), "The claim made for"),
        (lambda tools: replace(tools, credential_signer=Garbling(tools.credential_signer)), "The credential made for"),
        (lambda tools: replace(tools, seal_signer=Garbling(tools.seal_signer)), "The seal's signature does not fit"),
    ],
    ids=["claim", "credential", "seal"],
)
def test_a_key_that_signs_garbage_stops_the_sheet(
    tools: issue.Tools, task: Task, garbled: Callable[[issue.Tools], issue.Tools], said: str
) -> None:
    """A token may answer with the right length and the wrong bytes."""
    with pytest.raises(SigningError, match=said):
        issue.make(garbled(tools), task)


def test_a_key_that_begins_to_sign_garbage_is_noticed(tools: issue.Tools, task: Task) -> None:
    """Though the first credential of the batch was good: whatever is looked at in full has its own proof tried."""
    with pytest.raises(SigningError, match=r"encloses no good credential: Its signature does not fit"):
        issue.make(replace(tools, credential_signer=Garbling(tools.credential_signer, after=1)), task)


def test_a_credential_that_names_somebody_else_is_noticed(
    tools: issue.Tools, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it is the first that is right, and every proof fits."""
    honest, first = credential.Writer.json, task[0].everyone[0]

    def wrong(self: credential.Writer, statement: Statement, *rest: Any) -> bytes:
        stated = statement if statement == first else replace(statement, name="Somebody Else")
        return honest(self, stated, *rest)

    monkeypatch.setattr(credential.Writer, "json", wrong)
    with pytest.raises(SigningError, match="states something else than was ordered"):
        issue.make(tools, task)


def test_a_page_whose_words_left_their_box_is_noticed(
    tools: issue.Tools, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if a design's text were set without regard to its width."""
    monkeypatch.setattr(layout, "_fitting", lambda line_width, style, width: style.size)
    monkeypatch.setattr(layout, "_wrapped", lambda text, line, *_: [line(text)])
    wide = replace(task[0].everyone[0].event, title="Good Practice Marathon of the Institute of Invented Standards")
    sheet = replace(task[0], everyone=tuple(replace(one, event=wide) for one in task[0].everyone))
    forme_of.cache_clear()
    with pytest.raises(SigningError, match="stands outside its box"):
        issue.make(tools, (sheet, NOW))
    forme_of.cache_clear()


def of_faults(monkeypatch: pytest.MonkeyPatch, *odd: Statement) -> None:
    """Let the look at the pages of *odd* find a fault."""

    def look(_: bytes, statement: Statement, *__: object) -> list[str]:
        return ["On the page text 4 stands over text 5."] if statement in odd else []

    monkeypatch.setattr(pdf, "lint", look)


def test_a_page_that_alone_is_not_right_is_held(
    tools: issue.Tools, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that no page can bear must not keep all others from their certificates, nor if it is the first."""
    first, *others = task[0].everyone
    of_faults(monkeypatch, first)
    done = issue.make(tools, task)
    assert [one.number for one in done.made] == [one.number for one in others]
    assert done.made[0].beside is None
    (held,) = done.held
    assert held.number == first.number
    assert "text 4 stands over text 5" in held.reason
    assert "look at the name" in held.reason


def test_all_pages_that_names_make_odd_are_held(
    tools: issue.Tools, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many they are, as long as a plain name's page is right."""
    of_faults(monkeypatch, *task[0].everyone[:2])
    done = issue.make(tools, task)
    assert [one.number for one in done.held] == [one.number for one in task[0].everyone[:2]]
    assert [one.number for one in done.made] == [one.number for one in task[0].everyone[2:]]


def test_a_lone_page_that_is_not_right_is_held(tools: issue.Tools, task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of one does not pause for an odd name either."""
    first = task[0].everyone[0]
    of_faults(monkeypatch, first)
    alone = replace(task[0], everyone=(first,), todo={first.number: task[0].todo[first.number]})
    done = issue.make(tools, (alone, NOW))
    assert not done.made
    assert [one.number for one in done.held] == [first.number]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_that_are_not_right_for_a_plain_name_stop_the_sheet(
    tools: issue.Tools, task: Task, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """It is not the names, then, and nobody is held for her name."""
    everyone = task[0].everyone[:count]
    monkeypatch.setattr(pdf, "lint", lambda *_: ["On the page text 4 stands over text 5."])
    todo = {one.number: task[0].todo[one.number] for one in everyone}
    with pytest.raises(SigningError, match="text 4 stands over text 5"):
        issue.make(tools, (replace(task[0], everyone=everyone, todo=todo), NOW))


def test_the_same_statements_and_keys_give_the_same_files_in_any_process() -> None:
    """Whatever hash seed, time zone, locale and folder; the seal's key of these tests signs alike each time."""
    digests = {_digest_of(*surroundings) for surroundings in _SURROUNDINGS}
    assert len(digests) == 1


_SURROUNDINGS = (
    ("1", "UTC", "C", "/"),
    ("2", "Asia/Kathmandu", "C.UTF-8", "/tmp"),
    ("3", "America/Lima", "tr_TR", "/"),
)


def _digest_of(seed: str, zone: str, locale: str, folder: str) -> str:
    environ = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PATH": "", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _PRINT_DIGEST], env=environ, cwd=folder, capture_output=True, check=True, text=True
    )
    return done.stdout


_PRINT_DIGEST = """
import hashlib
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from certs.work import issue
from certs.keyring.private import ED25519, PrivateSigner, signing_function
from certs.keyring.record import kid_of, spki
from certs.model import KeyState, PersonKey, Purpose, Sheet, TrustedKey
from tests.unit.pdf import cast
from tests.world import MemoryKeys, NOW

keys = MemoryKeys()
for place, purpose in enumerate((Purpose.CLAIM, Purpose.CREDENTIAL)):
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(place, place + 32)))
    public = spki(private.public_key())
    key = TrustedKey(kid_of(public), purpose, ED25519, KeyState.ACTIVE, NOW, public)
    keys._signers[purpose] = [PrivateSigner(key, signing_function(private))]
keys._signers[Purpose.SEAL] = [cast.seal_key()]
everyone = tuple(cast.statement(name, serial) for serial, name in enumerate(cast.NAMES.values()))
todo = {one.number: place for place, one in enumerate(everyone)}
people = {number: PersonKey("somebody@example.org") for number in todo}
sheet = Sheet(1, "t", "mixed/1", NOW, everyone, todo, people)
tools = issue.Tools.of(keys, "https://certs.example.org")
made = issue.make(tools, (sheet, NOW))
print(hashlib.sha256(made.plate + b"".join(one.tail for one in made.made)).hexdigest(), len(made.made))
"""
