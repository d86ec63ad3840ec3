"""The order in which text of two directions stands on the line (Unicode Standard Annex 9).

Text is cut into runs of one level; an odd level reads from right to left. Names come without direction controls (they
are refused), so isolates and embeddings never occur.
"""

import unicodedata
from functools import lru_cache

_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_NEUTRAL = frozenset({"WS", "NSM", "BN"})
_CLOSED_BY = dict(zip("([{（［〔【〈《「『", ")]}）］〕】〉》」』", strict=True))
_CLOSING = frozenset(_CLOSED_BY.values())
BRACKETS = _CLOSING | _CLOSED_BY.keys()
_DIRECTIONS = {"L": 0, "R": 1, "AL": 1, "EN": 1, "AN": 1}
"""Between brackets a number counts as from right to left."""


@lru_cache(maxsize=8192)
def is_control(char: str) -> bool:
    """Say whether *char* is a control or direction control, which no printed text may hold."""
    return unicodedata.category(char) == "Cc" or unicodedata.bidirectional(char) in _CONTROLS


@lru_cache(maxsize=8192)
def _direction(char: str) -> str:
    """Return `r`, `l`, empty for what takes its neighbours' direction, or `?` for what needs the whole algorithm."""
    kind = unicodedata.bidirectional(char)
    if kind in _NEUTRAL:
        return ""
    return "r" if kind in ("R", "AL") else "l" if kind == "L" else "?"


def levels(text: str) -> int | list[int]:
    """Return the embedding level of *text*, or of each of its characters where they differ."""
    directions = set(map(_direction, set(text))) - {""}
    if "r" not in directions:
        return 0
    if directions == {"r"}:
        return 1
    return _resolved_levels(text)


def _resolved_levels(text: str) -> list[int]:
    """Run rules X to I of the annex; joiners, which rule X9 takes out, keep the level of what they follow."""
    from bidi import algorithm  # noqa: PLC0415 -- only for names of both directions

    storage = algorithm.get_empty_storage()
    storage["base_level"] = algorithm.get_base_level(text)
    storage["base_dir"] = "LR"[storage["base_level"]]
    algorithm.get_embedding_levels(text, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    levels, resolved = iter(storage["chars"]), [storage["base_level"]]
    for char in text:
        resolved.append(resolved[-1] if unicodedata.bidirectional(char) == "BN" else next(levels)["level"])
    return _with_brackets(text, resolved[1:], storage["base_level"])


def pairs(text: str) -> list[tuple[int, int]]:
    """Return where the brackets that belong together stand in *text* (definition BD16 of the annex)."""
    found, open_ = [], list[int]()
    for at, char in enumerate(text):
        if char in _CLOSED_BY:
            open_.append(at)
        elif char in _CLOSING:
            while open_:
                opening = open_.pop()
                if _CLOSED_BY[text[opening]] == char:
                    found.append((opening, at))
                    break
    return sorted(found)


def _with_brackets(text: str, levels: list[int], base: int) -> list[int]:
    """Apply rule N0, which brackets of one pair stand alike by, to *levels* of *text*.

    In a name from right to left, what stands between brackets from left to right takes them along, so that they hug it:
    the line is the same as by the rule, and readers turn no bracket round.
    """
    for opening, closing in pairs(text):
        inside = {_DIRECTIONS.get(unicodedata.bidirectional(char), -1) for char in text[opening + 1 : closing]} - {-1}
        if base in inside or not inside:
            levels[opening] = levels[closing] = base
        elif base:
            levels[opening : closing + 1] = [base + 1] * (closing + 1 - opening)
        else:
            before = [_DIRECTIONS.get(unicodedata.bidirectional(char), -1) for char in text[:opening]]
            levels[opening] = levels[closing] = max([0, *(one for one in before if one >= 0)][-1:])
    return levels


def visual_order(run_levels: list[int]) -> list[int]:
    """Return the indices of runs in the order in which they stand from left to right (rule L2)."""
    order = list(range(len(run_levels)))
    for level in range(max(run_levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and run_levels[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = max(end, start + 1)
    return order
