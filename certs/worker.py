"""The worker: looks for errands in the register, does one after the other, and tells that it is there.

Where none waits, it sends what mails are due, some seconds at a time.

    certs worker        or, beside the site, started and restarted by certs serve

One process, one thread; issuing forks processes of its own, so nothing else may run in this one. While an errand is
done its lease is extended: by the queue that issues, or for what forks nothing by a thread that lives as long as that.
Whatever ends the process, nothing is lost: what it held is free when its lease ends, or at once where another worker
sees that it is dead, and each errand may be begun again.

SIGTERM and Ctrl-C give the errand back and end it. Nothing is asked but the register.

`Helper` is what processes of `certs work` do, which help other machines to issue.
"""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from itertools import count
from pathlib import Path

from certs.build import App
from certs.errors import CertsError, SigningError, StorageError
from certs.model import Act, Batch, Errand, ErrandKind, MessageState, Reply
from certs.ports import Done as Result
from certs.ports import Post, Pulse, Task
from certs.queue import Queue, beating
from certs.wording import Voice, say
from certs.work import errands, issue, mailing
from certs.work.deliver import Links
from certs.work.enrol import Enrolled
from certs.work.errands import doing
from certs.work.errands.outcomes import Seen, told
from certs.work.herself import listing
from certs.work.issue import Tools

LEASE = timedelta(minutes=2)
"""How long an errand is held, by the database's clock, after its worker was last heard of."""
BEAT_SECONDS = 10.0
"""How often a worker tells that it is there; after 30 s of silence it is said to be away."""
LOOK_SECONDS = 1.0
"""How often is looked for an errand where none waits."""
AWAY_SECONDS = 5.0
"""How often is looked whether a register is there again, or takes changes."""
MAIL_SECONDS = 5.0
"""How long mails are sent before is looked for an errand again."""
MAIL_AWAY_SECONDS = 30.0
"""How long nothing is sent where the mail server is away or refuses us."""
MOST_TRIES = 5
"""How often an errand is begun: one that ends its worker each time would end all others, too."""
DEFECT = "defect"
ACTOR = "worker"
"""Who asks for what nobody has to ask for."""
_FORKS = frozenset({ErrandKind.ISSUE})
_log = logging.getLogger("certs.worker")


def work(app: App, workers: int = 0, *, until: Callable[[], bool] = lambda: False) -> None:
    """Do errands until told to stop, or *until* there is a reason; *workers* is how many processes issue.

    Raises:
        KeyboardInterrupt: somebody stopped it; the errand was given back.
    """
    worker = Worker(app, Queue(workers))
    _log.info("worker_begun", extra={"workers": worker.queue.workers})
    away = False
    while not until():
        try:
            pause, away = 0.0 if worker.once() else LOOK_SECONDS, False
        except StorageError as error:
            if not away:  # said once, until it is there again
                _log.warning("register_away", extra={"code": error.code}, exc_info=error)
            pause, away = AWAY_SECONDS, True
        time.sleep(pause)


