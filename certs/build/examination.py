"""Look at everything that a deployment rests on: each look yields findings, and what fails is a finding too.

The doctor shows them all; issuing demands that nothing is wrong on which certificates rest.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from certs.build import App, outside
from certs.build.finding import Finding
from certs.eligibility.words import count
from certs.errors import CertsError, ConflictError, InputError
from certs.model import Batch, Certificate, KeyState, Number, Outcome, Purpose, Summary, Verdict
from certs.wording import hint, joined, say, say_n
from certs.work import imports, keys

if TYPE_CHECKING:
    from certs.work.issue import Tools

_UNSETTLED_SHOWN = 10
ENOUGH_BYTES = 1 << 30
"""A certificate takes about 20 kB in the register, so this is room for 50,000."""
_NAMED = 10
"""So many spoilt certificates are named."""
_ABOUT = {"seal_organisation": "keys", "mixed_keys": "keys", "demo_keys": "keys"}
"""What a finding about address and keys is about, by its code, where that is not the address."""


def examine(app: App) -> list[Finding]:
    """Return all findings.

    Raises:
        Nothing: what fails is a finding.
    """
    return all_of(LOOKS, app)


def tools_for(app: App, batch: Batch) -> "Tools":
    """Return what issuing needs, where nothing is wrong on which the certificates of *batch* rest.

    Raises:
        ConflictError: something is; says all of it.
        SigningError: a key is missing or cannot be opened.
        StorageError: the register does not know the keys, or the database fails.
    """
    tools = app.tools()
    if batch.remaining:
        demand_well(app)
    return tools


def demand_well(app: App) -> None:
    """Check that nothing is wrong on which certificates rest that are about to be issued: keys, address, trail, clock.

    Fonts, disk space, authorities and status lists issuing looks after itself.

    Raises:
        ConflictError: something is; says all of it.
        StorageError: the database fails.
    """
    looks = (_trail, _keys, _base_url, _clock)
    wrong = dict.fromkeys(finding.text for look in looks for finding in look(app) if not finding.good)
    if wrong:
        last = say("Nothing is issued like this; {doctor} says when all is well.", doctor=hint("doctor"))
        raise ConflictError(joined([*wrong, last], "\n"))


def all_of(looks: Iterable[Callable[[App], Iterator[Finding]]], app: App) -> list[Finding]:
    """Return what each look finds; what is said once is not said again."""
    found: list[Finding] = []
    for look in looks:
        found += [finding for finding in _looked(look, app) if finding.text not in {one.text for one in found}]
    return found


def _looked(look: Callable[[App], Iterator[Finding]], app: App) -> list[Finding]:
    try:
        return list(look(app))
    except CertsError as error:
        return [Finding(look.__name__.strip("_").replace("_", " "), False, joined(error.sentences, "\n"))]


def _database(app: App) -> Iterator[Finding]:
    app.store.certificate(Number("0" * 12))
    yield Finding(
        "database",
        True,
        say("{shown} answers and is up to date.", shown=app.engine.url.render_as_string(hide_password=True)),
    )
    file = app.settings.sqlite_file
    if file is not None and file.stat().st_mode & 0o007 and file.parent.stat().st_mode & 0o001:
        text = f"{file} holds names and addresses, and everybody on this machine may read it: run chmod 600 {file}."
        yield Finding("database", False, text)


def _rights(app: App) -> Iterator[Finding]:
    from certs.db import rights  # noqa: PLC0415 - the database, which help does not need

    wrong = list(rights.faults(app.tables.engine))
    yield from (Finding("rights", False, text) for text in wrong)
    if not wrong:
        yield Finding("rights", True, say("The register can be written to."))


def _audit(app: App) -> Iterator[Finding]:
    """Say whether the trail is whole, and register, keys and status lists are as it says."""
    from certs.work import trail  # noqa: PLC0415 - keys, which help does not need

    wrong = list(trail.faults(app.store, app.keys, app.voucher))
    yield from (Finding("audit", False, text) for text in wrong)
    if not wrong:
        entries, _ = app.store.trail.head()
        said = f"{count(entries, 'entry', 'entries')}, each chained to the one before, and the register as they say."
        yield Finding("audit", True, said)


def _trail(app: App) -> Iterator[Finding]:
    """Say what is wrong with the trail itself: quicker than to compare every row with it."""
    wrong = list(app.store.trail.contradictions(app.voucher))
    yield from (Finding("audit", False, text) for text in wrong)


def _restored(app: App) -> Iterator[Finding]:
    """Say what a restore left unknown, or behind."""
    from certs.db.restore import left_behind  # noqa: PLC0415 - only to look

    unsettled = app.store.unsettled.open()
    if len(unsettled) > _UNSETTLED_SHOWN:
        more = len(unsettled) - _UNSETTLED_SHOWN
        yield Finding(
            "restored",
            False,
            say("{more} more things are not settled: {all} lists all.", more=more, all=hint("unsettled")),
        )
    for one in unsettled[:_UNSETTLED_SHOWN]:
        yield Finding("restored", False, say("{text} When it is: {settle}", text=one.text, settle=hint("settle")))
    for path in left_behind(app.engine):
        text = f"{path} was left by a restore that was stopped; the register is whole. The next restore clears it away."
        yield Finding("restored", True, text, doubt=True)


def files(app: App, entries: Iterable[tuple[Number, Certificate | None]]) -> Iterator[Finding]:
    """Open the file of every certificate in *entries*, as `store.examined` gives them."""
    from certs.ground.number import printed  # noqa: PLC0415 - only where every file is opened
    from certs.work.verify import verify_registered  # noqa: PLC0415

    spoilt: list[str] = []
    opened, now = 0, app.clock()
    for number, held in entries:
        opened += 1
        if held is None or not _is_ours(verify_registered(held, app.store, app.keys, now)):
            spoilt.append(printed(number))
    if spoilt:
        named = ", ".join(spoilt[:_NAMED]) + (f" and {len(spoilt) - _NAMED:,} more" if len(spoilt) > _NAMED else "")
        said = f"{count(len(spoilt), 'certificate is', 'certificates are')} not what was issued: {named}."
        advice = say(
            "Look for damage of the disk, and bring a backup from before it back: {restore}.",
            restore=hint("restore_file"),
        )
        yield Finding("files", False, say("{said} {advice}", said=said, advice=advice))
    else:
        yield Finding(
            "files",
            True,
            say("{count} opened, each the very one issued.", count=say_n("{n:,} file was", "{n:,} files were", opened)),
        )


def _is_ours(verdict: Verdict) -> bool:
    """Say whether a verdict on what the register holds finds it as we signed it, whatever became of it since."""
    return verdict.summary is not Summary.ALTERED and all(
        step.outcome is Outcome.PASSED for step in verdict.steps if step.name == "record"
    )


def _records(app: App) -> Iterator[Finding]:
    """Say whether what certificates share is what was signed, and whether any is on no roll; `files` looks at each."""
    from certs.work import enrol  # noqa: PLC0415 - keys, which help does not need

    for text in enrol.faults(app.store, app.keys):
        yield Finding("records", False, text)
    missing = app.store.rolls.missing()
    if missing:
        text = say_n(
            "{n:,} certificate is on no roll, so nobody can check what it states beyond its code: {enrol}.",
            "{n:,} certificates are on no roll, so nobody can check what they state beyond their codes: {enrol}.",
            missing,
            enrol=hint("enrol"),
        )
        yield Finding("records", False, text)
    else:
        yield Finding("records", True, say("What certificates state is under our signature."))


def _keys(app: App) -> Iterator[Finding]:
    from certs.keyring import checkup  # noqa: PLC0415 - keys, which help does not need
    from certs.work import guards  # noqa: PLC0415

    for remark in checkup.examine(app.keys, app.clock(), in_earnest=not guards.is_local(app.settings.base_url)):
        yield Finding("keys", remark.good, remark.text, remark.doubt)


def _keys_known(app: App) -> Iterator[Finding]:
    """Say whether keys and register belong together, whichever of them came from a backup."""
    strangers = keys.unknown(app.store, app.keys)
    if strangers:
        yield Finding("keys known", False, keys.not_ours(strangers))
        return
    known = app.store.key_trail.known_keys()
    gone = [f"{purpose} key {kid}" for kid, purpose in known.items() if app.keys.find(purpose, kid) is None]
    if gone:
        text = f"The register knows {', '.join(gone)}, not in {app.settings.signing_keys}: restore it from the backup."
        yield Finding("keys known", False, text)
    else:
        yield Finding("keys known", True, say("The register knows the keys, and none is lost."))


def _status_lists(app: App) -> Iterator[Finding]:
    from certs.work import publishing  # noqa: PLC0415 - credentials, which help does not need

    active = (key for key in app.keys.trusted(Purpose.CREDENTIAL) if key.state is KeyState.ACTIVE)
    key = next(active, None)
    if key is None:
        return  # said by the keys
    stale = publishing.stale(app.store, key.kid, app.settings.base_url)
    if stale:
        which = ", ".join(map(str, stale))
        text = say(
            "What foreign verifiers see is missing or out of date (list {which}): {publish}.",
            which=which,
            publish=hint("publish"),
        )
        yield Finding("status lists", False, text)
    else:
        yield Finding("status lists", True, say("Foreign verifiers see what is revoked and replaced."))


def _base_url(app: App) -> Iterator[Finding]:
    from certs.work import guards  # noqa: PLC0415 - keys, which help does not need

    url, used = app.settings.base_url, app.store.batches.newest_address()
    found = {one.told: one for one in guards.findings(url, app.keys, used=used)}
    for issuer in _issuers(app):
        found |= {one.told: one for one in guards.findings(url, app.keys, issuer=issuer, used=used)}
    for text, one in found.items():
        doubtful = one.severity is guards.Severity.DOUBTFUL
        yield Finding(_ABOUT.get(one.code, "base URL"), doubtful, text, doubtful)
    if guards.is_local(url) and not any(one.code == "local_address" for one in found.values()):
        yield Finding(
            "base URL", True, say("{url}: codes lead to this machine only; for real use set CERTS_BASE_URL.", url=url)
        )
    elif not any(one.code not in _ABOUT for one in found.values()):
        yield Finding("base URL", True, say("{url} stands in every QR code and link.", url=url))


def _issuers(app: App) -> set[str]:
    """Return who issues the register's events, by their files; one that cannot be read says it itself when used."""
    found = set()
    for slug in app.store.events.slugs():
        with suppress(InputError):
            found.add(imports.event_of(app.store, slug).named_issuer)
    return found


