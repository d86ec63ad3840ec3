"""Take imports back, or put corrected files in their place, and say beforehand what that changes.

Nothing happens to an issued certificate by itself: where its person would no longer earn it, or it would say something
else, somebody has to revoke or correct it. A certificate that is ordered, not issued, and would be another is given up,
so that nobody issues what is known to be wrong. What was agreed to is what is done: if the event changes between
`foresee` and the act, the act is refused.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from certs import attendance, eligibility
from certs.errors import ConflictError, InputError, Problem
from certs.ground.number import printed
from certs.model import (
    Act,
    Amendment,
    CertificateState,
    Decision,
    Imported,
    Join,
    Mark,
    PersonKey,
    Placed,
    Registration,
    UnusableRow,
)
from certs.ports import Store
from certs.wording import hint, joined, say
from certs.work import orders, questions

_NAMED = 5
"""Certificates that a refusal names."""
_LEAST_DIGITS = 8
"""Digits of a SHA-256 that may stand for all of it."""


@dataclass(frozen=True, slots=True)
class Outdated:
    """An issued certificate that would not be earned, or would say something else; *change* says what."""

    placed: Placed
    eligible: bool
    change: str


@dataclass(frozen=True, slots=True)
class Foresight:
    """What would change, and the amendment that does it.

    *certified* are the issued certificates that would no longer be earned, or would say something else.
    """

    changes: eligibility.Changes
    certified: Sequence[Placed]
    amendment: Amendment

    @property
    def outdated(self) -> Sequence[Outdated]:
        """What somebody has to look at, certificate by certificate."""
        gone = self.changes.certified_lost
        lost = {_key(one): (False, say("not earned: {reason}", reason=one.reason)) for one in gone}
        told = lost | {
            _key(new): (new.eligible, joined(_differences(old, new), "; ")) for old, new in self.changes.restated
        }
        return [Outdated(one, *told[one.person, one.kind]) for one in self.certified]


def chosen(store: Store, slug: str, words: Iterable[str]) -> list[Imported]:
    """Return the imports that count and that *words* mean: names of files or beginnings of their SHA-256.

    A name may have a folder before it.

    Raises:
        InputError: every word that means none, or several.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    store.events.definition(slug)
    counting = [one for one in store.imports.listed(slug) if one.counts]
    found: dict[int, Imported] = {}
    problems: list[Problem] = []
    for word in words:
        meant = [one for one in counting if one.name == PurePath(word).name or _begins(one.sha256, word)]
        if len(meant) == 1:
            found[meant[0].file] = meant[0]
        else:
            problems.append(Problem(_unclear(slug, word, meant, counting)))
    if problems:
        raise InputError(*problems)
    return list(found.values())


