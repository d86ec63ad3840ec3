"""A worker that dies over an errand, of each kind: another one finishes, and nothing is lost or done twice."""

from pathlib import Path

import pytest

from certs.model import ErrandKind
from tests.chaos.errands import KINDS, Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(Path(tmp_path_factory.mktemp("errands")))


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_killed_in_the_middle_of_an_errand_costs_nothing(stage: Stage, kind: ErrandKind) -> None:
    """At a commit halfway, and some milliseconds after one a little later; see `make chaos` for more."""
    _, boundaries = stage.plain(kind)
    assert stage.killed(kind, boundaries // 2)
    stage.killed(kind, boundaries * 3 // 4, 0.003)