class Worker:
    """One worker, which holds at most one errand."""

    def __init__(self, app: App, queue: Queue) -> None:
        self.queue = queue
        self._app = app
        self._store = app.store.errands
        self._serial = count(1)
        self._beaten = float("-inf")
        self._caught_up = False
        self._mail_from = float("-inf")

    def once(self) -> bool:
        """Do one errand, if one waits, or else send what mails are due; say whether there was anything.

        Raises:
            StorageError: the register is out of reach.
        """
        self._beat()
        self._take_over()
        self._catch_up()
        self._answer()
        token = f"{self.queue.holder}/errand/{next(self._serial)}"
        errand = self._store.claim(token, LEASE)
        if errand is None:
            return self._mail()
        try:
            self._do(errand, token)
        except BaseException:
            with contextlib.suppress(StorageError):
                self._store.give_back(token)
            raise
        return True

    def _mail(self) -> bool:
        """Send what is due for some seconds, so that no errand waits for many mails; say whether one was sent."""
        app = self._app
        if app.post is None or time.monotonic() < self._mail_from:
            return False
        mailer, until = _mailer(app, app.post, self.queue), time.monotonic() + MAIL_SECONDS
        self._strand(mailer)
        sent, away = 0, ""
        with beating(Pulse(BEAT_SECONDS, self._beat_quietly)):
            while time.monotonic() < until and not away and (reply := self._send_next(mailer)) is not None:
                sent, away = sent + (not reply.away), reply.said if reply.away else ""
        if away:
            _log.warning("mail_away", extra={"code": away[:3]})
            self._mail_from = time.monotonic() + MAIL_AWAY_SECONDS
        if away or not sent:
            app.post.close()  # a mail server has better to do than to hold idle connections
        return bool(sent)

    def _send_next(self, mailer: mailing.Mailer) -> Reply | None:
        """Send the next mail, if one is due.

        Raises:
            StorageError: the register is out of reach.
        """
        try:
            return mailing.send_next(mailer, f"{self.queue.holder}/mail/{next(self._serial)}")
        except SigningError as error:
            _log.warning("mail_waits", extra={"code": error.code}, exc_info=error)
            return Reply(MessageState.DEFERRED, error.code, away=True)

    def _beat_quietly(self) -> None:
        with contextlib.suppress(StorageError):  # the next time
            self._beat()

    def _strand(self, mailer: mailing.Mailer) -> None:
        """Note of what dead workers had in hand that nobody knows whether it was sent."""
        if stranded := mailer.store.messages.strand(mailer.gone):
            _log.warning("mail_unknown", extra={"count": stranded})

    def _take_over(self) -> None:
        """Free what processes held that can be seen to be dead."""
        for token in self._store.leases():
            if self.queue.gone(token):
                self._store.give_back(token, died=True)

    def _catch_up(self) -> None:
        """Ask, once, for what an upgrade leaves to be done."""
        if not self._caught_up:
            errands.enrol(self._app.store, Act(ACTOR, self._app.clock(), role=ACTOR))
            self._caught_up = True

    def _answer(self) -> None:
        """Let mails go to those who asked for their own lists."""
        listing.answer(self._app.store, self._app.settings.base_url, self._app.clock())

    def _do(self, errand: Errand, token: str) -> None:
        """Do *errand* and note how it ended.

        Raises:
            StorageError: the register is out of reach; the errand is given back.
        """
        kind, began = errand.wish.kind, time.monotonic()
        _log.info("errand_begun", extra={"act": kind.value, "event": errand.wish.slug})
        done = _GIVEN_UP if errand.tries > MOST_TRIES else self._done(errand, token)
        stored = self._store.end(token, done.sentence, done.code, done.outcome)
        seconds = round(time.monotonic() - began, 3)
        ended = {"act": kind.value, "event": errand.wish.slug, "code": done.code, "seconds": seconds}
        _log.info("errand_ended" if stored else "lease_lost", extra=ended)

    def _done(self, errand: Errand, token: str) -> doing.Done:
        """Do *errand*; whatever goes wrong is how it ended, unless the register is away."""
        pulse = Pulse(BEAT_SECONDS, partial(self._pulse, token))
        forks = errand.wish.kind in _FORKS
        means = self._means(_Pulsing(self.queue, pulse) if forks else self.queue)
        try:
            with beating(None if forks else pulse):
                return doing.do(means, errand, partial(self._tell, token))
        except StorageError as error:
            if errand.tries < MOST_TRIES:
                self._store.give_back(token, died=True)
                raise
            return doing.Done(told(error), error.code)
        except CertsError as error:
            return doing.Done(told(error), error.code)
        except Exception as error:  # noqa: BLE001 -- the edge: one bad errand must not end the others
            _log.error("unexpected", exc_info=error)
            return doing.Done(_defect(), DEFECT)

    def _tell(self, token: str, done: int, total: int) -> None:
        with contextlib.suppress(StorageError):  # a bar may stand still
            self._store.tell(token, done, total)

    def _beat(self) -> None:
        if time.monotonic() - self._beaten >= BEAT_SECONDS:
            self._store.beat(self.queue.holder)
            self._beaten = time.monotonic()

    def _pulse(self, token: str) -> None:
        """Say that this worker is there and at work on what it holds."""
        with contextlib.suppress(StorageError):  # the next time, or the lease ends
            self._store.extend(token, LEASE)
            self._beat()

    def _means(self, queue: "Queue | _Pulsing") -> doing.Means:
        app = self._app
        return doing.Means(
            store=app.store,
            queue=queue,
            clock=app.clock,
            base_url=app.settings.base_url,
            tools=partial(_tools, app),
            publish=app.lists.publish,
            examine=partial(_examine, app),
            back_up=partial(_back_up, app),
            mails=app.settings.mail is not None,
            enrol=partial(_enrol, app),
        )


