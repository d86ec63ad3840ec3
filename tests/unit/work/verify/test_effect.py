"""What `keys compromise` announces is what then happens."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from certs.keyring import life
from certs.model import Purpose, Summary
from certs.work.verify import effect_of, verify_number
from tests.world import NOW, World

SINCE = NOW - timedelta(days=3)
VALID, UNKNOWN, REVOKED, REPLACED = Summary.VALID, Summary.UNKNOWN, Summary.REVOKED, Summary.REPLACED


def _world() -> World:
    """Return certificates of every standing, before and since."""
    world = World()
    for days in (4, 4, 4, 3, 2, 1):
        world.issue(registered_at=NOW - timedelta(days=days))
    numbers = list(world.register.certificates)
    world.revoke(world.register.certificates[numbers[0]])
    world.revoke(world.register.certificates[numbers[4]])
    world.supersede(world.register.certificates[numbers[1]], world.register.certificates[numbers[5]])
    return world


@pytest.mark.parametrize("purpose", [Purpose.CLAIM, Purpose.SEAL, Purpose.CREDENTIAL])
def test_what_is_announced_is_what_happens(purpose: Purpose) -> None:
    """Only what is in force and was registered since changes; withdrawn and replaced ones stay so."""
    world = _world()
    before = {n: verify_number(n, world.register, world.keys, NOW).summary for n in world.register.certificates}
    key = world.keys.trusted(purpose)[0]
    changed = life.compromised(key, SINCE, "A laptop was stolen.", NOW)
    effect = effect_of(changed, world.register.certificates.values(), world.keys, NOW)
    world.keys.compromise(key.kid, SINCE)
    after = {n: verify_number(n, world.register, world.keys, NOW).summary for n in world.register.certificates}
    assert effect.verdicts == Counter((before[n], after[n]) for n in before)
    assert effect.verdicts == {(REVOKED, REVOKED): 2, (REPLACED, REPLACED): 1, (VALID, VALID): 1, (VALID, UNKNOWN): 2}
    assert effect.changes == {(VALID, UNKNOWN): 2}
    assert (effect.signed, effect.registered_since) == (6, 3)


def test_what_the_trail_alone_calls_replaced_is_judged_apart() -> None:
    """Two that differ in nothing else stand otherwise: our records disagree about one of them."""
    world = World()
    for _ in range(2):
        world.issue(registered_at=NOW - timedelta(days=4))
    first, second = world.register.certificates.values()
    disputed = replace(second, replaced_by_trail=first.number)
    changed = life.retired(world.keys.trusted(Purpose.CLAIM)[0], NOW)
    for signed in ([first, disputed], [disputed, first]):
        effect = effect_of(changed, signed, world.keys, NOW)
        assert effect.verdicts == {(VALID, VALID): 1, (UNKNOWN, UNKNOWN): 1}


def test_retiring_changes_no_verdict() -> None:
    """Rotation is not distrust."""
    world = _world()
    changed = life.retired(world.keys.trusted(Purpose.CLAIM)[0], NOW)
    assert not effect_of(changed, world.register.certificates.values(), world.keys, NOW).changes


def test_an_earlier_moment_changes_what_the_later_one_left() -> None:
    """A compromise may be found to have begun earlier."""
    world = _world()
    key = world.keys.trusted(Purpose.CLAIM)[0]
    world.keys.compromise(key.kid, NOW - timedelta(days=2))
    earlier = life.compromised(world.keys.trusted(Purpose.CLAIM)[0], SINCE, "It began earlier.", NOW)
    assert effect_of(earlier, world.register.certificates.values(), world.keys, NOW).changes == {(VALID, UNKNOWN): 1}
