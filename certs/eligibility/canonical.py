"""A rule as one canonical text: the same for the same rule, whatever titles, dates and words are corrected.

JSON without spaces, keys in order, shares as exact fractions; with the roles and the ids of the event's sessions, for
six of eight sessions is another demand than six of nine.
"""

import json
from collections.abc import Mapping

from certs.model import AllOf, AnyOf, Event, Kind, MinutesRule, PercentRule, RequiredRule, Rule, SessionsRule


def canonical(event: Event, kind: Kind) -> str:
    """Return what *kind* demands of whom in *event*."""
    sessions = sorted(session.id for session in event.sessions)
    whole = {"roles": sorted(kind.roles), "rule": _terms(kind.rule), "sessions": sessions}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _terms(rule: Rule) -> Mapping[str, object]:
    match rule:
        case SessionsRule():
            return {"sessions": rule.least, "share": str(rule.share)}
        case RequiredRule():
            return {"required": sorted(rule.sessions), "share": str(rule.share)}
        case PercentRule():
            return {"percent": str(rule.percent)}
        case MinutesRule():
            return {"minutes": rule.minutes}
        case AllOf():
            return {"all": [_terms(part) for part in rule.rules]}
        case AnyOf():
            return {"any": [_terms(part) for part in rule.rules]}
