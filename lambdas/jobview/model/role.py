"""The role that Jobview assumes in another account."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """A role in another account that allows this deployment to read there."""

    arn: str
    external_id: str | None = field(default=None, repr=False)
    """The external id in the role's trust policy. It must not appear in messages and logs."""
