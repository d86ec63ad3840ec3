"""What the command line puts for the hints of sentences: options and commands, their facts quoted for a shell.

`VOICE` says whatever comes from below the command line; every hint there is has a line here, or the build fails.
"""

import shlex
from collections.abc import Mapping
from typing import Final

from certs.wording import Voice

RENDERED: Final[Mapping[str, str]] = {
    "reason": "--reason",
}
"""Option or command by the key of a hint; facts stand in braces."""


def rendered(key: str, facts: Mapping[str, object]) -> str:
    """Return the option or the command for a hint.

    Raises:
        KeyError: there is no such hint.
    """
    return RENDERED[key].format_map({name: shlex.quote(str(fact)) for name, fact in facts.items()})


VOICE: Final = Voice(hinting=rendered)
"""Says sentences as the command line does."""
