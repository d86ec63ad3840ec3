"""Many at one batch: who runs it rings, the others help under the same terms, and nobody else publishes."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from certs.db.store import Store
from certs.errors import ConflictError, SigningError
from certs.model import Act, CertificateState, Finished, Purpose, Sheet, Terms
from certs.queue import Queue
from certs.work import issue, orders, publishing
from certs.work.issue import run
from tests.register import NOW, act, draft, ordered, people
from tests.unit.work.test_issue import BASE_URL, approved, keys, office, plain_pdf, tools
from tests.world import MemoryKeys

__all__ = ["keys", "office", "plain_pdf", "tools"]
pytestmark = pytest.mark.usefixtures("database_clock", "kept_design")


@pytest.fixture
def kept_design(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was ordered has its design beside it; see `test_a_batch_without_its_design_is_issued_by_one_alone`."""
    monkeypatch.setattr(run, "has_design", lambda _: True)


@dataclass
class Bell:
    """Notes who was asked to help with what."""

    rung: list[tuple[int, int]] = field(default_factory=list)

    def ring(self, batch: int, helpers: int) -> None:
        self.rung.append((batch, helpers))


def begun(store: Store, tools: issue.Tools, batch: int, **other: Any) -> None:
    """Let somebody have begun under the terms of *tools*, but for *other*."""
    store.batches.begin(batch, replace(Terms(tools.kids, run.SOFTWARE, BASE_URL), **other))


@pytest.mark.parametrize(("share", "helpers"), [(5_000, 1), (3, 2), (4, 1), (1, 4)])
def test_whoever_runs_a_batch_rings_for_one_helper_a_share(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch, share: int, helpers: int
) -> None:
    """And says before under what they are to help."""
    monkeypatch.setattr(run, "SHARE", share)
    bell, batch = Bell(), approved(store, people(4))
    done = issue.issue(replace(office, bell=bell), tools, batch, act())
    assert (bell.rung, done.counts) == ([(batch, helpers)], {CertificateState.ISSUED: 4})
    assert done.terms == Terms(tools.kids, run.SOFTWARE, BASE_URL)


def test_a_finished_or_limited_batch_rings_for_nobody(office: issue.Office, tools: issue.Tools, store: Store) -> None:
    """A helper knows of no limit."""
    bell, batch = Bell(), approved(store, people(4))
    issue.issue(replace(office, bell=bell), tools, batch, act(), most=2)
    with pytest.raises(ConflictError, match="Nobody has begun"):
        issue.assist(office, tools, batch)
    assert bell.rung == []
    issue.issue(replace(office, bell=bell), tools, batch, act())
    issue.issue(replace(office, bell=bell), tools, batch, act())
    assert len(bell.rung) == 1


def test_a_helper_issues_in_the_approvers_name_and_publishes_nothing(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = ordered(store, [draft(one) for one in people(3)])
    orders.approve(store, batch, act("ben"))
    begun(store, tools, batch)

    def never(*_: object) -> int:
        raise AssertionError

    monkeypatch.setattr(publishing, "publish", never)
    assert issue.assist(office, tools, batch).counts == {CertificateState.ISSUED: 3}
    made = [entry for entry in store.audit("gmp-2026") if entry.act == "batch.issue"]
    assert [entry.actor for entry in made] == ["ben"]
    assert issue.assist(office, tools, batch).remaining == 0


def test_a_helper_does_not_wait_for_others(office: issue.Office, tools: issue.Tools, store: Store) -> None:
    """Its process is free for another batch; whoever runs this one waits."""
    batch = approved(store, people(3))
    begun(store, tools, batch)
    store.sheets.claim(batch, "elsewhere", NOW, NOW + run.LEASE)
    assert issue.assist(office, tools, batch).counts == {CertificateState.ORDERED: 3}


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"software": "certs 0.0.9"}, "is issued by certs 0.0.9"),
        ({"base_url": "https://elsewhere.example"}, "under https://elsewhere.example"),
        ({"kids": ("a", "b", "c")}, "under the keys a b c"),
    ],
)
def test_a_helper_that_would_make_something_else_declines(
    office: issue.Office, tools: issue.Tools, store: Store, other: dict[str, Any], sentence: str
) -> None:
    """It says why, and the batch goes on without it: nothing is claimed or noted."""
    batch = approved(store, people(3))
    begun(store, tools, batch, **other)
    with pytest.raises(ConflictError, match=sentence):
        issue.assist(office, tools, batch)
    assert store.batches.get(batch).error == ""
    assert store.batches.begun() == [batch]
    assert issue.issue(office, tools, batch, act()).counts == {CertificateState.ISSUED: 3}


