"""The event, its sessions and rules, and the decision on a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from certs.model.attendance import ALL_ROLES, ExtraEvidence, Interval, Role, Tally
from certs.model.ids import PersonKey, SessionId

_QUARTER_HOUR_SECONDS = 900
_SPEAKERS = frozenset({"speaker", "speakers", "presenter", "presenters", "lecturer", "lecturers"})


@dataclass(frozen=True, slots=True)
class Session:
    """One sitting of an event: its window is when attendance counts."""

    id: SessionId
    title: str
    zone: str
    """IANA time zone in which exports of this session give their times."""
    window: Interval
    again: tuple[Interval, ...] = ()
    """Further windows of the same length, where it was held again for another part of the world: the best counts."""

    @property
    def windows(self) -> tuple[Interval, ...]:
        """Every window, the first one first."""
        return (self.window, *self.again)

    @property
    def window_seconds(self) -> int:
        """Length of a window in whole seconds."""
        return int((self.window.end - self.window.start).total_seconds())


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file that certificates are drawn from, known by its bytes; *data* is empty where nobody draws it."""

    name: str
    """As the event file names it, or the design's."""
    sha256: str
    """Of the bytes, in hex."""
    media_type: str
    """`image/svg+xml` or `image/png`; of a design, whose files are one, `application/zip`."""
    data: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person whose name stands at the foot of the certificate."""

    name: str
    role: str
    signature: str = ""
    """Name of the file with a picture of the handwritten signature, or empty."""
    picture: PictureFile | None = None
    """That picture, once the event has come with its files."""


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation whose logo stands beside the issuer's."""

    name: str
    logo: str
    """Name of the file with its logo."""
    picture: PictureFile | None = None
    """That logo, once the event has come with its files."""


@dataclass(frozen=True, slots=True)
class SessionsRule:
    """At least *least* sessions attended, each for at least *share* of its window; share 0 is any second at all."""

    least: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class RequiredRule:
    """Each of *sessions* attended for at least *share* of its window."""

    sessions: tuple[SessionId, ...]
    share: Fraction


@dataclass(frozen=True, slots=True)
class PercentRule:
    """At least *percent* of the seconds of all windows together."""

    percent: Fraction


@dataclass(frozen=True, slots=True)
class MinutesRule:
    """At least *minutes* in the windows of all sessions together."""

    minutes: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of *rules* holds."""

    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of *rules* holds."""

    rules: tuple["Rule", ...]


Rule = SessionsRule | RequiredRule | PercentRule | MinutesRule | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of certificate an event gives: who earns it, and in which roles presence counts."""

    name: str
    """`attendance` for the event's own rule; lower-case letters, digits and hyphens."""
    title: str
    """What the certificate is headed with, empty for the design's own words."""
    rule: Rule
    roles: frozenset[Role] = ALL_ROLES
    attended: str = ""
    """What the person did at the sessions, as in "led", in the event's language; empty for the design's own words."""
    instead_of: str = ""
    """The kind that whoever earns this one is not given besides; empty where she is."""
    names_roles: bool = False
    """Whether the event file says *roles*, and does not leave them to the default."""

    @property
    def spoke(self) -> bool:
        """Whether the design's words for speakers suit: the kind is called so, and is not given for listening."""
        return self.name in _SPEAKERS and Role.ATTENDEE not in self.roles


@dataclass(frozen=True, slots=True)
class NearMiss:
    """How close to a rule counts as a near miss: so many sessions short, or this share of a threshold."""

    sessions: int = 1
    share: Fraction = Fraction(1, 10)


class Approval(StrEnum):
    """How many people an order needs."""

    ONE = "one"
    TWO = "two"


def unnamed_issuer(title: str) -> str:
    """Return whom certificates name as issuer where the event file names nobody."""
    return f"The organisers of {title}"


