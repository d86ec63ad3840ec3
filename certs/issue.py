"""Issue certificates, so that a crash at any moment leaves a row that says where, and running again finishes.

1. decide            `order.decide`
2. order             `order.place`: numbers reserved, statements frozen
3. approve           `order.approve`
4. check             every glyph exists, the text fits; otherwise the certificate is held and a person must act
5. sign              claim and credential
6. imprint           the person's own part on the plate that many share
7. seal              the whole file, with the last bytes of the imprint
8. verify            every file by structure and digest; the first of each plate and one in fifty by its raster and the
                     public verifier; the first credential of a batch in each process as a stranger's
9. store             bytes, digest, status and audit entry in one transaction; only then is it public

Steps 4 to 8 are one pure function of frozen statements, `make`, which runs wherever the queue runs it. Step 9 is done
by this process alone. A row is claimed by a lease; what a dead process of this machine held is taken over at once.
"""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from functools import lru_cache, partial
from itertools import chain, count
from zlib import crc32

from certs import claim, credential, pdf, publish
from certs.errors import CertsError, ConflictError, CredentialError, SigningError, StorageError
from certs.model import (
    Act,
    Batch,
    CertificateState,
    EventFacts,
    Finished,
    Held,
    KeyState,
    Kid,
    Made,
    Number,
    Purpose,
    SealLevel,
    Sheet,
    Statement,
)
from certs.number import printed
from certs.ports import Authority, Clock, Keys, Queue, Signer, Store

_log = logging.getLogger("certs.issue")

LEASE = timedelta(minutes=2)
"""How long a claim holds if its holder cannot be seen from here; a sheet takes a second."""
POLL_SECONDS = 0.2
"""How often to look whether certificates that another process holds are done or free."""
_KIDS = ("claim_kid", "seal_kid", "credential_kid")
_PORTION = 100
"""Certificates that go through each step together: signing, imprinting and checking each need much of the processor's
caches, so to alternate after every certificate takes a tenth longer."""
ONE_IN = 50
"""How many certificates share one check by raster and public verifier, besides the first of each plate."""


class Step(IntEnum):
    """The steps whose boundaries a crash may hit."""

    CLAIMED = 3
    CHECKED = 4
    SIGNED = 5
    SEALED = 7
    VERIFIED = 8
    STORED = 9


def reached(step: Step) -> None:
    """Mark that *step* is done, for a sheet or a portion of one; tests put a crash here."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What `make` needs besides statements: keys and the address that certificates lead to."""

    keys: Keys
    claim_signer: Signer
    credential_signer: Signer
    seal_signer: Signer
    base_url: str
    seal_level: SealLevel = SealLevel.B_B
    authority: Authority | None = None
    addresses: bool = False
    """Whether credentials name the person's address, hashed."""

    @classmethod
    def of(
        cls, keys: Keys, base_url: str, level: SealLevel = SealLevel.B_B, authority: Authority | None = None
    ) -> "Tools":
        """Open the newest active keys; seals of another *level* than B-B need an *authority*.

        Raises:
            SigningError: one is missing or cannot be opened.
        """
        signer = keys.signer
        claims, credentials, seals = signer(Purpose.CLAIM), signer(Purpose.CREDENTIAL), signer(Purpose.SEAL)
        return cls(keys, claims, credentials, seals, base_url, level, authority)

    @property
    def kids(self) -> tuple[Kid, Kid, Kid]:
        """Who signs: claim, seal, credential."""
        return self.claim_signer.key.kid, self.seal_signer.key.kid, self.credential_signer.key.kid


@dataclass(frozen=True, slots=True)
class Office:
    """Where issuing happens: the register, the workers and the clock."""

    store: Store
    queue: Queue
    clock: Clock


# ---------------------------------------------------------------- steps 4 to 8


