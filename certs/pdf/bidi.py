"""The order in which text of two directions stands on the line (Unicode Standard Annex 9).

Text is cut into runs of one level; an odd level reads from right to left. Names come without direction controls (they
are refused), so isolates and embeddings never occur.
"""

import unicodedata
from functools import lru_cache

_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_NEUTRAL = frozenset({"WS", "NSM", "BN"})


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
    return resolved[1:]


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
