from collections.abc import Callable, Mapping

def normalize(input_: list[object], options: Mapping[str, object] | None = ...) -> str: ...
def expand(
    input_: Mapping[str, object],
    options: Mapping[str, object] | None = ...,
    on_property_dropped: Callable[[str | None], None] = ...,
) -> list[object]: ...
