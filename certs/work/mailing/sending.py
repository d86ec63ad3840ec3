"""Send what waits, one mail after the other, so that nobody gets two and nobody is forgotten.

1. *strand*: what a dead worker had in hand is unknown from now on
2. *claim*: take the next message that is due, and commit that
3. *compose*: make the mail, unless there is no reason for it any more
4. *send*: give it to the mail server
5. *mark*: note what the mail server said, while the message is still ours

Between 2 and 5 a crash leaves a message in hand of a dead worker, which 1 finds. Only a person lets it be sent again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from certs.errors import NotFoundError, SigningError
from certs.model import Letter, Mail, Message, MessageKind, MessageState, Number, Reply
from certs.ports import Clock, Post, Store
from certs.wording import say, written
from certs.work.mailing.compose import Foot, mail

LEASE = timedelta(minutes=20)
"""How long a message is in hand at most: longer than a mail server's slowest answers together."""
_AWAY = timedelta(minutes=1)
"""After which a mail is tried again where the mail server was not there."""
_LATER = (5, 15, 60, 240, 720, 1440, 1440)
"""Minutes until the next try; greylisting lets the second or third pass (RFC 6647), and after three days it is over."""
_OF_CERTIFICATES = frozenset({MessageKind.CERTIFICATE, MessageKind.CORRECTION})


@dataclass(frozen=True, slots=True)
class Mailer:
    """What a worker sends mails with."""

    store: Store
    post: Post
    clock: Clock
    address: Callable[[str], str]
    """The personal page of whom a reference stands for, in full."""
    per_minute: int
    gone: Callable[[str], bool]
    """Whether the holder of a token is dead."""


def send_next(mailer: Mailer, token: str) -> Reply | None:
    """Send the next mail that is due, in hand as *token*; None where none is due.

    Raises:
        SigningError: the key of personal links is out of reach; the mail waits.
        StorageError: the register is out of reach; the fate of what was sent meanwhile is unknown.
    """
    messages = mailer.store.messages
    message = messages.claim(token, LEASE, mailer.per_minute)  # 2
    if message is None:
        return None
    made = _made(mailer, message, token)  # 3
    reply = made if isinstance(made, Reply) else mailer.post.send(made)  # 4
    reply, next_at = _after(reply, message, mailer.clock())
    messages.settle(token, reply, next_at)  # 5
    return reply


def _made(mailer: Mailer, message: Message, token: str) -> Mail | Reply:
    """Return the mail, or why there is to be none."""
    letter = message.letter
    if why := _no_reason(mailer.store, letter):
        return Reply(MessageState.NOT_TO_BE_MAILED, written(why))
    try:
        page = "" if letter.link else _page(mailer, letter)
    except NotFoundError:
        return Reply(MessageState.NOT_TO_BE_MAILED, written(say("The register does not know this person any more.")))
    except SigningError:
        away = Reply(MessageState.DEFERRED, written(say("The key of personal links is out of reach.")), away=True)
        mailer.store.messages.settle(token, away, mailer.clock() + _AWAY)
        raise
    if not letter.link and not page:
        return Reply(MessageState.NOT_TO_BE_MAILED, written(say("The person's link was withdrawn.")))
    foot = Foot(letter.link or page + letter.page, f"{page}/no-mail" if page and letter.kind.may_be_declined else "")
    try:
        return mail(letter, message.token, foot, mailer.clock())
    except (KeyError, ValueError) as error:
        return Reply(MessageState.BOUNCED, written(say("Its text cannot be made: {why}.", why=str(error))))


def _page(mailer: Mailer, letter: Letter) -> str:
    """Return the personal page of whom *letter* is for, empty where it leads nowhere.

    Raises:
        NotFoundError: the register does not know her.
        SigningError: the link key is out of reach.
    """
    link = mailer.store.links.of(letter.person)
    return "" if link.withdrawn_at is not None else mailer.address(link.ref)


def _no_reason(store: Store, letter: Letter) -> str:
    """Say why a letter has no reason any more, empty if it has one."""
    if letter.kind not in _OF_CERTIFICATES:
        return ""
    found = store.certificate(Number(letter.occasion))
    if found is None or found.revocation is not None:
        return say("The certificate was withdrawn meanwhile.")
    return say("The certificate was replaced meanwhile.") if found.superseded_by is not None else ""


def _after(reply: Reply, message: Message, now: datetime) -> tuple[Reply, datetime | None]:
    """Return the reply, and when what is put off is tried again; what was put off too often is over."""
    if reply.state is not MessageState.DEFERRED:
        return reply, None
    if reply.away:
        return reply, now + _AWAY
    if message.tries >= len(_LATER):
        return Reply(MessageState.BOUNCED, reply.said), None
    return reply, now + timedelta(minutes=_LATER[message.tries])
