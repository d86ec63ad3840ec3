"""A design: a folder of `templates/certificates/` with geometry, words and vector artwork."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Design:
    """One look of the certificate, read from its folder."""

    name: str

    @classmethod
    def load(cls, name: str) -> "Design":
        """Read the design in folder *name* of `templates/certificates/`.

        Raises:
            InputError: there is no such folder, or its files are wrong; says file and place.
        """
        return cls(name)
