"""What surrounds the keys of every resource: its version, its kind and its name."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints, field_validator

from aof.config.model import Absent, StrictModel

API_VERSIONS = frozenset(
    f"{group}/{version}"
    for group in ("aof.dev", "aof.sh", "aof.io")
    for version in ("v1", "v1beta1", "v1alpha1", "v1alpha2")
)

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=253)]


class Metadata(StrictModel):
    """How the file is called where several are shown."""

    name: str = "aof"
    """Letters, digits and `-`, as in DNS."""
    namespace: Annotated[str | None, Absent("nothing changes"), Field(examples=["ops"])] = None
    """Read and kept without an effect."""
    labels: Mapping[str, str] = Field(default_factory=dict)
    """Kept as they are."""
    annotations: Mapping[str, str] = Field(default_factory=dict)
    """Kept as they are."""
    description: str = ""
    """What the daemon is for."""


class ResourceMetadata(Metadata):
    """How the resource is called."""

    name: Name
    """Letters, digits and `-`, as in DNS; no other resource of its kind has it."""
    description: str = ""
    """What menus say of it."""


class Envelope(StrictModel):
    """A document with a version."""

    versions: ClassVar[frozenset[str]] = API_VERSIONS

    api_version: str = "aof.dev/v1"
    """The groups aof.dev, aof.sh and aof.io are one."""

    @field_validator("api_version")
    @classmethod
    def _readable(cls, version: str) -> str:
        if version not in cls.versions:
            raise ValueError("this is no version that aof reads. Write aof.dev/v1.")
        return version
