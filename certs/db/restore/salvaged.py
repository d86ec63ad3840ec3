"""What files outside the register know, brought into the copy of a backup: revocations, and what is not known here."""

from collections.abc import Iterator

from sqlalchemy import Connection, exists, insert, select, update

from certs.db import audit, comparison, tables
from certs.ground.number import printed
from certs.model import Act, CertificateState, Number
from certs.model.restored import Named, Unknown
from certs.wording import hint, say
from certs.work.salvage import Salvage, Seen, Withdrawal

_ISSUED = CertificateState.ISSUED.value
_row = tables.Certificate


def revoke(target: Connection, salvage: Salvage, act: Act) -> list[Named]:
    """Let what trails say was revoked be so, with the reason that was told; return what was not revoked here."""
    found = (_revoked(target, one, act) for one in salvage.withdrawals)
    return [one for one in found if one is not None]


def _revoked(target: Connection, one: Withdrawal, act: Act) -> Named | None:
    query = select(_row.id, _row.name, tables.Event.slug).join(tables.Event, tables.Event.id == _row.event_id)
    mine = target.execute(query.where(_row.number == one.number, _row.state == _ISSUED)).first()
    if mine is None:
        return None
    row, ended = tables.Revocation, {"undone_at": one.until, "reinstated": one.told}
    known = target.execute(
        select(row.id, row.undone_at).where(row.certificate_id == mine.id, (row.at == one.at) | row.undone_at.is_(None))
    ).first()
    if known is None:
        said = {"reason": one.reason.value, "detail": one.detail, "at": one.at}
        target.execute(insert(row), {"certificate_id": mine.id, **said, **ended})
        new = {**said, "at": comparison.moment(one.at)}
        audit.append(target, act, audit.Change("certificate.revoke", mine.slug, one.number, {"status": "issued"}, new))
    elif known.undone_at is None and one.until is not None:
        target.execute(update(row).where(row.id == known.id).values(**ended))
    if one.until is not None and (known is None or known.undone_at is None):
        what = "certificate.reinstate" if one.told else "certificate.unrevoke"
        new = {"status": "issued", "at": comparison.moment(one.until)}
        audit.append(target, act, audit.Change(what, mine.slug, one.number, {"status": "revoked"}, new))
    return Named(one.number, mine.name, mine.slug, one.reason.value) if known is None and one.until is None else None


def unknown(target: Connection, salvage: Salvage) -> Iterator[Unknown]:
    """Yield what these files say and this register cannot answer for."""
    for one in salvage.seen.values():
        if _stands(target, one.number) is None:
            text = f"{printed(one.number)}{_of(one)} was issued, as {one.source} says, and is not in this register."
            yield Unknown("issued", one.number, say("{text} Order it anew, and tell its holder.", text=text))
        elif one.state and _stands(target, one.number):
            yield _withdrawn(one.number, one.source, one.state)
    by_place = (
        {id_: Number(number) for id_, number in target.execute(select(_row.id, _row.number))} if salvage.places else {}
    )
    for place, source in sorted(salvage.places.items()):
        number = by_place.get(place)
        stands = None if number is None else _stands(target, number)
        if number is None or stands is None:
            text = (
                f"Place {place} of the status lists is withdrawn in {source}; whose it is, this register does not know."
            )
            yield Unknown("place", str(place), text)
        elif stands and salvage.seen.get(number, Seen(number, "", "", "")).state == "":
            yield _withdrawn(number, source, "withdrawn")


def _of(one: Seen) -> str:
    return f" ({', '.join(filter(None, (one.name, one.event)))})" if one.name or one.event else ""


def _withdrawn(number: Number, source: str, state: str) -> Unknown:
    text = f"{printed(number)} was {state}, as {source} says; why, this register does not know."
    return Unknown(
        "withdrawn",
        number,
        say("{text} Withdraw it: {revoke}", text=text, revoke=hint("revoke_number", number=printed(number))),
    )


def _stands(target: Connection, number: Number) -> bool | None:
    """Say whether an issued certificate is in force, None where there is none of that number."""
    later = _row.__table__.alias("later")
    revoked = exists().where(tables.Revocation.certificate_id == _row.id, tables.Revocation.undone_at.is_(None))
    replaced = exists().where(later.c.supersedes_id == _row.id, later.c.state == _ISSUED)
    query = select(~revoked & ~replaced).where(_row.number == number, _row.state == _ISSUED)
    found = target.execute(query).scalar()
    return None if found is None else bool(found)
