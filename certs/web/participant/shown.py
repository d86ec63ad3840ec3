"""A certificate as its person's page shows it: how it stands, the file, what others see, and what profiles ask for."""

from dataclasses import dataclass

from certs.ground import number as numbers
from certs.model import Certificate, Summary
from certs.views.profiles import Profile, profile
from certs.web.edge.language import VOICES
from certs.web.edge.shared import Site
from certs.web.public.facts import Facts, facts
from certs.work.verify import headline, verify_registered

_GONE = frozenset({Summary.REPLACED, Summary.REVOKED})


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate on its person's page; without *facts* where it could not be checked."""

    number: str
    summary: str
    title: str
    sentence: str
    facts: Facts | None
    size: int
    profile: Profile | None
    is_current: bool
    """Whether it is neither withdrawn nor replaced: of others the page offers no file."""


def shown(certificate: Certificate, here: Site, spoken: str) -> Shown:
    """Return *certificate* as a page in the language *spoken* shows it.

    Raises:
        SigningError: the key folder cannot be read.
        StorageError: the register fails.
    """
    verdict = verify_registered(certificate, here.register, here.keys, here.clock())
    title, sentence = map(VOICES[spoken].say, headline(verdict))
    ours = facts(verdict.certificate.statement, spoken) if verdict.certificate else None
    number, current = numbers.printed(certificate.number), verdict.summary not in _GONE
    asked = profile(certificate.statement, number, here.base_url) if ours and current else None
    return Shown(number, verdict.summary.value, title, sentence, ours, certificate.pdf_bytes, asked, is_current=current)
