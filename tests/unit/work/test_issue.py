"""Issuing with a plate that is not drawn: what the nine steps promise, whatever stands on the page."""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from certs import claim, credential, pdf
from certs.db import audit, tables
from certs.db.store import Store
from certs.errors import ConflictError, SigningError, StorageError
from certs.model import Act, CertificateState, Evidence, Finished, Purpose, SealLevel, Sheet, Statement
from certs.pdf.expected import Expected
from certs.queue import Queue
from certs.work import issue, orders
from certs.work.issue import run
from tests.register import LATER, NOW, act, draft, ordered, people
from tests.world import MemoryKeys

BASE_URL = "https://certs.example.org"


@dataclass(frozen=True)
class PlainPlate:
    """Stands for `pdf.Plate`: a tail is the address of its claim, and the credential as a PDF encloses it."""

    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def expected(self, _: Statement) -> Expected:
        return Expected()

    def imprints(self, wanted: Sequence[tuple[Statement, str, bytes | None]]) -> list[pdf.Imprint]:
        return [self._imprint(claim_url, credential) for _, claim_url, credential in wanted]

    def _imprint(self, claim_url: str, credential: bytes | None) -> pdf.Imprint:
        tail = b"%b\nstream\n%b\nendstream\n" % (claim_url.encode(), credential or b"")
        return pdf.Imprint(tail, hashlib.sha256(self.data + tail).hexdigest(), len(self.data + tail))


pytestmark = pytest.mark.usefixtures("database_clock")