def _clock(app: App) -> Iterator[Finding]:
    from certs.work import guards  # noqa: PLC0415 - keys, which help does not need

    now = app.clock()
    found = list(guards.clock(now, app.store.newest_moment()))
    for one in found:
        doubtful = one.severity is guards.Severity.DOUBTFUL
        yield Finding("clock", doubtful, str(one), doubtful)
    made = [key for purpose in Purpose for key in app.keys.trusted(purpose)]
    later = [key.kid for key in made if key.created_at > now + guards.CLOCK_TOLERANCE]
    if later:
        text = f"The clock says {now:%Y-%m-%d %H:%M} UTC, but key {later[0]} was made after that. Set the clock."
        yield Finding("clock", False, text)
    elif not found:
        yield Finding("clock", True, say("It is {now:%Y-%m-%d %H:%M} UTC, later than everything on record.", now=now))


def _fonts(_: App) -> Iterator[Finding]:
    from certs.pdf.typeface import covered_languages, unusable_fonts  # noqa: PLC0415 - fonts, which help does not need

    bad = unusable_fonts()
    for sets, why in bad.items():
        yield Finding(
            "fonts",
            False,
            say("Names in {sets} cannot be printed: {why}. Restore it from the release.", sets=sets, why=why),
        )
    if good := [sets for sets in covered_languages() if sets not in bad]:
        yield Finding("fonts", True, say("Names can be printed in {good}.", good="; ".join(good)))


