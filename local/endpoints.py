"""How boto3 is led to one local endpoint, whatever the service."""

from urllib.parse import urlsplit, urlunsplit

_ACCOUNT_FIRST = {"s3control": "AWS_ENDPOINT_URL_S3_CONTROL"}
"""Services that write the account before the host of whichever endpoint they are given → the variable that is theirs
alone. Before a user's name in the URL the account does no harm: no host of another name has to be resolved."""


def endpoint(url: str, service: str) -> str:
    """Return the URL to give to a service's client."""
    if service not in _ACCOUNT_FIRST:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"local@{parts.netloc}"))


def variables(url: str) -> dict[str, str]:
    """Return the environment variables with which boto3 finds the endpoint for every service."""
    return {
        "AWS_ENDPOINT_URL": url,
        **{variable: endpoint(url, service) for service, variable in _ACCOUNT_FIRST.items()},
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
    }
