"""Rules for start calls: off by default, few, and within AWS's limit on the length of a pattern."""

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pytest

from infra.configuration import ConfigurationError, parse
from infra.limits import BY_NAME, characters
from infra.start_calls import call_patterns
from jobview import catalogue
from jobview.catalogue.family import START_CALL, StartCalls
from tests.infra.conftest import HOME, LEAN
from tests.infra.test_forwarding import MEMBERS, PLAIN, inbound
from tests.infra.test_ingest import rules
from tests.infra.test_limits import many

ON = {"startCalls": True}


def calls(found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    patterns = [rule["EventPattern"] for rule in found.values()]
    return [pattern for pattern in patterns if pattern.get("detail-type") == [START_CALL]]


def test_they_are_off_by_default(stack: Any) -> None:
    assert calls(rules(stack)) == []


def test_a_rule_matches_successful_start_calls_of_the_enabled_families(synthesise: Any) -> None:
    stack = synthesise({**LEAN, **ON})
    [pattern] = calls(rules(stack))
    assert pattern == {
        "account": ["111122223333"],
        "detail-type": [START_CALL],
        "detail": {
            "eventSource": ["ses.amazonaws.com"],
            "eventName": ["CreateImportJob"],
            "errorCode": [{"exists": False}],
        },
    }
    assert (
        stack.all("AWS::Lambda::EventSourceMapping").keys()
        > synthesise(LEAN).all("AWS::Lambda::EventSourceMapping").keys()
    ), "ingest receives them"
    for rule in rules(stack).values():
        assert fnmatchcase(rule["Name"], "Jobview-Hints-*"), "the queue's policy admits these names"


def test_the_whole_catalogue_needs_few_rules(synthesise: Any) -> None:
    stack = synthesise(ON)
    declared = {
        (family.starts.source, name)
        for family in catalogue.FAMILIES.values()
        if family.starts is not None
        and family.retired is None
        # A global service has its events in the one region that answers for all.
        and family.global_regions.get("aws", HOME["region"]) == HOME["region"]
        for name in family.starts.names
    }
    found = calls(rules(stack))
    matched = {
        (source, name)
        for pattern in found
        for source in pattern["detail"]["eventSource"]
        for name in pattern["detail"]["eventName"]
    }
    assert matched >= declared
    assert {name for _, name in matched} == {name for _, name in declared}


def test_four_hundred_families_stay_within_the_length_of_a_pattern() -> None:
    families = [
        replace(
            family,
            starts=StartCalls(
                source=f"{family.service}.amazonaws.com", names=(f"StartSomeLongishKindOfJob{number:03}",)
            ),
        )
        for number, family in enumerate(many())
    ]
    found = call_patterns(families, account="111122223333")
    longest = BY_NAME["event pattern of a rule"].most
    assert all(characters(pattern) <= longest for pattern in found)
    assert sum(map(characters, found)) > 4 * longest
    assert len(found) < 20
    assert {name for pattern in found for name in pattern["detail"]["eventName"]} == {
        f"StartSomeLongishKindOfJob{number:03}" for number in range(len(families))
    }


def test_other_accounts_forward_them_if_the_parameter_says_so(synthesise: Any) -> None:
    elsewhere = inbound(synthesise({**ON, "targets": MEMBERS}))
    assert calls(elsewhere)
    assert all("account" not in pattern for pattern in calls(elsewhere)), "the bus admits no other accounts"
    assert PLAIN["Parameters"]["ForwardStartCalls"]["Default"] == "false"
    forwarded = {
        name: resource["Properties"] | {"Condition": resource["Condition"]}
        for name, resource in PLAIN["Resources"].items()
        if resource["Type"] == "AWS::Events::Rule"
    }
    own = {name: rule for name, rule in forwarded.items() if rule["EventPattern"].get("detail-type") == [START_CALL]}
    assert own
    assert {rule["Condition"] for rule in own.values()} == {"ForwardsStartCalls"}
    assert PLAIN["Conditions"]["ForwardsStartCalls"] == {
        "Fn::And": [{"Condition": "Forwards"}, {"Fn::Equals": [{"Ref": "ForwardStartCalls"}, "true"]}]
    }
    assert len({str(rule["Name"]) for rule in forwarded.values()}) == len(forwarded)


def test_they_need_the_services_events() -> None:
    with pytest.raises(ConfigurationError, match="startCalls: is true while serviceEvents is false"):
        parse({**HOME, **ON, "serviceEvents": False}, catalogue={}, origin="test")
