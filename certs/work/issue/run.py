"""Step 9, and around it: claim, have made, store, until nothing of a batch is left, by whomever.

`issue` runs a batch: it rings for others, works, waits until nothing is left, and publishes status lists before and
after. `assist` is what others do when it rings.
"""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, count

from certs import __version__, pdf
from certs.errors import CertsError, ConflictError, SigningError, StorageError
from certs.model import (
    Act,
    Batch,
    CertificateState,
    Finished,
    KeyState,
    Purpose,
    Sheet,
    Terms,
)
from certs.ports import Bell, Clock, Pulse, Queue, Silent, Store
from certs.wording import say
from certs.work import guards, orders, publishing
from certs.work.issue import steps
from certs.work.issue.enrolling import enrolled
from certs.work.issue.making import Tools, credentials_of, make
from certs.work.issue.steps import Step

_log = logging.getLogger("certs.issue")

LEASE = timedelta(minutes=2)
"""How long a claim holds, by the database's clock, after its holder was last heard of."""
EXTEND_SECONDS = 30.0
"""How often a holder says that it is still at work; a sheet takes a second, or minutes where seals are stamped."""
POLL_SECONDS = 0.2
"""How often to look whether certificates that another process holds are done or free."""
SHARE = 5_000
"""Certificates that are worth one helper from another machine."""
SOFTWARE = f"certs {__version__}"
_serial = count(1)
"""Numbers the sheets that this process claims: no two of its tokens are the same, whichever batch they are for."""
_KIDS = ("claim_kid", "seal_kid", "credential_kid")


@dataclass(frozen=True, slots=True)
class Office:
    """Where issuing happens: the register, the workers and the clock."""

    store: Store
    queue: Queue
    clock: Clock
    bell: Bell = field(default_factory=Silent)


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
        ConflictError: the batch is not approved, is not what was ordered, was rejected or cancelled, was ordered under
            demo keys and would be signed by others, or the address and the keys are such that nothing may be issued
            under them.
        NotFoundError: no such batch.
        SigningError: a key is out of reach, or a file fails its own check; the batch pauses and keeps the reason.
        StorageError: the database fails; the batch pauses.
    """
    found = _ready(office, tools, batch)
    _publish(office, tools)
    if not found.remaining:
        return found
    orders.demand_as_ordered(office.store, found)
    own = replace(tools, base_url=found.base_url or tools.base_url)  # the site may have moved since the first
    office.store.batches.begin(batch, _terms(own) if most is None else None)
    if most is None:
        office.bell.ring(batch, -(-found.remaining // SHARE))
    try:
        _work(_Run(office, own, found, act, watch), office, found, most)
    except KeyboardInterrupt:
        with contextlib.suppress(StorageError):  # helpers stop as well
            office.store.batches.begin(batch, None)
        raise
    office.store.batches.pause(batch, "")
    _publish(office, tools)
    return office.store.batches.get(batch)


def assist(office: Office, tools: Tools, batch: int, stopped: Callable[[], bool] = lambda: False) -> Batch:
    """Make and store what is free of *batch*, in the name of its approver, beside whoever issues it.

    Nothing is published, and what others hold is not waited for: that is the business of `issue`. Once it is *stopped*,
    or the batch has a fault, what was claimed is finished and nothing more is.

    Raises:
        ConflictError: as `issue`, or the batch is not begun, or was under other keys, another version or address.
        NotFoundError: no such batch.
        SigningError: a key is out of reach, or a file fails its own check; the batch pauses and keeps the reason.
        StorageError: the database fails; the batch pauses.
    """
    found = _ready(office, tools, batch)
    if not found.remaining:
        return found
    _demand_same_terms(found, _terms(tools))
    act = Act(found.approved_by or "", office.clock())

    def wanted() -> bool:
        return not stopped() and batch in office.store.batches.begun()

    _work(_Run(office, tools, found, act, wanted=wanted), office, found, None)
    return office.store.batches.get(batch)


def _terms(tools: Tools) -> Terms:
    return Terms(tools.kids, SOFTWARE, tools.base_url)


def _demand_same_terms(found: Batch, own: Terms) -> None:
    """Check that what is made here will be like what the others make.

    Raises:
        ConflictError: it will not, or nobody has begun; says why.
    """
    begun, batch = found.terms, f"batch {found.reference}"
    if begun is None:
        raise ConflictError(say("Nobody has begun to issue {batch}, so there is nothing to help with.", batch=batch))
    if begun.software != own.software:
        raise ConflictError(
            say(
                "{batch} is issued by {software}, and this is {software_2}: install the same here.",
                batch=batch,
                software=begun.software,
                software_2=own.software,
            )
        )
    if begun.base_url != own.base_url:
        raise ConflictError(
            say(
                "{batch} is issued under {base_url}, and this machine is set to {base_url_2}.",
                batch=batch,
                base_url=begun.base_url,
                base_url_2=own.base_url,
            )
        )
    if begun.kids != own.kids:
        raise ConflictError(
            say(
                "{batch} is issued under the keys {kids}, and here {kids_2} would sign: bring signing_keys/ up "
                "to date here.",
                batch=batch,
                kids=" ".join(begun.kids),
                kids_2=" ".join(own.kids),
            )
        )
    if not has_design(found):
        raise ConflictError(
            say(
                "{batch} was ordered before designs were kept with the order: one machine issues it alone.", batch=batch
            )
        )


def has_design(batch: Batch) -> bool:
    """Say whether the design of *batch* was kept with its order; else each machine would take its own."""
    return batch.facts.design_file is not None


def _work(run: "_Run", office: Office, found: Batch, most: int | None) -> None:
    """Work off what there is for *run*, and note in log and register how that went.

    Raises:
        CertsError: something stopped it; the batch pauses and keeps the reason.
    """
    _prepare(run.tools, found)
    began, kids = time.monotonic(), dict(zip(_KIDS, run.tools.kids, strict=True))
    _log.info("issue_begun", extra={"batch": found.reference, "left": found.remaining, **kids})
    try:
        run.work_off(most)
    except CertsError as error:
        pause(office.store, found, error)
        raise
    finally:
        run.give_back()
    counts = _counts(office.store.batches.get(found.id))
    seconds = round(time.monotonic() - began, 3)
    _log.info("issue_ended", extra={"batch": found.reference, **counts, "seconds": seconds})


def _prepare(tools: Tools, batch: Batch) -> None:
    """Make ahead what worker processes inherit: the template of the credentials, the event's page."""
    credentials_of(tools, batch.facts, batch.kind, batch.ordered_at)
    pdf.prepare(batch.facts, tools.base_url)


