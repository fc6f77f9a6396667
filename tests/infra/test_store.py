from typing import Any


def table(stack: Any) -> dict[str, Any]:
    [found] = stack.all("AWS::DynamoDB::Table").values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def keys(of: dict[str, Any]) -> list[tuple[str, str]]:
    return [(key["AttributeName"], key["KeyType"]) for key in of["KeySchema"]]


def test_the_table_has_the_keys_that_the_store_writes(stack: Any) -> None:
    found = table(stack)
    assert keys(found) == [("pk", "HASH"), ("sk", "RANGE")]
    names = {"pk", "sk", "listShard", "stateShard", "listKey", "outstandingOf", "outstandingKey"}
    assert {each["AttributeName"]: each["AttributeType"] for each in found["AttributeDefinitions"]} == dict.fromkeys(
        names, "S"
    )


def test_the_indexes_hold_what_is_read_from_them(stack: Any) -> None:
    found = {index["IndexName"]: index for index in table(stack)["GlobalSecondaryIndexes"]}
    assert {name: keys(index) for name, index in found.items()} == {
        "newest": [("listShard", "HASH"), ("listKey", "RANGE")],
        "byState": [("stateShard", "HASH"), ("listKey", "RANGE")],
        "outstanding": [("outstandingOf", "HASH"), ("outstandingKey", "RANGE")],
    }
    assert {name: index["Projection"]["ProjectionType"] for name, index in found.items()} == {
        "newest": "ALL",
        "byState": "ALL",
        "outstanding": "KEYS_ONLY",
    }


def test_the_indexes_are_those_that_the_store_asks(stack: Any) -> None:
    from jobview.store.table import BY_STATE, NEWEST, PENDING_WORK

    assert {index["IndexName"] for index in table(stack)["GlobalSecondaryIndexes"]} == {NEWEST, BY_STATE, PENDING_WORK}


def test_history_can_be_restored_expires_and_costs_by_use(stack: Any) -> None:
    found = table(stack)
    assert found["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert found["TimeToLiveSpecification"] == {"AttributeName": "expiresAt", "Enabled": True}
    assert found["BillingMode"] == "PAY_PER_REQUEST"
    assert "SSESpecification" not in found, "DynamoDB encrypts with the key that AWS owns unless told otherwise"


def test_the_table_outlives_the_stack(stack: Any, rich: Any) -> None:
    for found, protected in ((stack, True), (rich, False)):
        [resource] = found.all("AWS::DynamoDB::Table").values()
        assert resource["DeletionPolicy"] == ("Retain" if protected else "RetainExceptOnCreate")
        assert resource["UpdateReplacePolicy"] == "Retain"
        assert resource["Properties"]["DeletionProtectionEnabled"] is protected
