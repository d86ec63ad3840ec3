"""To whom of an event a mail is to go, and the letters to users: an approver, an organiser, who is let in.

Letters to people of an event are planned first, so that somebody sees how many they are, and then queued. Whoever was
meant before is left out, so planning and queueing again, after a crash or by a second person, doubles nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from certs.errors import ConflictError
from certs.model import (
    Act,
    Batch,
    Certificate,
    CertificateState,
    Letter,
    MessageKind,
    PersonKey,
    User,
    UserRole,
)
from certs.ports import Store
from certs.wording import LANGUAGES, say
from certs.work import imports, orders


@dataclass(frozen=True, slots=True)
class Plan:
    """Letters that nobody was meant before; *before* counts those that were, *unlinked* people without a page."""

    letters: Sequence[Letter]
    before: int = 0
    unlinked: int = 0

    def first(self, limit: int | None) -> "Plan":
        """Return the plan of the first *limit* letters, of all where none is given."""
        return self if limit is None else Plan(self.letters[:limit], self.before, self.unlinked)

    @property
    def by_language(self) -> Mapping[str, int]:
        """How many letters are in which language, most first."""
        return dict(Counter(one.language for one in self.letters).most_common())


def certificates(store: Store, slug: str) -> Plan:
    """Plan the mails with which people get their certificates: one for each that is issued and neither withdrawn.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    event = imports.event_of(store, slug)
    kinds = (MessageKind.CERTIFICATE, MessageKind.CORRECTION)
    known = {kind: store.messages.known(slug, kind) for kind in kinds}
    letters, before, unlinked = list[Letter](), 0, 0
    for one in store.addressed(slug):
        certificate = one.certificate
        if certificate.revocation is not None or certificate.superseded_by is not None:
            continue
        letter = _certificate(certificate, one.person, event.title, language_of(certificate, event.language))
        if (letter.person, letter.occasion) in known[letter.kind]:
            before += 1
        elif one.linked:
            letters.append(letter)
        else:
            unlinked += 1
    return Plan(letters, before, unlinked)


def queue(store: Store, plan: Plan, act: Act) -> int:
    """Let the letters of *plan* be sent; return how many nobody else let be sent meanwhile.

    Raises:
        ConflictError: the mails of the event wait until somebody lets them go on.
        StorageError: the database fails; nothing was queued.
    """
    for slug in {one.slug for one in plan.letters}:
        if store.messages.paused(slug):
            raise ConflictError(say("The mails of {slug} are paused: let them go on first.", slug=slug))
    return store.messages.queue(plan.letters, act)


def ask_approvers(store: Store, batch: Batch, base_url: str, act: Act) -> int:
    """Ask everybody by mail who may approve *batch* and did not order it; return how many were not asked before.

    Raises:
        StorageError: the database fails.
    """
    link = f"{base_url}/desk/{batch.slug}/batches/{batch.ordinal}"
    facts: Mapping[str, str | int] = {"title": batch.facts.title, "who": act.actor, "count": batch.remaining}
    users = _users(store, batch.slug, UserRole.APPROVER)
    asked = [user for user in users if not orders.same_actor(user.name, batch.ordered_by)]
    letters = [_to_user(MessageKind.APPROVAL, user, batch, facts, link) for user in asked]
    return store.messages.queue(letters, act)


def tell_issued(store: Store, batch: Batch, base_url: str, act: Act) -> int:
    """Tell the organisers of *batch* by mail that all of it is issued; return how many were not told before.

    Raises:
        StorageError: the database fails.
    """
    link = f"{base_url}/desk/{batch.slug}/batches/{batch.ordinal}"
    facts: Mapping[str, str | int] = {"title": batch.facts.title, "count": batch.counts.get(CertificateState.ISSUED, 0)}
    users = _users(store, batch.slug, UserRole.ORGANISER)
    return store.messages.queue([_to_user(MessageKind.ISSUED, one, batch, facts, link) for one in users], act)


def language_of(certificate: Certificate, usual: str) -> str:
    """Return the language in which whoever has *certificate* is written to: the event's, where that is one of ours.

    The tag of a name says how it is written, and not what its bearer reads; so it decides only where it is known.
    """
    for tag in (certificate.statement.language, usual):
        language = tag.partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def _certificate(certificate: Certificate, person: PersonKey, title: str, language: str) -> Letter:
    kind = MessageKind.CERTIFICATE if certificate.supersedes is None else MessageKind.CORRECTION
    return Letter(
        kind,
        person,
        occasion=certificate.number,
        slug=certificate.statement.event.slug,
        language=language,
        facts={"title": title, "name": certificate.statement.name},
    )


def _users(store: Store, slug: str, role: UserRole) -> Iterator[User]:
    for given in store.users.of_event(slug):
        if given.role is role and given.user.suspended_at is None:
            yield given.user


def _to_user(kind: MessageKind, user: User, batch: Batch, facts: Mapping[str, str | int], link: str) -> Letter:
    return Letter(kind, PersonKey(user.email), batch.reference, batch.slug, facts=facts, link=link)
