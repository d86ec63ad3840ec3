"""Where the files lie that travel with the program beside its code: designs and pages, and the sample marathon.

In a clone they stand at the top of the tree, beside the package; a wheel carries them inside it.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Return the folder *name*, which is inside the package where the program was installed, else beside it."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
