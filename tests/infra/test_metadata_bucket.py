from typing import Any


def bucket(stack: Any) -> tuple[str, dict[str, Any]]:
    [(name, found)] = stack.all("AWS::S3::Bucket").items()
    return name, found["Properties"]


def test_objects_live_a_day(stack: Any) -> None:
    _, found = bucket(stack)
    [rule] = found["LifecycleConfiguration"]["Rules"]
    assert rule["Status"] == "Enabled"
    assert rule["ExpirationInDays"] == 1
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert "Prefix" not in rule
    assert "VersioningConfiguration" not in found, "an old version would outlive the day"


def test_health_data_is_encrypted_and_never_public(stack: Any) -> None:
    _, found = bucket(stack)
    [default] = found["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert default["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert set(found["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(found["PublicAccessBlockConfiguration"]) == 4
    assert found["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_plain_text_and_old_tls_are_refused(stack: Any) -> None:
    name, _ = bucket(stack)
    [policy] = stack.all("AWS::S3::BucketPolicy").values()
    assert policy["Properties"]["Bucket"] == {"Ref": name}
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert [(each["Effect"], each["Action"]) for each in statements] == [("Deny", "s3:*")] * 2
    assert [each["Condition"] for each in statements] == [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"NumericLessThan": {"s3:TlsVersion": 1.2}},
    ]


def test_no_function_empties_it(stack: Any) -> None:
    assert not [kind for kind in (r["Type"] for r in stack.json["Resources"].values()) if kind.startswith("Custom::")]
