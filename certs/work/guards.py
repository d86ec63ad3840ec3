"""What would make certificates useless or untrue that are made under this address and these keys.

A certificate carries the public address for decades, and its seal an organisation's name; neither can be changed later.
So before anything is ordered, approved, issued or handed out the deployment is looked at, by one rule for every edge:

The clock is looked at as well, for certificates bear its date. Of what is found,

* *wrong* findings are refused by `certs.work.issue`, whoever insists;
* *doubtful* ones may be meant: a person is asked, and told also where she said beforehand that she does not want to be.

Needs public parts of keys only. What else a machine may lack is the doctor's to find.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from asn1crypto import x509

from certs.errors import ConflictError
from certs.model import KeyState, Purpose, TrustedKey
from certs.ports import Trusted
from certs.wording import hint, joined, say

DEMANDED = (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK)
"""Purposes of the keys without which nothing is issued or handed out."""
SIGNING = (*DEMANDED, Purpose.RECEIPT)
"""Purposes of the keys that a new deployment gets."""
X509_NAME_CHARACTERS = 64
"""Room for an organisation in an X.509 certificate (RFC 5280 appendix A.1); what is longer is cut there."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clocks of machines that share a register may be apart."""
CLOCK_FAR = timedelta(days=365)
"""Without a change for longer than that, rather the clock is wrong."""
_THIS_MACHINE = frozenset({"localhost", "ip6-localhost", "localhost.localdomain"})
_LOCAL_ENDS = (
    *(".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".home.arpa"),
    *(".corp", ".private", ".test", ".invalid"),
)
"""Names that lead nowhere outside: RFC 6761, 6762, 8375, and what offices and routers call their own."""


class Severity(StrEnum):
    """What a finding asks for."""

    WRONG = "wrong"
    """Never meant: nothing is issued until it is mended."""
    DOUBTFUL = "doubtful"
    """May be meant: a person is asked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the deployment that a person must know."""

    severity: Severity
    code: str
    says: str
    """What is so, in one sentence."""
    advice: str
    """What to do about it."""

    def __str__(self) -> str:
        return self.told

    @property
    def told(self) -> str:
        """Both, one after the other."""
        return joined([self.says, self.advice])


def findings(base_url: str, keys: Trusted, *, issuer: str = "", used: str = "") -> list[Finding]:
    """Return what is wrong or doubtful about issuing under *base_url* with *keys*.

    *issuer* is the event's; *used* is the address that the newest certificates carry, empty where there are none.

    Raises:
        SigningError: the keys cannot be read.
    """
    signing = {key.purpose: key for purpose in SIGNING if (key := _signs(keys, purpose))}
    demo = bool(signing) and all(key.demo for key in signing.values())
    found = [*address(base_url, demo=demo), *_moved(base_url, used), *_demo(base_url, signing)]
    if issuer and Purpose.SEAL in signing:
        found += _foreign_seal(signing[Purpose.SEAL], issuer)
    return found


def demand_nothing_wrong(found: Sequence[Finding]) -> None:
    """Refuse to go on while anything is wrong; what is doubtful somebody else has asked about.

    Raises:
        ConflictError: something is; says all of it.
    """
    wrong = [one.told for one in found if one.severity is Severity.WRONG]
    if wrong:
        last = say("Nothing is issued like this; {doctor} says when all is well.", doctor=hint("doctor"))
        raise ConflictError(joined([*wrong, last], "\n"))


def clock(now: datetime, newest: datetime | None) -> Iterator[Finding]:
    """Yield what is to be said about a clock that says *now*, where *newest* is the latest moment on record."""
    if newest is None:
        return
    says = say("The clock says {now:%Y-%m-%d %H:%M} UTC", now=now)
    if now < newest - CLOCK_TOLERANCE:
        yield Finding(
            Severity.WRONG,
            "clock_behind",
            say(
                "{says}, but the register was last changed after that, {newest:%Y-%m-%d %H:%M} UTC.",
                says=says,
                newest=newest,
            ),
            say(
                "Set the clock. If it is right and was wrong then, enter that in the trail: {clock}",
                clock=hint("audit_clock"),
            ),
        )
    elif now > newest + CLOCK_FAR:
        yield Finding(
            Severity.DOUBTFUL,
            "clock_ahead",
            say(
                "{says}, and the register was last changed {days} days before that.",
                says=says,
                days=(now - newest).days,
            ),
            say("If nothing was done since, all is well; otherwise set the clock: certificates bear its date."),
        )


def demand_clock(now: datetime, newest: datetime | None) -> None:
    """Refuse to date anything *now*, if the clock is behind *newest*, the latest moment on record.

    Raises:
        ConflictError: it is.
    """
    wrong = [str(one) for one in clock(now, newest) if one.severity is Severity.WRONG]
    if wrong:
        raise ConflictError("\n".join([*wrong, "Nothing was done: certificates would bear a date that is not true."]))


def address(base_url: str, *, demo: bool = False) -> Iterator[Finding]:
    """Yield what is to be said about the public address alone; under *demo* keys it may be this machine's."""
    parts = urlsplit(base_url)
    host = (parts.hostname or "").rstrip(".")
    if is_local(base_url):
        if not demo:
            yield Finding(
                Severity.DOUBTFUL,
                "local_address",
                say(
                    "{base_url} leads nowhere outside this machine or network, and every QR code and link begins "
                    "with it.",
                    base_url=base_url,
                ),
                say("Set the public address: base_url in certs.toml, or CERTS_BASE_URL."),
            )
    elif parts.scheme != "https":
        yield Finding(
            Severity.WRONG,
            "not_encrypted",
            say("{base_url} is not encrypted.", base_url=base_url),
            say("Set the public address to one that begins with https: base_url in certs.toml, or CERTS_BASE_URL."),
        )
    elif _number(host) is not None:
        yield Finding(
            Severity.DOUBTFUL,
            "numeric_address",
            say(
                "{base_url} is a machine's number, not a name: it cannot move, and every QR code begins with it.",
                base_url=base_url,
            ),
            say("Choose a host name that you will keep for decades: base_url in certs.toml, or CERTS_BASE_URL."),
        )


def is_local(base_url: str) -> bool:
    """Say whether *base_url* leads nowhere outside this machine or its network."""
    host = (urlsplit(base_url).hostname or "").lower().rstrip(".")
    number = _number(host)
    if number is not None:
        return not number.is_global
    return host in _THIS_MACHINE or "." not in host or host.endswith(_LOCAL_ENDS)


def organisation_of(seal: TrustedKey) -> str:
    """Return the organisation that a seal's X.509 certificate names, else its common name.

    Raises:
        Nothing: a certificate that cannot be read names nobody.
    """
    try:
        subject = x509.Certificate.load(seal.certificates[0]).subject.native
    except (IndexError, ValueError, TypeError):
        return ""
    named = subject.get("organization_name") or subject.get("common_name") or ""
    return named if isinstance(named, str) else " ".join(named)


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _signs(keys: Trusted, purpose: Purpose) -> TrustedKey | None:
    return next((key for key in keys.trusted(purpose) if key.state is KeyState.ACTIVE), None)


def _moved(base_url: str, used: str) -> Iterator[Finding]:
    if used and used != base_url:
        yield Finding(
            Severity.DOUBTFUL,
            "changed_address",
            say(
                "The certificates issued last lead to {used}, and now the public address is {base_url}.",
                used=used,
                base_url=base_url,
            ),
            say("If the site moved, let {used} lead to it, path and all; otherwise set the address back.", used=used),
        )


def _demo(base_url: str, signing: dict[Purpose, TrustedKey]) -> Iterator[Finding]:
    demo = [purpose.value for purpose, key in signing.items() if key.demo]
    if not demo:
        return
    named = f"{_listed(demo)} {'key that signs is a demo key' if len(demo) == 1 else 'keys that sign are demo keys'}"
    new = joined([hint("new_key", purpose=purpose) for purpose in demo], ", ")
    if len(demo) < len(signing):
        yield Finding(
            Severity.WRONG,
            "mixed_keys",
            say(
                "The {named}, beside real ones: such certificates are neither a demonstration nor to be trusted.",
                named=named,
            ),
            say("Make real ones: {new}; or give the demo places of its own.", new=new),
        )
    elif not is_local(base_url):
        yield Finding(
            Severity.WRONG,
            "demo_keys",
            say(
                "The {named}, and {base_url} is a public address: everybody could take the certificates for real.",
                named=named,
                base_url=base_url,
            ),
            say("Make real ones: {new}; or set the address back to this machine.", new=new),
        )


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _foreign_seal(seal: TrustedKey, issuer: str) -> Iterator[Finding]:
    named = organisation_of(seal)
    if _plain(named) in {_plain(issuer), _plain(issuer[:X509_NAME_CHARACTERS])}:
        return
    whom = say("names “{named}”", named=named) if named else say("names nobody")
    yield Finding(
        Severity.DOUBTFUL,
        "seal_organisation",
        say(
            "The seal {whom} as the one who signs the PDF, and the event's issuer is “{issuer}”.",
            whom=whom,
            issuer=issuer,
        ),
        say(
            "Make a seal for it: {new}; or mend the issuer in the event file.",
            new=hint("new_seal", organisation=issuer),
        ),
    )


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
