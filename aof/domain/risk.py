"""How much a call of a tool may do."""

from enum import StrEnum


class Risk(StrEnum):
    """From harmless to grave; compare by `rank`."""

    READ = "read"
    """Looks only."""
    SENSITIVE = "sensitive"
    """Looks where secrets live, or carries bytes outward."""
    WRITE = "write"
    """Creates, changes, restarts; whatever is not recognised."""
    DELETE = "delete"
    """Removes, stops, ends."""
    DANGEROUS = "dangerous"
    """Arbitrary execution, force, privilege, credential values."""

    @property
    def rank(self) -> int:
        """0 for the most harmless."""
        return _ORDER.index(self)


_ORDER = tuple(Risk)


def highest(first: Risk, *others: Risk) -> Risk:
    """The gravest of them."""
    return max((first, *others), key=lambda risk: risk.rank)
