"""Lists of the register that come a page at a time, each page found by an index from its cursor on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from certs.db import audit, batchrows, cursors, masked, questions, tables
from certs.db.engine import reading
from certs.db.events import id_of
from certs.db.people import PRESENT
from certs.ground import names, number
from certs.model import (
    AskedQuestion,
    AuditEntry,
    Batch,
    BatchesSought,
    BatchStands,
    CertificatesSought,
    CertificateState,
    EntriesSought,
    EventLine,
    EventsSought,
    Kid,
    Listed,
    Number,
    Page,
    PersonKey,
    QuestionsSought,
    Stands,
)
from certs.wording import read_again

_row, _after = tables.Certificate, aliased(tables.Certificate)
_batch, _event, _entry, _question = tables.Batch, tables.Event, tables.Audit, tables.Question
_ISSUED = CertificateState.ISSUED.value
_LOOKED_THROUGH = 500
"""Rows that are read at once where words are sought that the database cannot find."""
_revoked = exists().where(tables.Revocation.certificate_id == _row.id, tables.Revocation.undone_at.is_(None))
_replaced = _after.number.is_not(None)
_CERTIFICATES = (
    select(_row.id, _row.number, _row.name, _row.folded, _row.kind, _row.state, _row.error, tables.Person.key)
    .add_columns(_batch.ordinal, _batch.ordered_at, tables.Issued.registered_at)
    .add_columns(_revoked.label("revoked"), _after.number.label("superseded_by"))
    .select_from(_row)
    .join(tables.Person, tables.Person.id == _row.person_id)
    .join(_batch, _batch.id == _row.batch_id)
    .outerjoin(tables.Issued, tables.Issued.certificate_id == _row.id)
    .outerjoin(_after, and_(_after.supersedes_id == _row.id, _after.state == _ISSUED))
)
_left = exists().where(_row.batch_id == _batch.id, _row.state == CertificateState.ORDERED.value)
_BATCH_STANDS: dict[BatchStands, ColumnElement[bool]] = {
    BatchStands.WAITING: and_(_batch.ended.is_(None), _batch.approved_at.is_(None), _left),
    BatchStands.UNDER_WAY: and_(_batch.ended.is_(None), _batch.approved_at.is_not(None), _left),
    BatchStands.DONE: and_(_batch.ended.is_(None), ~_left),
    BatchStands.ENDED: _batch.ended.is_not(None),
}
Item = TypeVar("Item")
_Row = Row[*tuple[Any, ...]]
_Select = Select[*tuple[Any, ...]]


class Lists:
    """Lists that come a page at a time; implements `certs.ports.Lists`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def certificates(self, slug: str, sought: CertificatesSought, after: str = "", limit: int = 50) -> Page[Listed]:
        """Return certificates of an event.

        Raises:
            InputError: *after* is no place in that list.
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        columns, kinds = ((_row.folded, _row.id), (str, int)) if sought.by_name else ((_row.id,), (int,))
        with reading(self._engine) as connection:
            query = _CERTIFICATES.where(_row.event_id == id_of(connection, slug), PRESENT, *_of_certificates(sought))
            if after:
                place = tuple_(*cursors.read(after, kinds))
                query = query.where(tuple_(*columns) > place if sought.by_name else tuple_(*columns) < place)
            query = query.order_by(*(columns if sought.by_name else (_row.id.desc(),)))
            found = connection.execute(query.limit(limit + 1)).all()
        return _page(found, limit, [one.key for one in columns], lambda row: _listed(slug, row))

    def count(self, slug: str, sought: CertificatesSought) -> int:
        """Return how many certificates of an event are *sought*.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            query = _CERTIFICATES.where(_row.event_id == id_of(connection, slug), PRESENT, *_of_certificates(sought))
            return connection.execute(query.with_only_columns(func.count())).scalar_one()

    def signed(self) -> Mapping[Kid, int]:
        """Return how many issued certificates each key signed.

        Raises:
            StorageError: the database fails.
        """
        issued, found = tables.Issued, dict[Kid, int]()
        with reading(self._engine) as connection:
            for column in (issued.claim_kid, issued.seal_kid, issued.credential_kid):
                for kid, count in connection.execute(select(column, func.count()).group_by(column)):
                    found[Kid(kid)] = count
        return found

    def entries(self, sought: EntriesSought, after: str = "", limit: int = 50) -> Page[AuditEntry]:
        """Return entries of the trail.

        Raises:
            InputError: *after* is no place in that list.
            StorageError: the database fails.
        """
        query = select(*_entry.__table__.c).where(*_of_entries(sought), *_before(_entry.id, after))
        with reading(self._engine) as connection:
            found = connection.execute(query.order_by(_entry.id.desc()).limit(limit + 1)).all()
            hidden = masked.words(connection)
        return _page(found, limit, ["id"], lambda row: masked.shown(AuditEntry(*row), hidden))

    def questions(self, slug: str, sought: QuestionsSought, after: str = "", limit: int = 50) -> Page[AskedQuestion]:
        """Return questions ever asked about an event.

        Raises:
            InputError: *after* is no place in that list.
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        columns = (_question.kind, _question.subject, _question.rows, _question.key)
        with reading(self._engine) as connection:
            query = select(*_question.__table__.c).where(_question.event_id == id_of(connection, slug))
            query = query.where(questions.IS_THERE, *_of_questions(sought)).order_by(*columns)

            def rest(after: str) -> _Select:
                return query.where(tuple_(*columns) > tuple_(*cursors.read(after, [str] * 4))) if after else query

            words = names.fold(sought.search).split()
            wanted = _with_words(words, lambda row: (read_again(row.text), row.subject, row.evidence, row.whom))
            found = _looked_through(connection, rest, [one.key for one in columns], wanted, after, limit)
        return _page(found, limit, [one.key for one in columns], lambda row: questions.asked([row])[0])

    def batches(self, sought: BatchesSought, after: str = "", limit: int = 20) -> Page[Batch]:
        """Return batches.

        Raises:
            InputError: *after* is no place in that list.
            StorageError: the database fails.
        """
        query = select(_batch.id).join(_event, _event.id == _batch.event_id).where(*_before(_batch.id, after))
        if sought.events is not None:
            query = query.where(_event.slug.in_(sought.events))
        if sought.stands is not None:
            query = query.where(_BATCH_STANDS[sought.stands])
        with reading(self._engine) as connection:
            found = connection.execute(query.order_by(_batch.id.desc()).limit(limit + 1)).all()
            return _page(found, limit, ["id"], lambda row: batchrows.load(connection, row.id))

    def events(self, sought: EventsSought, after: str = "", limit: int = 20) -> Page[EventLine]:
        """Return events.

        Raises:
            InputError: *after* is no place in that list.
            StorageError: the database fails.
        """
        columns = _event.id, _event.slug, _event.title, _event.added_at
        query: _Select = select(*columns).order_by(_event.id.desc())
        if sought.slugs is not None:
            query = query.where(_event.slug.in_(sought.slugs))
        wanted = _with_words(names.fold(sought.search).split(), lambda row: (row.title, row.slug))
        with reading(self._engine) as connection:
            found = _looked_through(
                connection, lambda after: query.where(*_before(_event.id, after)), ["id"], wanted, after, limit
            )
        return _page(found, limit, ["id"], lambda row: EventLine(row.slug, row.title, row.added_at))


def _page(rows: Sequence[_Row], limit: int, place: Sequence[str], item: Callable[[_Row], Item]) -> Page[Item]:
    """Return the first *limit* of *rows*, of which one more is given where there are any more."""
    end = _cursor(rows[limit - 1], place) if len(rows) > limit else ""
    return Page([item(row) for row in rows[:limit]], end)


def _cursor(row: _Row, place: Sequence[str]) -> str:
    return cursors.written([getattr(row, one) for one in place])


def _before(column: InstrumentedAttribute[int], after: str) -> Iterator[ColumnElement[bool]]:
    """Yield the condition that newest-first pages go on from *after*.

    Raises:
        InputError: *after* is no place in that list.
    """
    if after:
        yield column < cursors.read(after, [int])[0]


def _of_certificates(sought: CertificatesSought) -> Iterator[ColumnElement[bool]]:
    if sought.stands is not None:
        yield from _standing_so(sought.stands)
    if sought.kind is not None:
        yield _row.kind == sought.kind
    if sought.batch is not None:
        yield _batch.ordinal == sought.batch
    if sought.person is not None:
        yield tables.Person.key == sought.person
    for word in sought.search.split():
        folded = names.fold(word)
        held = [_row.folded.contains(folded, autoescape=True)]
        held += [tables.Person.key.contains(one, autoescape=True) for one in {folded, word.lower()}]
        if digits := number.part(word):
            held.append(_row.number.contains(digits, autoescape=True))
        yield or_(*held)


def _standing_so(stands: Stands) -> Iterator[ColumnElement[bool]]:
    yield _row.state == (_ISSUED if stands in {Stands.VALID, Stands.REPLACED, Stands.REVOKED} else stands.value)
    if stands is Stands.REVOKED:
        yield _revoked
    elif stands in {Stands.VALID, Stands.REPLACED}:
        yield ~_revoked
        yield _replaced if stands is Stands.REPLACED else ~_replaced


def _listed(slug: str, row: _Row) -> Listed:
    stands = Stands.VALID if row.state == _ISSUED else Stands(row.state)
    if stands is Stands.VALID and (row.revoked or row.superseded_by):
        stands = Stands.REVOKED if row.revoked else Stands.REPLACED
    return Listed(
        number=Number(row.number),
        person=PersonKey(row.key),
        name=row.name,
        kind=row.kind,
        batch=f"{slug}/{row.ordinal}",
        stands=stands,
        ordered_at=row.ordered_at,
        issued_at=row.registered_at,
        error=row.error,
        superseded_by=Number(row.superseded_by) if row.superseded_by else None,
    )


def _of_entries(sought: EntriesSought) -> Iterator[ColumnElement[bool]]:
    for column, wanted in (
        (_entry.event, sought.event),
        (_entry.actor, sought.actor),
        (_entry.subject, sought.subject),
    ):
        if wanted is not None:
            yield column == wanted
    if sought.act is not None:
        yield or_(_entry.act == sought.act, _entry.act.startswith(f"{sought.act}.", autoescape=True))
    if sought.since is not None:
        yield _entry.at >= audit.moment(sought.since)
    if sought.until is not None:
        yield _entry.at < audit.moment(sought.until)


def _of_questions(sought: QuestionsSought) -> Iterator[ColumnElement[bool]]:
    if sought.kind is not None:
        yield _question.kind == sought.kind
    if sought.open is not None:
        yield _question.open.is_(sought.open)
    if sought.answered is not None:
        yield _question.answer != "" if sought.answered else _question.answer == ""


def _with_words(words: Sequence[str], texts: Callable[[_Row], Sequence[str]]) -> Callable[[_Row], bool]:
    """Say of a row whether all *words* stand in its *texts*, without regard to case and accents."""
    return lambda row: not words or all(word in names.fold(" ".join(texts(row))) for word in words)


def _looked_through(
    connection: Connection,
    rest: Callable[[str], _Select],
    place: Sequence[str],
    wanted: Callable[[_Row], bool],
    after: str,
    limit: int,
) -> Sequence[_Row]:
    """Return one more than *limit* rows that are *wanted*, of those that *rest* finds from a cursor on."""
    found: list[_Row] = []
    while len(found) <= limit:
        rows = connection.execute(rest(after).limit(_LOOKED_THROUGH)).all()
        found += filter(wanted, rows)
        if len(rows) < _LOOKED_THROUGH:
            break
        after = _cursor(rows[-1], place)
    return found[: limit + 1]
