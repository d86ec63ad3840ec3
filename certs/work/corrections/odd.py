"""What somebody types for a correction that cannot be true, or that looks as if something else was meant."""

from certs.errors import InputError
from certs.ground import names
from certs.model import AllOf, AnyOf, Event, RequiredRule, Rule, SessionsRule, Statement
from certs.wording import hint, say, say_n
from certs.work import rehearsal

_QUARTER_HOUR_SECONDS = 900


def demand_name(name: str) -> None:
    """Refuse a name that looks like none.

    Raises:
        InputError: it does; says what it looks like.
    """
    if why := names.why_doubtful(name):
        raise InputError(
            say(
                "“{name}” {why}. If it is the name all the same, say {insist}.",
                name=name,
                why=why,
                insist=hint("insist"),
            )
        )


def demand_possible(said: Statement, event: Event) -> None:
    """Refuse sessions and hours that no one can have attended.

    Raises:
        InputError: none at all, or more hours than the sessions last.
    """
    if not said.attended or not said.quarter_hours:
        what = "session" if not said.attended else "time"
        raise InputError(
            say(
                "It would certify that no {what} was attended. To withdraw it, say: {revoke}",
                what=what,
                revoke=hint("revoke"),
            )
        )
    if said.quarter_hours > (most := event.window_seconds // _QUARTER_HOUR_SECONDS):
        raise InputError(
            say(
                "It would state {quarter_hours:.2f} hours, and all sessions together last {most:.2f}. Look "
                "whether the minutes of all sessions together were meant.",
                quarter_hours=said.quarter_hours / 4,
                most=most / 4,
            )
        )


def demand_earned(said: Statement, event: Event) -> None:
    """Refuse fewer sessions than the kind's rule demands, unless the criteria tell that some were granted.

    Raises:
        InputError: they are fewer.
    """
    kind = next((one for one in event.kinds if one.name == said.kind), None)
    least = _least(kind.rule) if kind else 0
    if len(said.attended) < least and not rehearsal.granted(said.event):
        raise InputError(
            say(
                "The rule of {kind} demands {count}, and it would state {n_attended}: it would not be earned. To "
                "withdraw it, say {revoke}; if it is right all the same, say {insist}.",
                kind=said.kind,
                count=say_n("{n:,} session", "{n:,} sessions", least),
                n_attended=len(said.attended),
                revoke=hint("revoke"),
                insist=hint("insist"),
            )
        )


def _least(rule: Rule) -> int:
    """Return how many sessions *rule* demands at least."""
    match rule:
        case SessionsRule():
            return rule.least
        case RequiredRule():
            return len(rule.sessions)
        case AllOf():
            return max(map(_least, rule.rules), default=0)
        case AnyOf():
            return min(map(_least, rule.rules), default=0)
        case _:
            return 0