@pytest.fixture(autouse=True)
def plain_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw nothing: a plate is the list of its names."""

    def draw(_: object, statements: Sequence[Statement], __: str, ___: object, **____: object) -> PlainPlate:
        return PlainPlate("|".join(one.name for one in statements).encode())

    monkeypatch.setattr(pdf, "draw_plate", draw)
    monkeypatch.setattr(
        pdf, "unprintable", lambda all_, _, __: {one.number: ["No font has ☃."] for one in all_ if "☃" in one.name}
    )
    monkeypatch.setattr(pdf, "check_structure", lambda plate, imprint: [])
    monkeypatch.setattr(pdf, "check_seal", lambda plate, imprint, key: [])
    monkeypatch.setattr(
        pdf, "lint", lambda file, _, url, __: [] if f"{url}\n" in file.decode() else ["It reads otherwise."]
    )


@pytest.fixture
def keys() -> MemoryKeys:
    keys = MemoryKeys()
    keys.new(Purpose.CLAIM)
    keys.new(Purpose.CREDENTIAL)
    keys.new(Purpose.SEAL)
    return keys


@pytest.fixture
def tools(keys: MemoryKeys) -> issue.Tools:
    return issue.Tools.of(keys, BASE_URL)


@pytest.fixture
def office(store: Store) -> issue.Office:
    return issue.Office(store, Queue(1), lambda: NOW)


def approved(store: Store, names: Sequence[str], plate: str = "latin/1") -> int:
    """Return a batch of theirs that may be issued."""
    batch = ordered(store, [draft(one, plate) for one in names])
    orders.approve(store, batch, act())
    return batch


def test_everybody_gets_one_certificate_whose_claim_verifies(
    office: issue.Office, tools: issue.Tools, store: Store, keys: MemoryKeys
) -> None:
    """Bytes, digests and claims are in the register, all of them right."""
    done = issue.issue(office, tools, approved(store, people(5)), act())
    assert done.counts == {CertificateState.ISSUED: 5}
    for delivery in store.deliveries(done.slug):
        file = delivery.pdf.plate + delivery.pdf.tail
        assert hashlib.sha256(file).hexdigest() == delivery.certificate.pdf_sha256
        stated = claim.read(delivery.certificate.claim_text, keys)
        assert (stated.number, stated.name) == (delivery.certificate.number, delivery.certificate.statement.name)


def test_an_unapproved_batch_is_not_issued(office: issue.Office, tools: issue.Tools, store: Store) -> None:
    """The sentence says how to approve it."""
    batch = ordered(store, [draft("ana")])
    with pytest.raises(ConflictError, match="the approval of gmp-2026/1"):
        issue.issue(office, tools, batch, act())


def test_demo_keys_do_not_sign_what_was_ordered_under_real_ones(
    office: issue.Office, store: Store, keys: MemoryKeys
) -> None:
    """Or the paper would not say DEMO."""
    batch = approved(store, ["ana"])
    keys.new(Purpose.CLAIM, NOW, demo=True)
    with pytest.raises(ConflictError, match="demo keys"):
        issue.issue(office, issue.Tools.of(keys, BASE_URL), batch, act())


def test_a_finished_batch_stays_as_it_is(office: issue.Office, tools: issue.Tools, store: Store) -> None:
    """Not even an audit entry is written."""
    batch = approved(store, ["ana"])
    issue.issue(office, tools, batch, act())
    before = list(audit.entries(store.engine))
    issue.issue(office, tools, batch, act())
    assert list(audit.entries(store.engine)) == before


def test_a_limit_stops_early_and_the_same_plate_goes_on(office: issue.Office, tools: issue.Tools, store: Store) -> None:
    """Both halves share one plate, because it is drawn from everybody on it."""
    batch = approved(store, people(5))
    assert issue.issue(office, tools, batch, act(), most=2).counts[CertificateState.ISSUED] == 2
    done = issue.issue(office, tools, batch, act())
    assert done.counts == {CertificateState.ISSUED: 5}
    assert len({delivery.pdf.plate for delivery in store.deliveries(done.slug)}) == 1


def test_a_batch_goes_on_under_the_address_it_began_with(
    office: issue.Office, tools: issue.Tools, store: Store
) -> None:
    """Though the site has moved meanwhile; a later batch has the new one."""
    batch, moved = approved(store, people(5)), replace(tools, base_url="https://elsewhere.example")
    issue.issue(office, tools, batch, act(), most=2)
    assert issue.issue(office, moved, batch, act()).base_url == BASE_URL
    assert {one.certificate.base_url for one in store.deliveries("gmp-2026")} == {BASE_URL}
    assert json.loads(store.status_list(1) or b"")["id"].startswith(moved.base_url)
    assert all(f"{BASE_URL[8:]}/V/".encode() in one.pdf.tail for one in store.deliveries("gmp-2026"))
    assert issue.issue(office, moved, approved(store, ["zoe"]), act()).base_url == moved.base_url


def test_who_cannot_be_printed_is_held_and_the_others_are_issued(
    office: issue.Office, tools: issue.Tools, store: Store
) -> None:
    """With the sentence that says why."""
    batch = approved(store, ["ana", "☃"])
    done = issue.issue(office, tools, batch, act())
    assert done.counts == {CertificateState.ISSUED: 1, CertificateState.HELD: 1}
    assert [one.reason for one in store.batches.held(batch)] == ["No font has ☃."]


def test_a_file_that_fails_its_check_pauses_the_batch(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of that sheet is stored; the reason is kept until issuing goes on."""
    batch = approved(store, people(3))
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "check_structure", lambda plate, imprint: ["The signed range ends early."])
        with pytest.raises(SigningError, match="signed range"):
            issue.issue(office, tools, batch, act())
    assert store.batches.get(batch).counts == {CertificateState.ORDERED: 3}
    assert "signed range" in store.batches.get(batch).error
    done = issue.issue(office, tools, batch, act())
    assert (done.counts, done.error) == ({CertificateState.ISSUED: 3}, "")


