"""The partitions of AWS's regions."""

_PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
)


def partition(region: str) -> str:
    """The partition of a region, e.g. ``aws`` or ``aws-cn``."""
    return next((name for prefix, name in _PARTITIONS if region.startswith(prefix)), "aws")