def test_who_signs_with_a_newer_key_declines_until_the_batch_is_run_under_it(
    office: issue.Office, tools: issue.Tools, store: Store, keys: MemoryKeys
) -> None:
    """The folder of one machine is ahead of the other's."""
    batch = approved(store, people(3))
    begun(store, tools, batch)
    keys.new(Purpose.CLAIM)
    with pytest.raises(ConflictError, match="bring signing_keys/ up to date"):
        issue.assist(office, issue.Tools.of(keys, BASE_URL), batch)


def test_a_batch_without_its_design_is_issued_by_one_alone(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The design on this machine's disk may be another."""
    monkeypatch.undo()
    batch = approved(store, people(3))
    begun(store, tools, batch)
    with pytest.raises(ConflictError, match="before designs were kept"):
        issue.assist(office, tools, batch)


def test_nobody_helps_with_what_may_not_be_issued(office: issue.Office, tools: issue.Tools, store: Store) -> None:
    """Not approved, or begun by nobody, or without certificates left: it is not even looked for."""
    waiting, idle, done = ordered(store, [draft("ana")]), approved(store, ["ben"]), approved(store, ["cy"])
    issue.issue(office, tools, done, act())
    assert store.batches.begun() == []
    for batch in (waiting, idle):
        with pytest.raises(ConflictError):
            issue.assist(office, tools, batch)
    begun(store, tools, idle)
    assert store.batches.begun() == [idle]


def test_helpers_stop_when_the_batch_is_stopped(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person's Ctrl-C, or a fault that another found: what is claimed is finished, nothing more is claimed."""
    batch = ordered(store, [draft(one, f"latin/{n}") for n, one in enumerate(people(4))])
    orders.approve(store, batch, act())
    begun(store, tools, batch)
    stores = store.sheets.store

    def stopping(sheet: Sheet, finished: Finished, act: Act) -> bool:
        store.batches.pause(batch, "Two pages are not right.")
        return stores(sheet, finished, act)

    monkeypatch.setattr(store.sheets, "store", stopping)
    helped = issue.assist(office, tools, batch)
    assert helped.counts == {CertificateState.ISSUED: 1, CertificateState.ORDERED: 3}
    assert helped.error == "Two pages are not right."


def test_who_interrupts_the_run_stops_the_helpers(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = approved(store, people(3))

    def interrupt(*_: object) -> bool:
        assert store.batches.begun() == [batch]
        raise KeyboardInterrupt

    monkeypatch.setattr(store.sheets, "store", interrupt)
    with pytest.raises(KeyboardInterrupt):
        issue.issue(office, tools, batch, act())
    assert store.batches.begun() == []


def test_a_helper_that_fails_pauses_the_batch_and_gives_back(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason; who runs it next begins anew."""
    batch = approved(store, people(3))
    begun(store, tools, batch)
    with monkeypatch.context() as patched:
        patched.setattr(run, "_refuse_ended_keys", _broken)
        with pytest.raises(SigningError):
            issue.assist(office, tools, batch)
    assert (store.batches.get(batch).error, store.sheets.leases(batch)) == ("The token is gone.", [])
    assert store.batches.begun() == []
    done = issue.issue(issue.Office(store, Queue(1), lambda: NOW), tools, batch, act())
    assert (done.counts, done.error) == ({CertificateState.ISSUED: 3}, "")


def _broken(_: issue.Tools) -> None:
    raise SigningError("The token is gone.")