def test_a_page_that_shows_another_claim_pauses_the_batch(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of every plate is read as a visitor would."""
    monkeypatch.setattr(pdf, "lint", lambda *_: ["The QR code on the page reads 'HTTPS://EVIL.EXAMPLE/V/X.Y'."])
    with pytest.raises(SigningError, match=r"EVIL\.EXAMPLE"):
        issue.issue(office, tools, approved(store, ["ana"]), act())


def test_a_page_that_alone_is_not_right_is_held_and_the_others_are_issued(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason, for a person to act; issuing again leaves it as it is."""
    batch = approved(store, people(3))
    looked: list[Statement] = []

    def look(_: bytes, statement: Statement, *__: object) -> list[str]:
        looked.append(statement)
        return ["It stands over the rule."] if statement == looked[0] else []

    monkeypatch.setattr(pdf, "lint", look)
    done = issue.issue(office, tools, batch, act())
    assert done.counts == {CertificateState.ISSUED: 2, CertificateState.HELD: 1}
    again = issue.issue(office, tools, batch, act())
    assert again.counts == done.counts
    assert store.certificate(looked[0].number) is None


def test_one_page_in_fifty_is_looked_at_and_the_same_ones_again(
    tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a second try does not pass over what the first found wrong; the first of a plate is always among them."""
    batch = approved(store, people(600))
    sheet = store.sheets.claim(batch, "here/1", NOW, LATER)
    assert sheet is not None
    looks: list[Statement] = []
    monkeypatch.setattr(pdf, "lint", lambda _, statement, *__: looks.append(statement))
    issue.make(tools, (sheet, NOW))
    first = list(looks)
    issue.make(tools, (sheet, NOW))
    assert looks == 2 * first
    assert first[0] == sheet.everyone[0]
    assert 1 < len(first) < 40


def test_leases_are_given_back_when_issuing_is_interrupted(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle; the next run need not wait."""
    batch = approved(store, people(3))

    def interrupt(_: Sheet, __: Finished, ___: Act) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(store.sheets, "store", interrupt)
    with pytest.raises(KeyboardInterrupt):
        issue.issue(office, tools, batch, act())
    assert store.sheets.leases(batch) == []


def test_a_database_that_fails_pauses_the_batch(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence is kept with the batch where the database still takes it."""
    batch = approved(store, people(3))

    def full(_: Sheet, __: Finished, ___: Act) -> bool:
        raise StorageError("The disk of the database is full.")

    monkeypatch.setattr(store.sheets, "store", full)
    with pytest.raises(StorageError):
        issue.issue(office, tools, batch, act())
    assert store.batches.get(batch).error == "The disk of the database is full."


def test_what_a_dead_holder_had_is_taken_over_at_once(office: issue.Office, tools: issue.Tools, store: Store) -> None:
    """Though its lease has long to run."""
    batch = approved(store, people(3))
    place, pid, start = office.queue.holder.rsplit("/", 2)
    store.sheets.claim(batch, f"{place}/{pid}/{int(start) - 1}/1", NOW, NOW + timedelta(days=1))
    assert issue.issue(office, tools, batch, act()).counts == {CertificateState.ISSUED: 3}


def test_what_a_living_holder_has_is_waited_for(
    tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch, database_clock: list[datetime]
) -> None:
    """Until it is stored or its lease ends by the database's clock; here it ends, whatever the clock here says."""
    batch = approved(store, people(3))
    store.sheets.claim(batch, "elsewhere/boot/1/1/2/1", NOW, LATER)
    waits = 0

    def wait(_: float) -> None:
        nonlocal waits
        waits += 1
        database_clock[0] += timedelta(seconds=30)

    monkeypatch.setattr(time, "sleep", wait)
    office = issue.Office(store, Queue(1), lambda: NOW + timedelta(days=1))
    assert issue.issue(office, tools, batch, act()).counts == {CertificateState.ISSUED: 3}
    assert waits == 5


@dataclass(eq=False)
class SlowStamps:
    """An authority that takes a quarter of an hour for each answer, by the database's clock."""

    moment: list[datetime]
    meanwhile: Callable[[], None] = lambda: None

    def stamp(self, _: bytes) -> bytes:
        for _minute in range(15):
            self.moment[0] += timedelta(minutes=1)
            self.meanwhile()
        return b"a token"

    def evidence(self, *_: object) -> Evidence:
        return Evidence()


@pytest.mark.parametrize("level", [SealLevel.B_T, SealLevel.B_LT])
def test_what_takes_long_stays_leased_while_its_holder_says_that_it_lives(
    office: issue.Office,
    tools: issue.Tools,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    database_clock: list[datetime],
    level: SealLevel,
) -> None:
    """Nobody else may have stamped again what is being stamped: its lease never ends."""
    monkeypatch.setattr(run, "EXTEND_SECONDS", 0.005)
    batch, free = approved(store, people(3)), []

    def another() -> None:
        _until(lambda: _lease_ends(store) >= database_clock[0] + timedelta(seconds=90))
        free.append(store.sheets.claim(batch, "elsewhere", store.sheets.now(), store.sheets.now() + run.LEASE))

    slow = replace(tools, seal_level=level, authority=SlowStamps(database_clock, another))
    stamp = slow.authority.stamp  # type: ignore[union-attr]
    monkeypatch.setattr(pdf, "check_structure", lambda *_: stamp(b"") and [])
    done = issue.issue(office, slow, batch, act())
    assert (set(free), done.counts) == ({None}, {CertificateState.ISSUED: 3})


def _until(holds: Callable[[], bool]) -> None:
    """Wait until something *holds*, for so long that only a fault takes longer."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.002)


def _lease_ends(store: Store) -> datetime:
    with store.engine.connect() as connection:
        until = connection.execute(select(tables.Certificate.lease_until)).scalars().first()
    assert until is not None
    return until


def test_a_holder_that_was_stopped_for_long_stores_nothing_twice(
    office: issue.Office,
    tools: issue.Tools,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    database_clock: list[datetime],
) -> None:
    """It says nothing for ten minutes, another does its work, and what it made then is thrown away."""
    batch, finds = approved(store, people(3)), store.sheets.store

    def stopped(sheet: Sheet, finished: Finished, act: Act) -> bool:
        monkeypatch.setattr(store.sheets, "store", finds)
        database_clock[0] += timedelta(minutes=10)
        now = store.sheets.now()
        taken = store.sheets.claim(batch, "elsewhere", now, now + run.LEASE)
        assert taken is not None
        assert store.sheets.store(taken, issue.make(tools, (taken, now)), act)
        return finds(sheet, finished, act)

    monkeypatch.setattr(store.sheets, "store", stopped)
    assert issue.issue(office, tools, batch, act()).counts == {CertificateState.ISSUED: 3}
    entries = [one for one in audit.entries(store.engine) if one.act == "batch.issue"]
    assert len(entries) == 1


def test_no_two_claims_of_a_process_have_one_token(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker goes from batch to batch, and what was given back late of one is not taken for the other's."""
    tokens: list[str] = []
    claim = store.sheets.claim

    def noting(batch: int, token: str, *rest: Any) -> Sheet | None:
        tokens.append(token)
        return claim(batch, token, *rest)

    monkeypatch.setattr(store.sheets, "claim", noting)
    for name in ("ana", "ben"):
        issue.issue(office, tools, approved(store, [name]), act())
    assert len(set(tokens)) == len(tokens) > 2


def test_an_authority_that_fails_pauses_the_batch_and_it_goes_on_when_it_is_back(
    office: issue.Office, tools: issue.Tools, store: Store
) -> None:
    """No row is lost or held: each is ordered still, with the reason, and leased to nobody."""
    batch, stamps = approved(store, people(3)), SlowStamps([NOW])
    broken = replace(tools, seal_level=SealLevel.B_T, authority=Silent([NOW]))
    with pytest.raises(SigningError, match="does not answer"):
        issue.issue(office, broken, batch, act())
    paused = store.batches.get(batch)
    assert (paused.counts, store.sheets.leases(batch)) == ({CertificateState.ORDERED: 3}, [])
    assert "does not answer" in paused.error
    done = issue.issue(office, replace(tools, seal_level=SealLevel.B_T, authority=stamps), batch, act())
    assert (done.counts, done.error) == ({CertificateState.ISSUED: 3}, "")


class Silent(SlowStamps):
    """An authority that is away."""

    def stamp(self, _: bytes) -> bytes:
        raise SigningError("http://stamps.example/ does not answer: timed out. Run the command again to go on.")


def test_two_plates_are_two_sheets(office: issue.Office, tools: issue.Tools, store: Store) -> None:
    """And the watcher is told of each."""
    batch = ordered(store, [draft("ana", "latin/1"), draft("ben", "thai/1"), draft("cy", "thai/1")])
    orders.approve(store, batch, act())
    told: list[int] = []
    issue.issue(office, tools, batch, act(), watch=told.append)
    assert told == [2, 1]


def test_worker_processes_give_the_same(tools: issue.Tools, store: Store) -> None:
    """Forked workers make them, this process stores them."""
    batch = ordered(store, [draft(one, f"latin/{n % 4}") for n, one in enumerate(people(40))])
    orders.approve(store, batch, act())
    office = issue.Office(store, Queue(2), lambda: NOW)
    assert issue.issue(office, tools, batch, act()).counts == {CertificateState.ISSUED: 40}


def test_status_lists_are_there_before_and_right_after(
    office: issue.Office, tools: issue.Tools, store: Store, keys: MemoryKeys
) -> None:
    """A credential names a list that exists, and a replaced one is withdrawn when its successor is issued."""
    batch = approved(store, ["ana@example.org"])
    done = issue.issue(office, tools, batch, act())
    first = store.status_list(1)
    assert (done.remaining, first is not None) == (0, True)
    (ana,) = store.certificates_of(_ref(store))
    again = ordered(store, [draft("ana@example.org", supersedes=ana.number)])
    orders.approve(store, again, act())
    issue.issue(office, tools, again, act())
    assert store.status_list(1) != first


def _ref(store: Store) -> str:
    return next(iter(store.deliveries("gmp-2026"))).certificate.person_ref


@pytest.mark.parametrize("purpose", [Purpose.CLAIM, Purpose.SEAL, Purpose.CREDENTIAL])
@pytest.mark.parametrize("step", ["retired", "compromised"])
def test_a_key_that_ends_meanwhile_signs_nothing_into_the_register(
    office: issue.Office, tools: issue.Tools, store: Store, keys: MemoryKeys, purpose: Purpose, step: str
) -> None:
    """A process that has the key open notices, pauses, and the next run signs under the successor."""
    batch, kid = approved(store, people(2)), keys.trusted(purpose)[0].kid
    end = keys.retire if step == "retired" else partial(keys.compromise, since=NOW - timedelta(days=1))
    end(kid)
    with pytest.raises(SigningError, match=f"The {purpose} key {kid} is {step} now"):
        issue.issue(office, tools, batch, act())
    assert store.batches.get(batch).remaining == 2
    assert list(store.certificates.signed_by(kid)) == []
    keys.new(purpose)
    assert not issue.issue(office, issue.Tools.of(keys, BASE_URL), batch, act()).remaining


def _credentials(store: Store) -> list[dict[str, Any]]:
    tails = [delivery.pdf.tail for delivery in store.deliveries("gmp-2026")]
    return [json.loads(credential.enclosed_in(tail) or b"") for tail in tails]


def test_the_credential_names_no_address_unless_asked(office: issue.Office, tools: issue.Tools, store: Store) -> None:
    issue.issue(office, tools, approved(store, ["ana@example.org"]), act())
    (written,) = _credentials(store)
    assert len(written["credentialSubject"]["identifier"]) == 1


def test_on_demand_it_names_the_persons_address_by_its_hash(
    office: issue.Office, tools: issue.Tools, store: Store
) -> None:
    """Whoever knows the address can confirm it, nobody can read it."""
    issue.issue(office, replace(tools, addresses=True), approved(store, ["ana@example.org", "ben@example.org"]), act())
    for written, delivery in zip(_credentials(store), store.deliveries("gmp-2026"), strict=True):
        _, address = written["credentialSubject"]["identifier"]
        number = delivery.certificate.number
        assert address["identityHash"] == credential.address_hash(delivery.person, number)
        assert "example.org" not in json.dumps(address)


def test_a_credential_that_states_something_else_stops_the_sheet(
    office: issue.Office, tools: issue.Tools, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the template were wrong: nothing of it is stored."""
    honest = credential.Writer.json

    def wrong(self: credential.Writer, statement: Statement, *rest: Any) -> bytes:
        return honest(self, replace(statement, name="Somebody Else"), *rest)

    monkeypatch.setattr(credential.Writer, "json", wrong)
    with pytest.raises(SigningError, match="states something else"):
        issue.issue(office, tools, approved(store, ["ana@example.org"]), act())
    assert _credentials(store) == []


def test_a_credential_whose_signature_does_not_fit_stops_the_sheet(
    office: issue.Office, tools: issue.Tools, store: Store
) -> None:
    """As if the token signed garbage."""

    class Garbling:
        key = tools.credential_signer.key

        def sign(self, message: bytes) -> bytes:
            return tools.credential_signer.sign(message[::-1])

    with pytest.raises(SigningError, match="fails its own check"):
        issue.issue(office, replace(tools, credential_signer=Garbling()), approved(store, ["ana@example.org"]), act())
    assert _credentials(store) == []
