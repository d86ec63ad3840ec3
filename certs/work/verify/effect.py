"""What changing one key's record does to verdicts, told before it is done.

The same `standing` that judges a certificate judges it twice, under the record as it is and as it would be, so what is
announced is what will happen. Linear in the certificates that the key signed; they may stream by.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
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
    for certificate in certificates:
        verdicts[standing(certificate, as_is, now)[0], standing(certificate, would_be, now)[0]] += 1
        registered_since += since is not None and since <= certificate.registered_at
    return Effect(verdicts.total(), registered_since, verdicts)


def _with(changed: TrustedKey, ring: Ring) -> Ring:
    """Return *ring* where one key has another record."""
    keys = (changed if key.kid == changed.kid else key for key in ring.trusted(changed.purpose))
    return Ring({**ring.keys, changed.purpose: tuple(keys)})
