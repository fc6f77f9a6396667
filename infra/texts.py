"""The types of text in a configuration, each with a check and a description of what is allowed."""

import re
from typing import Annotated

from pydantic import AfterValidator


def matching(pattern: str, allowed: str) -> AfterValidator:
    """Return a check that a text matches a pattern. Its error describes what is allowed."""

    def check(value: str) -> str:
        if re.fullmatch(pattern, value) is None:
            raise ValueError(f"allowed: {allowed}")
        return value

    return AfterValidator(check)


Account = Annotated[str, matching(r"[0-9]{12}", "an account id of twelve digits, as text")]
Region = Annotated[str, matching(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}", "a region such as us-east-1")]
RoleName = Annotated[
    str,
    matching(r"[A-Za-z0-9_+=,.@-]{1,64}", "the name of a role, without its path: up to 64 letters, digits and _+=,.@-"),
]
RolePath = Annotated[
    str,
    matching(r"(?=.{1,512}$)/([A-Za-z0-9_+=,.@-]+/)*", "/ or a path that begins and ends with /, such as /jobview/"),
]
BoundaryArn = Annotated[
    str, matching(r"arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]+", "the ARN of a managed IAM policy")
]
ExternalId = Annotated[str, matching(r"[A-Za-z0-9_+=,.@:/-]{2,1224}", "2 to 1,224 letters, digits and _+=,.@:/-")]
S3Uri = Annotated[
    str,
    matching(
        r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^*?${}]*)?",
        "s3://bucket or s3://bucket/prefix, without * ? $ { }",
    ),
]
KeyArn = Annotated[
    str,
    matching(r"arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+", "the ARN of a KMS key, not of an alias"),
]
Email = Annotated[str, matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address")]
