"""The rules of an event file: what earns which kind of certificate.

[rule]                     # the kind "attendance"; several conditions in one table must all hold
sessions = 6               # at least so many attended …
share = 0.5                # … each for at least this share of its window; 0 is any second, inside the window or not
required = ["1", "8"]      # these among them, for the same share
percent = 75               # of the seconds of all windows together
minutes = 300              # inside the windows, all sessions together
roles = ["attendee"]       # whose presence counts; all of attendee, panelist, host unless given
any = [{ percent = 75 }, { sessions = 7 }]     # one of these must hold as well; `all` likewise
[kinds.speaker]            # a further kind, with a rule of its own
title = "Certificate of contribution"          # its heading
attended = "spoke at"      # what these people did: "spoke at 2 of the 8 sessions"; [rule] may have both keys as well
instead_of = "attendance"  # who earns this one is not given that one besides
rule = { sessions = 1, roles = ["panelist"] }
[near_miss]                # what counts as close; these are the defaults
sessions = 1
percent = 10
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from certs.eventfile import keys
from certs.eventfile.table import Table
from certs.model import (
    ALL_ROLES,
    AllOf,
    AnyOf,
    Kind,
    MinutesRule,
    NearMiss,
    PercentRule,
    RequiredRule,
    Role,
    Rule,
    SessionId,
    SessionsRule,
)

KIND = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ATTENDANCE = "attendance"
"""Name of the kind whose rule is [rule]."""
_MAX_HEADING = 120
_MAX_ATTENDED = 60
_NOTHING = SessionsRule(1, Fraction(0))
_MAX_DEPTH = 5
_EXAMPLE = "{ percent = 75 }, { sessions = 6 }"


class _Limits:
    """What the sessions allow a rule to demand."""

    def __init__(self, ids: Sequence[str], window_seconds: int) -> None:
        self.ids = frozenset(ids)
        self.sessions = max(len(ids), 1)
        self.minutes = max(window_seconds // 60, 1)


def read_kinds(top: Table, ids: Sequence[str], window_seconds: int) -> list[Kind]:
    """Return the kinds of certificate, that of `[rule]` first; there is always one."""
    limits = _Limits(ids, window_seconds)
    kinds = []
    main = top.table("rule")
    if main is not None:
        kinds.append(_described(ATTENDANCE, main, main, _rule(main, limits, keys.MAIN_RULE)))
    table = top.table("kinds")
    for name, kind in table.named_tables() if table is not None else ():
        kinds.append(_kind(name, kind, limits))
    if not kinds:
        if "rule" not in top and not top.document.problems_at(("kinds",)):
            top.report("There is no rule: add [rule] with sessions and share, or percent.", "rule")
        kinds.append(Kind(ATTENDANCE, "", _NOTHING))
    _check_places(table, kinds)
    return kinds


def _check_places(table: Table | None, kinds: Sequence[Kind]) -> None:
    """Report kinds that stand in place of one that there is not, or of each other."""
    below = {kind.name: kind.instead_of for kind in kinds}
    for name, kind in table.named_tables() if table is not None else ():
        other, seen = below[name], {name}
        if other and other not in below:
            kind.report(f'"instead_of" names "{other}"; the kinds are {", ".join(below)}.', "instead_of")
        while other and other not in seen:
            seen.add(other)
            other = below.get(other, "")
        if other == name:
            kind.report(f'"{name}" would stand in place of itself: nobody could be given any of these.', "instead_of")


def read_near_miss(top: Table) -> NearMiss:
    """Return how close to a rule counts as a near miss."""
    table = top.table("near_miss")
    if table is None:
        return NearMiss()
    table.only(*keys.NEAR_MISS)
    sessions = table.whole("sessions", 0, 100, "the number of sessions short")
    percent = table.number("percent", Fraction(0), Fraction(100), "the percentage of a threshold")
    default = NearMiss()
    return NearMiss(
        default.sessions if sessions is None else sessions, default.share if percent is None else percent / 100
    )


def _kind(name: str, table: Table, limits: _Limits) -> Kind:
    """Read one of [kinds.*]."""
    table.only(*keys.KIND)
    if not KIND.fullmatch(name) or len(name) > 30 or name == ATTENDANCE:
        table.report(f'A kind is named in lower-case letters, digits and hyphens, and not "attendance": "{name}".')
    rule = table.table("rule")
    if rule is None:
        if "rule" not in table:
            table.report(f'The kind "{name}" has no rule: add [kinds.{name}.rule].')
        return _described(name, table, table, _NOTHING)
    return _described(name, table, rule, _rule(rule, limits, keys.RULE))


def _described(name: str, table: Table, rule: Table, conditions: Rule) -> Kind:
    """Return the kind that *table* describes and whose rule, *conditions*, stands in *rule*."""
    return Kind(
        name=name,
        title=table.text("title", _MAX_HEADING),
        rule=conditions,
        roles=_roles(rule),
        attended=table.text("attended", _MAX_ATTENDED),
        instead_of=table.text("instead_of", 30) if table is not rule else "",
        names_roles="roles" in rule,
    )


def _roles(table: Table) -> frozenset[Role]:
    """Read whose presence counts."""
    if "roles" not in table:
        return ALL_ROLES
    names = table.texts("roles", '["attendee"]')
    unknown = [name for name in names if name not in [role.value for role in Role]]
    if unknown or not names:
        if not table.document.problems_at((*table.path, "roles")):
            table.report(f'"roles" must list some of: {", ".join(Role)}.', "roles")
        return ALL_ROLES
    return frozenset(Role(name) for name in names)


def _rule(table: Table, limits: _Limits, known: tuple[str, ...], depth: int = 0) -> Rule:
    """Read one table of conditions, all of which must hold, with the keys *known* and no others."""
    if depth and "roles" in table:
        table.report('"roles" holds for a whole rule: write it beside "any" and "all", not inside.', "roles")
    table.only(*known)
    if depth > _MAX_DEPTH:
        table.report("Rules are nested too deeply.")
        return _NOTHING
    rules = [*_session_rules(table, limits), *_time_rules(table, limits)]
    for key, combine in (("all", AllOf), ("any", AnyOf)):
        parts = [_rule(part, limits, keys.RULE, depth + 1) for part in table.tables(key, f"{key} = [{_EXAMPLE}]")]
        if key in table and not parts:
            if not table.document.problems_at((*table.path, key)):
                table.report(f'"{key}" needs at least one condition.', key)
        elif parts:
            rules.append(parts[0] if len(parts) == 1 else combine(tuple(parts)))
    if not rules:
        if not table.document.problems_at(table.path):
            table.report("This rule demands nothing: give sessions and share, required, percent or minutes.")
        return _NOTHING
    return rules[0] if len(rules) == 1 else AllOf(tuple(rules))


def _session_rules(table: Table, limits: _Limits) -> list[Rule]:
    """Read the conditions on sessions, which share one share."""
    share = table.number("share", Fraction(0), Fraction(1), "the share of a window, 0.5 for half")
    least = table.whole("sessions", 1, limits.sessions, "the number of sessions to attend")
    required = _required(table, limits)
    if "share" in table and "sessions" not in table and not required:
        table.report('"share" needs "sessions" or "required" beside it.', "share")
    rules: list[Rule] = []
    if least is not None:
        rules.append(SessionsRule(least, share or Fraction(0)))
    if required:
        rules.append(RequiredRule(required, share or Fraction(0)))
    return rules


def _required(table: Table, limits: _Limits) -> tuple[SessionId, ...]:
    """Read the ids of sessions that nobody may miss."""
    names = table.texts("required", '["1", "2"]')
    if "required" in table and not names and not table.document.problems_at((*table.path, "required")):
        table.report('"required" must name at least one session.', "required")
    for name in names:
        if name not in limits.ids:
            table.report(f'"required" names session "{name}", which the event does not have.', "required")
    return tuple(SessionId(name) for name in dict.fromkeys(names))


def _time_rules(table: Table, limits: _Limits) -> list[Rule]:
    """Read the conditions on time in all sessions together."""
    rules: list[Rule] = []
    percent = table.number("percent", Fraction(1), Fraction(100), "the percentage of all windows, 75 for 75 %")
    minutes = table.whole("minutes", 1, limits.minutes, "the minutes in all windows together")
    if percent is not None:
        rules.append(PercentRule(percent))
    if minutes is not None:
        rules.append(MinutesRule(minutes))
    return rules
