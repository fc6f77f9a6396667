"""Links to the metadata bucket name its region's own host, and are signed for that region."""

from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from handlers.image_sets.handler import signing


@pytest.mark.parametrize(
    ("region", "domain"),
    [
        ("us-east-1", "amazonaws.com"),
        ("us-west-2", "amazonaws.com"),
        ("eu-central-1", "amazonaws.com"),
        ("ap-southeast-2", "amazonaws.com"),
        ("sa-east-1", "amazonaws.com"),
        ("af-south-1", "amazonaws.com"),  # has to be opted into, as has the next
        ("me-central-1", "amazonaws.com"),
        ("us-gov-west-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
        ("eusc-de-east-1", "amazonaws.eu"),
    ],
)
def test_a_link_is_for_the_regions_own_host(region: str, domain: str) -> None:
    session = boto3.Session("AKIAEXAMPLE", "secret", "session", region)
    client = session.client("s3", config=signing({}))
    link = urlsplit(client.generate_presigned_url("get_object", Params={"Bucket": "bucket-1", "Key": "key"}))
    assert (link.scheme, link.netloc, link.path) == ("https", f"bucket-1.s3.{region}.{domain}", "/key")
    query = parse_qs(link.query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Credential"][0].split("/")[2:] == [region, "s3", "aws4_request"]


def test_a_local_aws_has_one_host_for_all_buckets() -> None:
    endpoint = "http://localhost:4566"
    session = boto3.Session("AKIAEXAMPLE", "secret", None, "us-west-2")
    client = session.client("s3", endpoint_url=endpoint, config=signing({"AWS_ENDPOINT_URL": endpoint}))
    link = urlsplit(client.generate_presigned_url("get_object", Params={"Bucket": "bucket-1", "Key": "key"}))
    assert (link.netloc, link.path) == ("localhost:4566", "/bucket-1/key")