def _designs(app: App) -> Iterator[Finding]:
    """Say which designs cannot be used, and which look otherwise than when they were last ordered."""
    from certs.work.events import designs  # noqa: PLC0415 - designs, which help does not need

    found = list(designs.examine(app.store))
    yield from (Finding("designs", not one.wrong, one.text, doubt=not one.wrong) for one in found)
    if not found:
        yield Finding(
            "designs",
            True,
            say(
                "{count}, each as it was last ordered with.",
                count=say_n("{n:,} design", "{n:,} designs", len(designs.names())),
            ),
        )


def _disk(app: App) -> Iterator[Finding]:
    file = app.settings.sqlite_file
    places = [path for path in (file and file.parent, app.keys.path) if path is not None and path.is_dir()]
    for place in {path.stat().st_dev: path for path in reversed(places)}.values():
        free = shutil.disk_usage(place).free
        if free < ENOUGH_BYTES:
            text = f"Only {free >> 20} MiB are free at {place}: issuing would stop. Free some space."
            yield Finding("disk", False, text)
        else:
            yield Finding("disk", True, say("{free} GiB are free at {place}.", free=free >> 30, place=place))


def _worker(app: App) -> Iterator[Finding]:
    """Say whether somebody does what pages ask for; where nothing waits, nobody has to."""
    from certs.work import errands  # noqa: PLC0415 - fonts, which help does not need

    waiting, away = app.store.errands.waiting(), errands.worker_away(app.store)
    if waiting and away:
        text = say(
            "No worker was heard of for 30 seconds, and {waiting} wait for one. Start {worker}.",
            worker=hint("worker"),
            waiting=say_n("{n} errand", "{n} errands", waiting),
        )
        yield Finding("worker", False, text)
    elif away:
        yield Finding("worker", True, say("No worker is there, and nothing waits for one."))
    else:
        yield Finding("worker", True, say("A worker is there."))


LOOKS = (
    *(_database, outside.copy, _rights, _audit, _restored, _keys, _keys_known, _records, _status_lists),
    *(_base_url, _clock, _fonts, _designs, _disk, outside.time_stamps, _worker, outside.counted, outside.tails),
)