def make(tools: Tools, task: tuple[Sheet, datetime]) -> Finished:
    """Make the certificates of a sheet; the time is what their seals state.

    Raises:
        SigningError: a key is out of reach, or a file fails its own check; nothing of the sheet may be used.
        InputError: the design is missing or wrong.
    """
    sheet, now = task
    design = pdf.Design.load(sheet.everyone[0].event.design)
    faults = {statement.number: pdf.unprintable(statement, design, tools.base_url) for statement in sheet.everyone}
    held = tuple(Held(number, " ".join(faults[number])) for number in sheet.todo if faults[number])
    reached(Step.CHECKED)
    printable = [statement for statement in sheet.everyone if not faults[statement.number]]
    done = Finished(sheet.token, b"", "", *tools.kids, tools.base_url, (), held)
    todo = [statement for statement in printable if statement.number in sheet.todo]
    if not todo:
        return done
    sealer = pdf.Sealer(tools.seal_signer, now, tools.seal_level, tools.authority)
    plate = pdf.draw_plate(design, printable, tools.base_url, sealer, with_credential=True)
    made = {one.number: one for one in _made(tools, plate, sheet, sorted(todo, key=_length))}
    in_order = tuple(made[statement.number] for statement in todo)
    return replace(done, plate=plate.data, plate_sha256=plate.sha256, made=in_order)


def _length(statement: Statement) -> int:
    """Return the length of the name, for names of about one length have a QR code of one size and share its table."""
    return len(statement.name.encode())


def _made(tools: Tools, plate: pdf.Plate, sheet: Sheet, todo: Sequence[Statement]) -> Iterator[Made]:
    """Sign, imprint, seal and verify *todo*, each step for all of a portion."""
    claims = claim.Writer(tools.claim_signer)
    credentials = _credentials(tools, todo[0].event, todo[0].kind, sheet.ordered_at)
    for start in range(0, len(todo), _PORTION):
        portion = todo[start : start + _PORTION]
        texts = [claims.text(statement) for statement in portion]
        enclosed = [credentials.json(statement, *_place(tools, sheet, statement.number)) for statement in portion]
        reached(Step.SIGNED)
        addresses = [claim.url(tools.base_url, text) for text in texts]
        imprints = plate.imprints(list(zip(portion, addresses, enclosed, strict=True)))
        reached(Step.SEALED)
        for statement, imprint in zip(portion, imprints, strict=True):
            _verify(plate, imprint, statement)
        for statement, imprint, text in zip(portion, imprints, texts, strict=True):
            if statement is todo[0] or _drawn(statement.number):
                _verify_page(tools, plate.data + imprint.tail, statement, text)
            yield Made(statement.number, text, imprint.tail, imprint.sha256, imprint.size)
        reached(Step.VERIFIED)


def _place(tools: Tools, sheet: Sheet, number: Number) -> tuple[int, str]:
    """Return the place of *number* in the status lists, and the address that its credential names, if any."""
    return sheet.todo[number], sheet.people[number] if tools.addresses else ""


def _drawn(number: Number) -> bool:
    """Say whether *number* is one of `ONE_IN`; it was drawn by lot, so it may serve as one.

    A second try looks at the same pages again: what was found wrong once does not slip through by luck.
    """
    return crc32(number.encode()) % ONE_IN == 0


class _Credentials:
    """The credentials of one batch. All come from one template, so the first is read back and vouches for it."""

    def __init__(self, tools: Tools, writer: credential.Writer) -> None:
        self._tools, self._writer = tools, writer
        self._proven = False

    def json(self, statement: Statement, status_index: int, address: str) -> bytes:
        """Return the signed credential of *statement*.

        Raises:
            SigningError: the key is out of reach, or the first one does not say what was ordered.
        """
        enclosed = self._writer.json(statement, status_index, address)
        if not self._proven:
            _verify_credential(self._tools, enclosed, statement)
            self._proven = True
        return enclosed


@lru_cache(maxsize=8)
def _credentials(tools: Tools, event: EventFacts, kind: str, ordered_at: datetime) -> _Credentials:
    """Set up the writer of a batch once in each process; workers inherit it."""
    signer = tools.credential_signer
    writer = credential.Writer(event, tools.base_url, ordered_at, signer, kind=kind, addresses=tools.addresses)
    return _Credentials(tools, writer)


