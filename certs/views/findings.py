"""Findings before an order."""

from collections.abc import Iterable, Sequence
from typing import TypedDict

from certs.model import Finding, Severity


class FindingView(TypedDict):
    """A finding; *accept* is how a person names it who accepts it, null where it does not stop or cannot be right."""

    code: str
    about: str
    severity: str
    text: str
    remedy: str
    accept: str | None


class ReadinessView(TypedDict):
    """Whether an event is ready to be ordered for."""

    event: str
    due: int
    stops: bool
    findings: list[FindingView]


class SeenView(TypedDict):
    """What was looked at of a deployment; a doubt may be meant so."""

    about: str
    good: bool
    text: str
    doubt: bool


def seen(about: str, text: str, *, good: bool, doubt: bool) -> SeenView:
    """Return what a look *about* something found."""
    return {"about": about, "good": good, "text": text, "doubt": doubt}


def findings(found: Iterable[Finding]) -> list[FindingView]:
    """Return what was found."""
    return [finding(one) for one in found]


def finding(one: Finding) -> FindingView:
    """Return a finding."""
    return {
        "code": one.code,
        "about": one.about,
        "severity": one.severity.value,
        "text": one.text,
        "remedy": one.remedy,
        "accept": one.key if one.acceptable and one.severity is Severity.STOPS else None,
    }


def readiness(slug: str, due: int, found: Sequence[Finding]) -> ReadinessView:
    """Return whether an event is ready; *due* certificates would be ordered."""
    stops = any(one.severity is Severity.STOPS for one in found)
    return {"event": slug, "due": due, "stops": stops, "findings": findings(found)}
