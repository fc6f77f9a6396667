"""How another account is reached: the role that is assumed there."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """A role in another account that lets this deployment read there."""

    arn: str
    external_id: str | None = field(default=None, repr=False)
    """What the role's trust policy asks for; kept out of messages and logs."""
