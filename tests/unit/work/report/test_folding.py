"""Small groups are put together, and no count that is left out can be worked out from the others."""

import pytest

from certs.work.report import Folding
from certs.work.report.figures import UNKNOWN, Group
from certs.work.report.folding import OTHERS

FIVE = Folding(5)


def group(label: str, registered: int | None, attended: int, certified: int = 0) -> Group:
    return Group(label, registered, attended, certified, 3_600 * attended)


def test_nothing_is_folded_unless_asked() -> None:
    groups = [group("A", 9, 1), group("B", 1, 1)]
    assert Folding().groups(groups) == groups
    assert Folding().hidden(groups) == set()


def test_small_groups_stand_together_before_the_unknown() -> None:
    """A group is small where neither those who registered nor those who attended are enough."""
    groups = [group("A", 9, 8), group("B", 9, 1), group("C", 2, 3, 1), group("D", 4, 0), group(UNKNOWN, 1, 1)]
    folded = FIVE.groups(groups)
    assert [one.label for one in folded] == ["A", "B", OTHERS, UNKNOWN]
    assert folded[2] == Group(OTHERS, 6, 3, 1, 3 * 3_600)


def test_without_a_list_those_who_registered_stay_unknown() -> None:
    folded = FIVE.groups([group("A", None, 9), group("B", None, 1), group("C", None, 2)])
    assert folded[1] == Group(OTHERS, None, 3, 0, 3 * 3_600)


@pytest.mark.parametrize(
    ("attended", "hidden"),
    [
        ([9, 8, 7], []),
        ([9, 8, 2], [1, 2]),
        ([9, 3, 2], [1, 2]),
        ([9, 0, 2], [0, 2]),
        ([2], [0]),
        ([0, 0], []),
        ([5, 6], []),
    ],
)
def test_no_count_is_left_out_alone(attended: list[int], hidden: list[int]) -> None:
    """Else the sum would tell it; nought is nobody's secret."""
    groups = [group(str(at), 100, count) for at, count in enumerate(attended)]
    assert FIVE.hidden(groups) == {(str(at), "attended") for at in hidden}
