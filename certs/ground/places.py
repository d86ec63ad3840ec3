"""Where the files lie that travel with the program beside its code, and the designs that a deployment adds to them.

In a clone they stand at the top of the tree, beside the package; a wheel carries them inside it. A process serves one
deployment: which folder holds its own designs is said once, when the program is put together.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_own_designs: list[Path] = []


def shipped(name: str) -> Path:
    """Return the folder *name*, which is inside the package where the program was installed, else beside it."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def add_designs(folder: Path | None) -> None:
    """Let designs also be found in *folder*, in place of any that was said before."""
    _own_designs[:] = [] if folder is None else [folder.absolute()]


def designs() -> tuple[Path, ...]:
    """Return the folders of designs: the program's, then the deployment's own."""
    return (shipped("templates") / "certificates", *_own_designs)
