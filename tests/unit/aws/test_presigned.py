"""URLs that carry their own authorisation are found, whoever signed them; ordinary URIs are not."""

import json
import time
from urllib.parse import quote

import boto3
import pytest
from botocore.config import Config

from jobview.aws.presigned import SECRET, SIGNED, presigned, redact
from jobview.collect.values import bounded_text

AWS = "https://bucket.s3.eu-west-1.amazonaws.com/a/b.json"
GIVE_ACCESS = {
    "AWS SigV4": f"{AWS}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F2026&X-Amz-Signature=00ff",
    "AWS SigV4 credential first": f"{AWS}?X-Amz-Credential=AKIA",
    "AWS session token": f"{AWS}?x-amz-security-token=abc",
    "AWS SigV2": f"{AWS}?AWSAccessKeyId=AKIA&Expires=1&Signature=abc%3D",
    "CloudFront canned": "https://d111.cloudfront.net/x?Expires=1&Signature=abc&Key-Pair-Id=K1",
    "CloudFront custom": "https://d111.cloudfront.net/x?Policy=eyJ&Signature=abc&Key-Pair-Id=K1",
    "CloudFront key pair": "https://d111.cloudfront.net/x?Key-Pair-Id=K1",
    "Google V4": "https://storage.googleapis.com/b/o?X-Goog-Algorithm=GOOG4&X-Goog-Credential=a%40b&X-Goog-Signature=0f",
    "Google V2": "https://storage.googleapis.com/b/o?GoogleAccessId=a@b.iam.gserviceaccount.com&Expires=1&Signature=x",
    "Azure SAS": "https://acct.blob.core.windows.net/c/blob?sv=2022-11-02&se=2026-11-27&sr=b&sp=r&sig=abc%3D",
    "Alibaba": "https://b.oss-cn-hangzhou.aliyuncs.com/o?OSSAccessKeyId=LTAI&Expires=1&Signature=x",
    "Alibaba V4": "https://b.oss-cn-hangzhou.aliyuncs.com/o?x-oss-credential=LTAI&x-oss-signature=x",
    "token": "https://example.com/results/1?token=abc",
    "token later": "https://example.com/results/1?page=2&token=abc#top",
    "OAuth fragment": "https://example.com/callback#access_token=abc",
    "password": "jdbc:mysql://db.example.com:3306/warehouse?user=etl&password=secret",
    "user and password": "https://user:pass@example.com/x",
    "user and password of a database": "postgresql://etl:s3cret@db.internal:5432/warehouse",
    "password alone": "redis://:secret@cache.internal:6379",
    "keys in an s3a URI": "s3a://AKIAEXAMPLE:secret@bucket/key",
    "token as a user": "https://ghp_0123456789@github.com/org/repo",
    "without a scheme": "bucket.s3.amazonaws.com/k?X-Amz-Signature=0",
    "after a semicolon": f"{AWS}?a=b&amp;X-Amz-Signature=0",
    "escaped in JSON": f"{AWS}?X-Amz-Date=2026\\u0026X-Amz-Signature=0",
    "within another URL": f"https://example.com/fetch?url={quote(AWS + '?X-Amz-Signature=0', safe='')}",
    "token within another URL": f"https://example.com/fetch?url={quote('https://h/x?token=0', safe='')}",
}
ORDINARY = [
    "s3://bucket/key",
    "s3://bucket/table/token=abc/sig=1/part-0000.parquet",
    "s3://bucket/table/signature=x/password=y/",
    "s3://bucket/what?sig=1",
    "s3://bucket/a&token=b",
    "s3://bucket/user:name@example.com",
    "s3n://bucket/x?policy=all",
    "https://example.com/results/1?page=2&limit=3",
    "https://example.com/results/1?tokenize=true&nextToken=abc&design=1&assigned=2",
    "https://example.com:8443/path@version/x",
    "https://s3.us-east-1.amazonaws.com/bucket/transcript.json",
    "https://s3.us-east-1.amazonaws.com/bucket/a:b@c.json",
    "arn:aws:iam::111122223333:role/etl@prod",
    "arn:aws:states:us-east-1:111122223333:execution:m:a=b",
    "ssh://git@example.com/repo",
    "user@example.com said a=b; c=d: token=5 apples",
    "sig=abc",
    "hdfs://namenode:8020/user/etl@corp",
    "jdbc:postgresql://db.internal:5432/warehouse?ssl=true",
    "Error: expected x=1 & y=2 @ line 3: 'token=' is missing",
]


@pytest.mark.parametrize("url", GIVE_ACCESS.values(), ids=GIVE_ACCESS.keys())
def test_what_gives_access_is_taken_out(url: str) -> None:
    assert presigned(url)
    assert redact(url) == "[presigned URL removed]"
    assert redact(f"See {url} for more, and s3://b/k.") == "See [presigned URL removed] for more, and s3://b/k."
    assert url not in (bounded_text(json.dumps({"cause": url}), 1024) or "")
    assert presigned(url.upper())


@pytest.mark.parametrize("text", ORDINARY)
def test_what_gives_no_access_stays(text: str) -> None:
    assert not presigned(text)
    assert redact(text) == text


@pytest.mark.parametrize("name", [*SIGNED, *SECRET])
@pytest.mark.parametrize("before", ["?", "?a=b&", "?a=b;"])
def test_each_name_of_the_table_is_found(name: str, before: str) -> None:
    assert presigned(f"https://example.com/x{before}{name}=0")
    assert not presigned(f"https://example.com/x{before}not{name}=0")
    assert not presigned(f"https://example.com/x{before}{name}s=0")


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "cn-north-1"])
@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_what_boto3_signs_is_found(region: str, version: str) -> None:
    client = boto3.Session("AKIAEXAMPLE", "secret", "session", region).client(
        "s3", config=Config(signature_version=version)
    )
    url = client.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "a"})
    assert redact(f"at {url}.") == "at [presigned URL removed]"


@pytest.mark.parametrize("piece", ["a", "a:", "https://", "?token", "s3://a?", "\\u0026", "%3f", "http://a:b", "+.-"])
def test_long_texts_take_no_longer_than_they_are_long(piece: str) -> None:
    text = piece * (400_000 // len(piece)) + " ="
    begun = time.perf_counter()
    presigned(text)
    assert time.perf_counter() - begun < 2
