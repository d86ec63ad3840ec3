"""Whether a person earned a certificate, and why: seconds and a rule in, a decision with its reason out.

Exact arithmetic on whole seconds: exactly half a window is half a window, one second less is not.
"""

from collections.abc import Collection, Iterable

from certs.model import Decision, Event, Join, Kind, PersonKey, Registration


def decide(
    event: Event,
    joins: Iterable[Join],
    registrations: Iterable[Registration] = (),
    held: Collection[PersonKey] = (),
) -> list[Decision]:
    """Decide every kind of *event* for everyone who joined a session or registered, ordered by address.

    *held* are people with an open question: they are not eligible until it is answered, and the reason says so.

    Raises:
        ValueError: a join names a session that the event does not have.
    """
    raise NotImplementedError


def criteria(event: Event, kind: Kind) -> str:
    """Return the rule of *kind* as the sentence that the certificate prints."""
    raise NotImplementedError