@dataclass(frozen=True, slots=True)
class Event:
    """The event as its file describes it; *sessions* in the order of their start, *kinds* never empty."""

    slug: str
    title: str
    sessions: tuple[Session, ...]
    kinds: tuple[Kind, ...]
    issuer: str
    place: str = ""
    zone: str = "UTC"
    language: str = "en"
    design: str = "classic"
    logo: str = ""
    """File name of the logo beside the event file, or empty."""
    logo_picture: PictureFile | None = None
    """That logo, once the event has come with its files; before there were any, *logo* lay in the design's folder."""
    signatories: tuple[Signatory, ...] = ()
    valid_until: date | None = None
    approval: Approval = Approval.ONE
    signed_in: bool = False
    """Whether only who is signed in orders and approves: then the command line refuses."""
    near_miss: NearMiss = NearMiss()
    short_title: str = ""
    """What the QR code calls the event where its title is too long for it; printed beside it."""
    list_sessions: bool = True
    """Whether certificates list the sessions."""

    partners: tuple[Partner, ...] = ()

    @property
    def named_issuer(self) -> str:
        """The issuer that the event file names; empty where it names none."""
        return "" if self.issuer == unnamed_issuer(self.title) else self.issuer

    @property
    def rule(self) -> Rule:
        """The rule of the event's first kind, as a rule its only one."""
        return self.kinds[0].rule

    @property
    def picture_names(self) -> tuple[str, ...]:
        """The names of all files that the event file names, each once."""
        names = (self.logo, *(one.signature for one in self.signatories), *(one.logo for one in self.partners))
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def pictures(self) -> tuple[PictureFile, ...]:
        """The files that came with the event, each once."""
        signatures, logos = (one.picture for one in self.signatories), (one.picture for one in self.partners)
        found = (self.logo_picture, *signatures, *logos)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def with_pictures(self, pictures: Mapping[str, PictureFile]) -> "Event":
        """Return the event with those of its *pictures* that there are, by name."""
        if not pictures:
            return self
        signatories = tuple(replace(one, picture=pictures.get(one.signature)) for one in self.signatories)
        partners = tuple(replace(one, picture=pictures.get(one.logo)) for one in self.partners)
        return replace(self, logo_picture=pictures.get(self.logo), signatories=signatories, partners=partners)

    def above(self, kind: str) -> tuple[str, ...]:
        """Return the kinds that stand in place of *kind*, at whatever remove."""
        return tuple(one.name for one in self.kinds if kind in self.below(one.name))

    def below(self, kind: str) -> tuple[str, ...]:
        """Return the kinds in whose place *kind* stands, the nearest first."""
        below = {one.name: one.instead_of for one in self.kinds}
        found: list[str] = []
        while (kind := below.get(kind, "")) and kind not in found:
            found.append(kind)
        return tuple(found)

    @property
    def window_seconds(self) -> int:
        """Length of all windows together."""
        return sum(session.window_seconds for session in self.sessions)


class Ruled(StrEnum):
    """What a person decided in place of the rule."""

    GRANTED = "granted"
    WITHHELD = "withheld"
    LIFTED = "lifted"
    """An earlier ruling is taken back: the rule decides again."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What *author* decided on one person and kind in place of the rule, and why; the newest one counts.

    *rule* is the rule at that time in canonical form, *criteria* in one sentence, and *found* what it found. Under
    another rule a ruling does not count. *id* is 0 until the register gives one.
    """

    person: PersonKey
    kind: str
    ruled: Ruled
    reason: str
    author: str
    at: datetime
    rule: str
    criteria: str
    found: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether one person earned one kind of certificate, and why in one sentence."""

    person: PersonKey
    name: str
    eligible: bool
    reason: str
    near_miss: bool
    tallies: Mapping[SessionId, Tally]
    attended: frozenset[SessionId]
    """Sessions that count as attended under the kind's rule."""
    roles: frozenset[Role] = frozenset()
    kind: str = "attendance"
    name_certain: bool = True
    """False where the name comes from a display name that may hold more than a name."""
    evidence: tuple[ExtraEvidence, ...] = ()
    """Evidence added by hand that tallies rest on."""
    ruling: Ruling | None = None
    """What somebody decided in place of the rule, if it counts."""
    by_rule: bool = False
    """Whether the rule alone makes this person eligible."""
    found: str = ""
    """What the rule found as a sentence, where *reason* adds what somebody decided in its place."""

    @property
    def quarter_hours(self) -> int:
        """Whole quarters of an hour in the windows of all sessions together, as a certificate states them."""
        return sum(tally.seconds_in_window for tally in self.tallies.values()) // _QUARTER_HOUR_SECONDS
