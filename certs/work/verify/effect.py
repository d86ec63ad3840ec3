"""What changing one key's record does to verdicts, told before it is done.

The same `standing` that judges a certificate judges it twice, under the record as it is and as it would be, so what is
announced is what will happen. Linear in the certificates that the key signed; they may stream by. Certificates that
differ in nothing that `standing` looks at are judged once: of millions few differ.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from certs.model import Certificate, Ring, Summary, TrustedKey
from certs.ports import Keys
from certs.work.verify.standing import standing


@dataclass(frozen=True, slots=True)
class Effect:
    """How many certificates a key signed, and how many of them get another verdict."""

    signed: int
    registered_since: int
    """Of them, those registered at the moment of compromise or later; 0 where there is none."""
    verdicts: Mapping[tuple[Summary, Summary], int]
    """How many have the first verdict now and would have the second."""

    @property
    def changes(self) -> Mapping[tuple[Summary, Summary], int]:
        """The verdicts that would change."""
        return {(now, then): count for (now, then), count in self.verdicts.items() if now is not then}


def effect_of(changed: TrustedKey, certificates: Iterable[Certificate], keys: Keys, now: datetime) -> Effect:
    """Return what happens to *certificates*, all that this key signed, when its record becomes *changed*.

    Raises:
        SigningError: the key folder cannot be read.
    """
    verdicts: Counter[tuple[Summary, Summary]] = Counter()
    since, registered_since = changed.compromised_since, 0
    as_is = keys.ring()
    would_be = _with(changed, as_is)
    moments = _moments(as_is, would_be)
    judged: dict[object, tuple[Summary, Summary]] = {}
    for certificate in certificates:
        alike = _alike(certificate, moments)
        if alike not in judged:
            judged[alike] = standing(certificate, as_is, now)[0], standing(certificate, would_be, now)[0]
        verdicts[judged[alike]] += 1
        registered_since += since is not None and since <= certificate.registered_at
    return Effect(verdicts.total(), registered_since, verdicts)


def _moments(*rings: Ring) -> list[datetime]:
    """Return every moment from which a key is not safe in one of *rings*, in order."""
    keys = [key for ring in rings for some in ring.keys.values() for key in some]
    return sorted({key.compromised_since for key in keys if key.compromised_since is not None})


def _alike(certificate: Certificate, moments: Sequence[datetime]) -> object:
    """Return all that `standing` looks at, the same for certificates that stand alike."""
    event = certificate.statement.event
    return (
        certificate.claim_kid,
        certificate.seal_kid,
        certificate.credential_kid,
        bisect_right(moments, certificate.registered_at),
        certificate.revocation is None,
        certificate.withdrawn_by_trail,
        certificate.withdrawn_by_nobody,
        certificate.replaced_by_nobody,
        certificate.restored_under,
        certificate.unsafe_by_trail,
        certificate.superseded_by is None,
        certificate.replaced_by_trail in {None, certificate.superseded_by},
        (event.valid_until, event.zone),
    )


def _with(changed: TrustedKey, ring: Ring) -> Ring:
    """Return *ring* where one key has another record."""
    keys = (changed if key.kid == changed.kid else key for key in ring.trusted(changed.purpose))
    return Ring({**ring.keys, changed.purpose: tuple(keys)})
