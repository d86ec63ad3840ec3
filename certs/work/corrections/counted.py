"""What the register counts now for people who are certified already, worked out once for each event."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from certs.errors import InputError
from certs.model import CertificateState, Decision, Event, Number, PersonKey, Standing, Statement
from certs.ports import Store, Trusted
from certs.wording import say
from certs.work import imports, orders, questions, record
from certs.work.corrections.changes import Known


class Count:
    """What the register counts for the event *slug*; nothing is worked out before it is asked for."""

    def __init__(self, store: Store, slug: str) -> None:
        self._store, self._slug = store, slug

    @cached_property
    def event(self) -> Event:
        """The event as its file is now."""
        return imports.event_of(self._store, self._slug)

    @cached_property
    def as_of(self) -> int:
        """The newest entry of the trail that decisions are based on; read before them."""
        return self._store.events.as_of(self._slug, besides_orders=True)

    @cached_property
    def _decisions(self) -> dict[tuple[PersonKey, str], Decision]:
        _ = self.as_of  # what comes in meanwhile must be noticed
        _, decisions = orders.decide(self._store, self._slug)
        return {(one.person, one.kind): one for one in decisions}

    @cached_property
    def _countries(self) -> Mapping[PersonKey, str]:
        return questions.countries(self._store, self._slug)

    def known(self, standing: Standing) -> Known:
        """Return what a correction of *standing* may ask for."""
        return Known(
            event=self.event,
            decision=lambda: self.decision(standing.person, standing.statement.kind),
            language_of=lambda name: orders.name_language(
                name, self._countries.get(standing.person, ""), self.event.language
            ),
            is_by_hand=lambda: _is_by_hand(self._store, standing.statement.number),
        )

    def decision(self, person: PersonKey, kind: str) -> Decision:
        """Return what is decided about a person now.

        Raises:
            InputError: nothing is.
        """
        found = self._decisions.get((person, kind))
        if found is None:
            raise InputError(
                say("No import names {person} any more, or the event has no kind {kind!r}.", person=person, kind=kind)
            )
        return found


def outdated(
    store: Store, keys: Trusted, slug: str, decisions: Iterable[Decision]
) -> list[tuple[Statement, Statement]]:
    """Return what the certificates in force say of whom *decisions* are made, and what they would say as counted now.

    Both are alike where nothing changes; whoever would not earn it now is left out, and so is what the register does
    not hold as we signed it, which is logged.

    Raises:
        NotFoundError: no such event.
        SigningError: the key folder cannot be read.
        StorageError: the database fails.
    """
    issued = [one for one in store.batches.placed(slug) if one.state is CertificateState.ISSUED]
    numbers = {(one.person, one.kind): one.number for one in issued}
    found = []
    for decision in decisions:
        number = numbers.get((decision.person, decision.kind))
        certificate = store.certificate(number) if number is not None and decision.eligible else None
        if certificate is not None and record.checked(certificate, store, keys):
            said = certificate.statement
            counted = replace(said, attended=decision.attended, quarter_hours=decision.quarter_hours)
            found.append((said, counted))
    return found


def _is_by_hand(store: Store, number: Number) -> bool:
    """Say whether a correction gave the certificate, or one that it replaced, another name."""
    certificate = store.certificate(number)
    while certificate is not None and certificate.supersedes is not None:
        before = store.certificate(certificate.supersedes)
        if before is not None and before.statement.name != certificate.statement.name:
            return True
        certificate = before
    return False
