"""What an event file says otherwise than the one before it, each as a line `what: old → new`."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from certs import eligibility
from certs.model import Event, Kind, PictureFile, Session, Signatory

_PLAIN = ("title", "issuer", "place", "zone", "language", "design", "valid_until", "approval")
"""What is said in one word or line."""
NOTHING = "nothing"


def differences(before: Event, after: Event) -> list[str]:
    """Return every difference in what two versions of an event mean; none where they differ in comments alone."""
    return [
        *(
            _change(name, getattr(before, name), getattr(after, name))
            for name in _PLAIN
            if _differ(before, after, name)
        ),
        *_pictures("logo", (before.logo, before.logo_picture), (after.logo, after.logo_picture)),
        *_near_miss(before, after),
        *_kinds(before, after),
        *_sessions(before, after),
        *_signatories(before, after),
        *_partners(before, after),
        *_rest(before, after),
    ]


def _differ(before: Event, after: Event, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _change(what: str, old: object, new: object) -> str:
    return f"{what}: {_said(old)} → {_said(new)}"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value or NOTHING)


_File = tuple[str, PictureFile | None]


def _pictures(what: str, old: _File, new: _File) -> Iterator[str]:
    if old[0] != new[0]:
        yield _change(what, old[0], new[0])
    elif old[1] != new[1]:
        yield f"{what}: {new[0]} is another picture now"


def _near_miss(before: Event, after: Event) -> Iterator[str]:
    old, new = (
        f"{one.sessions} sessions or {float(100 * one.share):g} %" for one in (before.near_miss, after.near_miss)
    )
    if old != new:
        yield _change("near_miss", old, new)


def _kinds(before: Event, after: Event) -> Iterator[str]:
    old, new = ({kind.name: kind for kind in event.kinds} for event in (before, after))
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new:
            yield f"kind {name}: is gone"
        elif name not in old:
            yield f"kind {name}: is new: {eligibility.criteria(after, new[name])}"
        else:
            yield from _kind(name, (before, old[name]), (after, new[name]))


def _kind(name: str, old: tuple[Event, Kind], new: tuple[Event, Kind]) -> Iterator[str]:
    for key in ("title", "attended", "instead_of"):
        if getattr(old[1], key) != getattr(new[1], key):
            yield _change(f"kind {name}, {key}", getattr(old[1], key), getattr(new[1], key))
    if old[1].rule != new[1].rule:
        yield _change(f"kind {name}, rule", eligibility.criteria(*old), eligibility.criteria(*new))
    if old[1].roles != new[1].roles:
        yield _change(f"kind {name}, roles", *(", ".join(sorted(kind.roles)) for _, kind in (old, new)))


def _sessions(before: Event, after: Event) -> Iterator[str]:
    old, new = ({one.id: one for one in event.sessions} for event in (before, after))
    yield from (f"session {id_}: {old[id_].title}, {_window(old[id_])}: is gone" for id_ in old if id_ not in new)
    yield from (f"session {id_}: {new[id_].title}, {_window(new[id_])}: is new" for id_ in new if id_ not in old)
    for id_ in old:
        if id_ in new:
            if old[id_].title != new[id_].title:
                yield _change(f"session {id_}, title", old[id_].title, new[id_].title)
            if _window(old[id_]) != _window(new[id_]):
                yield _change(f"session {id_}, window", _window(old[id_]), _window(new[id_]))


def _window(session: Session) -> str:
    """Return when a session is, in its own zone."""
    zone = ZoneInfo(session.zone)
    shown = []
    for window in session.windows:
        start, end = window.start.astimezone(zone), window.end.astimezone(zone)
        closing = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
        shown.append(f"{start:%Y-%m-%d %H:%M}–{closing}")
    return f"{' and again '.join(shown)} {session.zone}"


def _signatories(before: Event, after: Event) -> Iterator[str]:
    old, new = ([_signs(one) for one in event.signatories] for event in (before, after))
    if old != new:
        yield _change("signatories", _joined(old), _joined(new))
    for one, other in zip(before.signatories, after.signatories, strict=False):
        if one.name == other.name:
            yield from _pictures(
                f"signature of {one.name}", (one.signature, one.picture), (other.signature, other.picture)
            )


def _partners(before: Event, after: Event) -> Iterator[str]:
    old, new = ([one.name for one in event.partners] for event in (before, after))
    if old != new:
        yield _change("partners", _joined(old), _joined(new))
    for one, other in zip(before.partners, after.partners, strict=False):
        if one.name == other.name:
            yield from _pictures(f"logo of {one.name}", (one.logo, one.picture), (other.logo, other.picture))


def _signs(one: Signatory) -> str:
    return f"{one.name}, {one.role}" if one.role else one.name


def _joined(people: Sequence[str]) -> str:
    return "; ".join(people)


_COMPARED = {*_PLAIN, "slug", "logo", "logo_picture", "near_miss", "kinds", "sessions", "signatories", "partners"}


def _rest(before: Event, after: Event) -> Iterator[str]:
    """Say what an event may have besides, so that nothing new is ever left out."""
    for name in Event.__slots__:
        if name not in _COMPARED and _differ(before, after, name):
            yield _change(name, getattr(before, name), getattr(after, name))