class _Pulsing:
    """The queue with one more pulse, for nothing but it may run beside what forks; implements `certs.ports.Queue`."""

    def __init__(self, queue: Queue, pulse: Pulse) -> None:
        self._queue, self._pulse = queue, pulse

    @property
    def holder(self) -> str:
        """Name this process for leases."""
        return self._queue.holder

    def gone(self, token: str) -> bool:
        """Say whether the holder of *token* is dead."""
        return self._queue.gone(token)

    def run(
        self, work: Callable[[Task], Result], tasks: Iterator[Task], pulse: Pulse | None = None
    ) -> Iterator[Result]:
        """Do *work* on each of *tasks*; see `certs.queue.Queue`.

        Raises:
            SigningError: a task has killed its worker several times.
        """
        return self._queue.run(
            work, tasks, Pulse(min(self._pulse.seconds, *_seconds(pulse)), partial(self._both, pulse))
        )

    def _both(self, pulse: Pulse | None) -> None:
        self._pulse.beat()
        if pulse is not None:
            pulse.beat()


class Helper:
    """Helps other machines to issue whenever the bell rings; the program is opened in each of its processes, once.

    *told* hears why a batch is declined, each reason once, for it is asked every minute; *broken* hears of defects.
    """

    def __init__(
        self,
        opened: Callable[[], App],
        stopped: Callable[[], bool],
        told: Callable[[str], None],
        broken: Callable[[Exception], None],
        voice: Voice,
    ) -> None:
        self._opened, self._stopped, self._told, self._broken, self._voice = opened, stopped, told, broken, voice
        self._said: set[str] = set()

    @cached_property
    def _app(self) -> App:
        return self._opened()

    def look(self) -> None:
        """Help with whatever was begun: a message may have been lost."""
        found: list[int] = []
        self._answered(lambda: found.extend(self._app.store.batches.begun()))
        for batch in found:
            self.help_with(batch)

    def help_with(self, batch: int) -> None:
        """Help with *batch*, if it needs help and this machine can give it."""
        self._answered(lambda: self._help(batch))

    def _help(self, batch: int) -> None:
        app = self._app
        if not self._stopped():
            issue.assist(issue.Office(app.store, Queue(1), app.clock), app.tools(), batch, self._stopped)

    def _answered(self, work: Callable[[], object]) -> None:
        """Do *work*; say once why it is declined."""
        try:
            work()
        except CertsError as error:
            _log.warning("help_declined", extra={"code": error.code}, exc_info=error)
            said = error.said_by(self._voice)
            if said not in self._said:
                self._said.add(said)
                self._told(f"certs: {said}")
        except Exception as error:  # noqa: BLE001 -- the edge of the process: what it says may hold names
            self._broken(error)


def _seconds(pulse: Pulse | None) -> tuple[float, ...]:
    return (pulse.seconds,) if pulse else (BEAT_SECONDS,)


def _tools(app: App, batch: Batch) -> Tools:
    from certs.build import examination  # noqa: PLC0415 -- fonts and keys, only where something is issued

    return examination.tools_for(app, batch)


def _examine(app: App) -> Sequence[Seen]:
    from certs.build import examination  # noqa: PLC0415 -- as above

    return [Seen(one.about, one.good, one.doubt, one.text) for one in examination.examine(app)]


def _back_up(app: App, asked_at: datetime) -> tuple[Path, int]:
    """Write the register to a file of its own; one that a worker began before it died is written anew."""
    folder = app.settings.instance / "backups"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / f"certs-{asked_at:%Y-%m-%dT%H%M%S}.db"
        file.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(say("{folder} cannot be written: {why}.", folder=folder, why=error.strerror)) from error
    return file, app.backup(file)


def _enrol(app: App, act: Act, watch: Callable[[int], None]) -> Enrolled:
    from certs.work import enrol  # noqa: PLC0415 -- fonts and keys, only where something is enrolled

    return enrol.enrol(app.store, app.keys, app.voucher, act, watch)


def _mailer(app: App, post: Post, queue: Queue) -> mailing.Mailer:
    links, base_url = Links(app.keys), app.settings.base_url
    return mailing.Mailer(
        app.store,
        post,
        app.clock,
        lambda ref: f"{base_url}/me/{links.token(ref)}",
        app.settings.mail_per_minute,
        queue.gone,
    )


def _defect() -> str:
    return say("A defect of the program stopped this; the log says where. Nothing half-done was kept.")


_GIVEN_UP = doing.Done(
    say(
        "This was begun several times, and each time its worker ended. The log of the system says why; memory perhaps."
    ),
    DEFECT,
)
