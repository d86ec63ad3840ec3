"""Which typeface sets which script."""


def plate_group(name: str, language: str) -> str:
    """Return the label of the group of scripts that *name* belongs to; names of one group may share a plate.

    Raises:
        Nothing: a name in a script without font gets the group `other`, and `unprintable` says so.
    """
    return "latin"