def opened(store: Store, batch: Batch, tools: Callable[[], Tools]) -> Tools:
    """Return *tools*, with the keys open; *batch* pauses where they do not open or something is wrong with them.

    Raises:
        SigningError: a key is missing or cannot be opened.
        ConflictError: nothing may be issued under these keys and this address.
        StorageError: the register does not know the keys.
    """
    try:
        return tools()
    except (SigningError, ConflictError) as error:
        pause(store, batch, error)
        raise


def pause(store: Store, batch: Batch, error: CertsError) -> None:
    """Note why *batch* stopped, where the database still takes it."""
    _log.error("issue_paused", extra={"batch": batch.reference, "code": error.code}, exc_info=error)
    with contextlib.suppress(StorageError):
        store.batches.pause(batch.id, str(error))


def _counts(batch: Batch) -> dict[str, int]:
    counts = batch.counts
    return {
        "issued": counts.get(CertificateState.ISSUED, 0),
        "held": counts.get(CertificateState.HELD, 0),
        "left": batch.remaining,
    }


def _publish(office: Office, tools: Tools) -> None:
    """Let foreign verifiers know what was replaced; before the first credential there is a list that it can name."""
    publishing.publish(office.store, tools.credential_signer, tools.base_url, office.clock())


def _ready(office: Office, tools: Tools, batch: int) -> Batch:
    store = office.store
    found = store.batches.get(batch)
    orders.demand_not_ended(found)
    orders.demand_none_revoked(store, found)
    orders.demand_approved(found)
    if found.remaining and found.facts.demo != tools.claim_signer.key.demo:
        signs = "demo keys" if tools.claim_signer.key.demo else "other keys"
        raise ConflictError(
            say(
                "Batch {reference} was ordered under other keys, and now {signs} would sign it. Order it anew.",
                reference=found.reference,
                signs=signs,
            )
        )
    if found.remaining:
        guards.demand_clock(office.clock(), store.newest_moment())
        guards.demand_nothing_wrong(guards.findings(tools.base_url, tools.keys))
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
                say(
                    "The {purpose} key {kid} {ended} now. What it signed last was not stored; run the command again, "
                    "and the newest active key signs.",
                    purpose=purpose,
                    kid=kid,
                    ended=ended,
                )
            )


class _Run:
    """One process at work on one batch; knows the sheets that it has claimed and not yet stored."""

    def __init__(
        self,
        office: Office,
        tools: Tools,
        batch: Batch,
        act: Act,
        watch: Callable[[int], None] = lambda made: None,
        wanted: Callable[[], bool] | None = None,
    ) -> None:
        self.tools = tools
        self._office, self._act, self._watch, self._wanted = office, act, watch, wanted
        self._batch, self._reference = batch.id, batch.reference
        self._open: dict[str, Sheet] = {}
        self._left: int | None = None

    def work_off(self, most: int | None) -> None:
        """Claim, make and store until nothing is left, by whomever."""
        self._left = most
        queue, work = self._office.queue, partial(make, self.tools)
        pulse = Pulse(EXTEND_SECONDS, self._extend)
        sheets = self._claims()
        while (first := self._first(sheets)) is not None:
            for finished in queue.run(work, chain([first], sheets), pulse):
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
            if self._left == 0 or self._wanted or not self._office.store.sheets.leases(self._batch):
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
            steps.reached(Step.CLAIMED)
            yield sheet, self._office.clock()

    def _claim(self) -> Sheet | None:
        sheets, queue = self._office.store.sheets, self._office.queue
        if self._wanted is not None and not self._wanted():
            return None
        for token in sheets.leases(self._batch):
            if token not in self._open and queue.gone(token):
                sheets.release(token)
        now = sheets.now()
        return sheets.claim(self._batch, f"{queue.holder}/{next(_serial)}", now, now + LEASE, self._left)

    def _extend(self) -> None:
        """Say that this process is still at work on what it has claimed; what it lost meanwhile, `_store` notices."""
        sheets = self._office.store.sheets
        with contextlib.suppress(StorageError):  # the next time, or the lease ends
            until = sheets.now() + LEASE
            for token in tuple(self._open):
                sheets.extend(token, until)

    def _store(self, finished: Finished) -> None:
        _refuse_ended_keys(self.tools)
        sheet, at = self._open[finished.token], self._office.clock()
        finished = enrolled(self.tools.claim_signer, sheet, finished, self._reference, at)
        if self._office.store.sheets.store(sheet, finished, replace(self._act, at=at)):
            self._watch(len(finished.made) + len(finished.held))
        else:
            _log.warning("lease_lost", extra={"batch": self._reference, "made": len(finished.made)})
        del self._open[finished.token]
        steps.reached(Step.STORED)