def _verify(plate: pdf.Plate, imprint: pdf.Imprint, statement: Statement) -> None:
    if faults := pdf.check_structure(plate, imprint):
        raise SigningError(f"The file made for {printed(statement.number)} fails its own check: {' '.join(faults)}")


def _verify_credential(tools: Tools, enclosed: bytes, statement: Statement) -> None:
    """Read the credential as if a stranger had brought it: canonicalised anew, not from the template."""
    made = f"The credential made for {printed(statement.number)}"
    try:
        seen = credential.read(enclosed, tools.keys)
    except CredentialError as error:
        raise SigningError(f"{made} fails its own check: {error}") from error
    stated = seen.number, seen.name, seen.quarter_hours, seen.sessions_attended
    if stated != (statement.number, statement.name, statement.quarter_hours, statement.sessions_attended):
        raise SigningError(f"{made} states something else than was ordered.")


def _verify_page(tools: Tools, file: bytes, statement: Statement, text: str) -> None:
    """Look at the page as a visitor's program does, and believe only the claim in its QR code."""
    if faults := pdf.lint(file, statement, claim.url(tools.base_url, text)):
        raise SigningError(f"The page made for {printed(statement.number)} is not right: {' '.join(faults)}")
    stated = claim.read(text, tools.keys)
    if stated != claim.claim_of(statement, tools.claim_signer.key.kid):
        raise SigningError(f"The claim made for {printed(statement.number)} states something else than was ordered.")


# ---------------------------------------------------------------- step 9, and around it


def issue(
    office: Office,
    tools: Tools,
    batch: int,
    act: Act,
    most: int | None = None,
    watch: Callable[[int], None] = lambda made: None,
) -> Batch:
    """Issue what is left of *batch*, at most *most* certificates; *watch* is told of each sheet stored.

    Other processes may do the same at the same time: they share the work, and this one returns when all is done.
    Nothing is done, and no error raised, where nothing is left.

    Raises:
        ConflictError: the batch is not approved, or was ordered under demo keys and would be signed by others.
        NotFoundError: no such batch.
        SigningError: a key is out of reach, or a file fails its own check; the batch pauses and keeps the reason.
        StorageError: the database fails; the batch pauses.
    """
    found = _ready(office.store, tools, batch)
    _publish(office, tools)
    if not found.remaining:
        return found
    own = replace(tools, base_url=found.base_url or tools.base_url)  # the site may have moved since the first
    _prepare(own, found)
    run = _Run(office, own, batch, act, watch)
    began, kids = time.monotonic(), dict(zip(_KIDS, tools.kids, strict=True))
    _log.info("issue_begun", extra={"batch": batch, "left": found.remaining, **kids})
    try:
        run.work_off(most)
    except CertsError as error:
        pause(office.store, batch, error)
        raise
    finally:
        run.give_back()
    office.store.batches.pause(batch, "")
    _publish(office, tools)
    done = office.store.batches.get(batch)
    _log.info("issue_ended", extra={"batch": batch, **_counts(done), "seconds": round(time.monotonic() - began, 3)})
    return done


def _prepare(tools: Tools, batch: Batch) -> None:
    """Make ahead what worker processes inherit: the template of the credentials, the event's page."""
    _credentials(tools, batch.facts, batch.kind, batch.ordered_at)
    pdf.prepare(batch.facts, tools.base_url)


def pause(store: Store, batch: int, error: CertsError) -> None:
    """Note why *batch* stopped, where the database still takes it.

    Raises:
        Nothing.
    """
    _log.error("issue_paused", extra={"batch": batch, "code": error.code}, exc_info=error)
    with contextlib.suppress(StorageError):
        store.batches.pause(batch, str(error))


def _counts(batch: Batch) -> dict[str, int]:
    counts = batch.counts
    return {
        "issued": counts.get(CertificateState.ISSUED, 0),
        "held": counts.get(CertificateState.HELD, 0),
        "left": batch.remaining,
    }