def foresee(
    store: Store, slug: str, undone: Sequence[Imported], readings: Sequence[attendance.Reading] = ()
) -> Foresight:
    """Say what would change if the imports *undone* no longer counted and *readings* did; change nothing.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    as_of = store.events.as_of(slug)
    placed = store.batches.placed(slug)
    _, before = orders.decide(store, slug)
    _, after = orders.decide(store, slug, files=_Files(store, slug, undone, readings))
    changes = eligibility.changes(before, after, {(one.person, one.kind) for one in placed})
    moved = {_key(one) for one in changes.certified_lost} | {_key(one) for _, one in changes.restated}
    touched = [one for one in placed if (one.person, one.kind) in moved]
    issued = [one for one in touched if one.state is CertificateState.ISSUED]
    given_up = [one.number for one in touched if one.state is not CertificateState.ISSUED]
    return Foresight(changes, issued, Amendment(as_of, undone, given_up))


def demand_undoable(store: Store, slug: str, undone: Sequence[Imported], act: Act) -> None:
    """Refuse to undo imports without a reason, or if certificates were issued from them that still hold.

    Raises:
        InputError: no reason.
        ConflictError: some were issued; says which.
        StorageError: the database fails.
    """
    if not act.reason.strip():
        raise InputError(say("Say why, with {by}: it stays in the audit trail.", by=hint("reason")))
    issued = [one for one in store.batches.placed(slug) if one.state is CertificateState.ISSUED]
    for file in undone:
        since = [one for one in issued if one.entry > file.entry]
        people = _people(store, slug, file) if since else ()
        if theirs := [one for one in since if one.person in people]:
            raise ConflictError(_issued_from(slug, file, theirs))


def demand_as_shown(foresight: Foresight, as_of: int) -> None:
    """Refuse to do what was agreed to when the event stood at entry *as_of* of the trail, if it stands elsewhere now.

    Raises:
        ConflictError: it was changed meanwhile.
    """
    if foresight.amendment.as_of != as_of:
        raise ConflictError(say("Somebody changed the event meanwhile; nothing was done. Look again at what changes."))


def undo(store: Store, slug: str, amendment: Amendment, act: Act) -> None:
    """Let imports count no longer, as agreed to; questions that no longer arise close, their answers are kept.

    Raises:
        InputError: no reason.
        ConflictError: certificates were issued from one of them, or the event changed meanwhile.
        StorageError: the database fails.
    """
    demand_undoable(store, slug, amendment.undone, act)
    store.imports.undo(slug, amendment, act)
    questions.ask(store, slug)


class _Files:
    """The records that would count, to be gone through as often as needed."""

    def __init__(
        self, store: Store, slug: str, undone: Sequence[Imported], readings: Sequence[attendance.Reading]
    ) -> None:
        self._store, self._slug, self._readings = store, slug, readings
        gone = {one.file for one in undone}
        self._kept = [one for one in store.imports.listed(slug) if one.counts and one.file not in gone]

    def __iter__(self) -> Iterator[tuple[str, Join | Registration | Mark]]:
        yield from self._store.imports.records_of(self._slug, self._kept)
        for reading in self._readings:
            for record in reading.records:
                if not isinstance(record, UnusableRow):
                    yield reading.name, record


def _people(store: Store, slug: str, file: Imported) -> Collection[PersonKey]:
    """Return whom the rows of *file* count for, by the answers given so far."""
    answers = questions.answers_of(questions.known(store, slug))
    records = attendance.settled((record for _, record in store.imports.records_of(slug, [file])), answers)
    return {record.person for record in records if not isinstance(record, UnusableRow)}


def _key(decision: Decision) -> tuple[PersonKey, str]:
    return decision.person, decision.kind


def _differences(old: Decision, new: Decision) -> Iterator[str]:
    """Yield what a certificate says otherwise, each as old and new."""
    if old.name != new.name:
        yield say("name: {old} → {new}", old=old.name, new=new.name)
    if old.quarter_hours != new.quarter_hours:
        yield say("hours: {old:.2f} → {new:.2f}", old=old.quarter_hours / 4, new=new.quarter_hours / 4)
    if old.attended != new.attended:
        was, is_ = (", ".join(sorted(one.attended)) or "–" for one in (old, new))
        yield say("sessions: {old} → {new}", old=was, new=is_)


def _begins(sha256: str, word: str) -> bool:
    return len(word) >= _LEAST_DIGITS and sha256.startswith(word.lower())


def _unclear(slug: str, word: str, meant: Sequence[Imported], counting: Sequence[Imported]) -> str:
    if meant:
        digests = ", ".join(one.sha256[:_LEAST_DIGITS] for one in meant)
        return say(
            "{n} imports are called {word}. Say which by the beginning of its SHA-256: {digests}.",
            n=len(meant),
            word=word,
            digests=digests,
        )
    if not counting:
        return say("No import is called {word}: nothing is imported for {slug}.", word=word, slug=slug)
    return say("No import is called {word}. See: {place}", word=word, place=hint("status", event=slug))


def _issued_from(slug: str, file: Imported, certificates: Sequence[Placed]) -> str:
    named = ", ".join(f"{printed(one.number)} {one.name}" for one in certificates[:_NAMED])
    more = f" and {len(certificates) - _NAMED} more" if len(certificates) > _NAMED else ""
    return say(
        "Certificates were issued from {file}: {named}{more}. Nothing was changed. Revoke them first, or put a "
        "corrected file in its place: {how}",
        file=file.name,
        named=named,
        more=more,
        how=hint("import_instead", event=slug, file=file.name),
    )
