"""How many people a demand would leave: at least so many sessions, each for at least a share of its window.

Such a demand needs of a person her n-th largest share alone. So the n-th largest shares of all people are sorted once,
and every demand is one search. Shares are exact: they are kept as the nearest double, and two different ones with
denominators such as these have different doubles.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from certs.errors import InputError
from certs.model import Session, SessionId, Tally
from certs.wording import say

_FINEST = 10**9
"""Largest denominator of a share: with windows under a day its distance to another one is far above that of doubles."""


class Shares:
    """The n-th largest shares of everybody, sorted, for each n."""

    def __init__(self, sessions: Sequence[Session], presence: Iterable[Mapping[SessionId, Tally]]) -> None:
        windows = {session.id: session.window_seconds for session in sessions}
        self._by_place = [array("d") for _ in sessions]
        for tallies in presence:
            reached = (tally.seconds_in_window / windows[id_] for id_, tally in tallies.items() if tally.seconds > 0)
            for place, share in enumerate(sorted(reached, reverse=True)):
                self._by_place[place].append(share)
        self._by_place = [array("d", sorted(each)) for each in self._by_place]

    def people(self, sessions: int, share: Fraction) -> int:
        """Return how many people were in at least so many *sessions* for at least *share*; share 0 is any second.

        Raises:
            InputError: fewer than one session, or a share that is not one of 0 to 1 or finer than can be told apart.
        """
        if sessions < 1 or not 0 <= share <= 1 or share.denominator > _FINEST:
            raise InputError(say("Give at least one session, and a share from 0 to 1."))
        if sessions > len(self._by_place):
            return 0
        sought = self._by_place[sessions - 1]
        return len(sought) - bisect_left(sought, share.numerator / share.denominator)