def _publish(office: Office, tools: Tools) -> None:
    """Let foreign verifiers know what was replaced; before the first credential there is a list that it can name."""
    publish.publish(office.store, tools.credential_signer, tools.base_url, office.clock())


def _ready(store: Store, tools: Tools, batch: int) -> Batch:
    found = store.batches.get(batch)
    if found.approved_at is None:
        raise ConflictError(f"Batch {batch} is not approved yet. Approve it with: certs approve {batch}")
    if found.remaining and found.facts.demo != tools.claim_signer.key.demo:
        signs = "demo keys" if tools.claim_signer.key.demo else "other keys"
        raise ConflictError(
            f"Batch {batch} was ordered under other keys, and now {signs} would sign it. Order it anew."
        )
    return found


def _refuse_ended_keys(tools: Tools) -> None:
    """Check that the keys that signed may still sign: one may have been retired or declared compromised meanwhile.

    Raises:
        SigningError: one ended; what it signed last is not stored.
    """
    for purpose, kid in zip((Purpose.CLAIM, Purpose.SEAL, Purpose.CREDENTIAL), tools.kids, strict=True):
        key = tools.keys.find(purpose, kid)
        if key is None or key.state is not KeyState.ACTIVE:
            ended = "is gone" if key is None else f"is {key.state}"
            raise SigningError(
                f"The {purpose} key {kid} {ended} now. What it signed last was not stored; run the command again, "
                "and the newest active key signs."
            )


class _Run:
    """One process at work on one batch; knows the sheets that it has claimed and not yet stored."""

    def __init__(self, office: Office, tools: Tools, batch: int, act: Act, watch: Callable[[int], None]) -> None:
        self._office, self._tools, self._batch, self._act, self._watch = office, tools, batch, act, watch
        self._open: dict[str, Sheet] = {}
        self._serial = count(1)
        self._left: int | None = None

    def work_off(self, most: int | None) -> None:
        """Claim, make and store until nothing is left, by whomever."""
        self._left = most
        queue, work = self._office.queue, partial(make, self._tools)
        sheets = self._claims()
        while (first := self._first(sheets)) is not None:
            for finished in queue.run(work, chain([first], sheets)):
                self._store(finished)
            sheets = self._claims()

    def give_back(self) -> None:
        """Release what was claimed and not stored."""
        with contextlib.suppress(StorageError):
            for token in self._open:
                self._office.store.sheets.release(token)

    def _first(self, sheets: Iterator[tuple[Sheet, datetime]]) -> tuple[Sheet, datetime] | None:
        """Return the first sheet to be had, waiting for what others hold; None when nothing is left to wait for."""
        while (task := next(sheets, None)) is None:
            if self._left == 0 or not self._office.store.sheets.leases(self._batch):
                return None
            time.sleep(POLL_SECONDS)
            sheets = self._claims()
        return task

    def _claims(self) -> Iterator[tuple[Sheet, datetime]]:
        """Yield sheets as long as some are free."""
        while self._left != 0 and (sheet := self._claim()) is not None:
            self._open[sheet.token] = sheet
            if self._left is not None:
                self._left -= len(sheet.todo)
            reached(Step.CLAIMED)
            yield sheet, self._office.clock()

    def _claim(self) -> Sheet | None:
        sheets, queue, now = self._office.store.sheets, self._office.queue, self._office.clock()
        for token in sheets.leases(self._batch):
            if token not in self._open and queue.gone(token):
                sheets.release(token)
        return sheets.claim(self._batch, f"{queue.holder}/{next(self._serial)}", now, now + LEASE, self._left)

    def _store(self, finished: Finished) -> None:
        _refuse_ended_keys(self._tools)
        sheet = self._open[finished.token]
        if self._office.store.sheets.store(sheet, finished, replace(self._act, at=self._office.clock())):
            self._watch(len(finished.made) + len(finished.held))
        else:
            _log.warning("lease_lost", extra={"batch": self._batch, "made": len(finished.made)})
        del self._open[finished.token]
        reached(Step.STORED)
