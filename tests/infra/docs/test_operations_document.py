"""docs/operations.md and docs/security.md against the synthesised template."""

import json
import re
from typing import Any

from bench.refresh.world import SOURCES_OF
from infra.functions import READERS
from infra.inbound import bus_name
from infra.member import TEMPLATE
from jobview.catalogue import FAMILIES
from tests.unit.docs.blocks import ROOT, blocks, inline_code, rows, section

OPERATIONS = ROOT / "docs" / "operations.md"
COSTS = ROOT / "docs" / "costs.md"
SECURITY = ROOT / "docs" / "security.md"
MEMBER = json.loads(TEMPLATE.read_text())
SOURCES = tuple(sorted((ROOT / "lambdas").rglob("*.py")))


def text(value: Any) -> str:
    """An intrinsic function's literal parts."""
    if isinstance(value, dict):
        return "".join(text(one) for one in value.values())
    if isinstance(value, list):
        return "".join(text(one) for one in value)
    return str(value)


def alarms(stack: Any) -> dict[str, dict[str, Any]]:
    return {
        re.sub(r"^Alarms|[0-9A-F]{8}$", "", name): each["Properties"]
        for name, each in stack.all("AWS::CloudWatch::Alarm").items()
    }


def test_every_alarm_has_a_section_with_its_meaning_and_what_to_do(stack: Any) -> None:
    headings = re.findall(r"^### (\w+)$", section(OPERATIONS, "Alarms"), re.MULTILINE)
    told = {name: [heading for heading in headings if name.startswith(heading)] for name in alarms(stack)}
    assert {name: len(found) for name, found in told.items()} == dict.fromkeys(told, 1)
    assert {found[0] for found in told.values()} == {*headings}
    for name in headings:
        text = section(OPERATIONS, name)
        assert "**Meaning**: " in text, name
        assert "**Do**: " in text, name


def test_figures_of_the_alarms(stack: Any) -> None:
    found = alarms(stack)
    assert found["RefreshErrors"]["EvaluationPeriods"] == 3
    assert "three periods" in section(OPERATIONS, "RefreshErrors")
    assert found["RefreshBehind"]["EvaluationPeriods"] == 2
    assert "two periods" in section(OPERATIONS, "RefreshBehind")
    assert found["SourcesDenied"]["Period"] == 3600
    assert "within the last hour" in section(OPERATIONS, "SourcesDenied")
    assert found["EventsBehind"]["Threshold"] == 5 * 60_000
    assert found["EventsBehind"]["EvaluationPeriods"] == 2
    assert "five minutes" in section(OPERATIONS, "EventsBehind")
    assert found["ApiErrors"]["Threshold"] == 2
    assert "more than two requests" in section(OPERATIONS, "ApiErrors")
    assert (found["ApiRefusals"]["Threshold"], found["ApiRefusals"]["EvaluationPeriods"]) == (100, 3)
    assert "more than a hundred requests in each five minutes of a quarter of an hour" in " ".join(
        section(OPERATIONS, "ApiRefusals").split()
    )
    assert found["HintsBehind"]["Threshold"] == 15 * 60
    assert "a quarter of an hour" in section(OPERATIONS, "HintsBehind")


def test_every_rule_is_listed_with_how_long_it_is_tried(synthesise: Any) -> None:
    table = {re.findall(r"\w+?(?=\d?`)", row[0])[0]: row[2] for row in rows(section(OPERATIONS, "RuleFailures"))}
    members = [{"account": "222233334444", "externalId": "ours", "regions": ["us-east-1"]}]
    stack = synthesise({"targets": [{"regions": ["us-east-1"]}, *members], "notifyChat": True})
    named = [re.fullmatch(r"RuleFailures(\D+)\d*", name) for name in alarms(stack)]
    assert table.keys() == {found[1] for found in named if found}
    tried = {"an hour": 3600, "a minute, or the schedule's interval if that is longer": 60, "a day": None}
    assert {tried[words] for words in table.values()} == {
        target.get("RetryPolicy", {}).get("MaximumEventAgeInSeconds")
        for rule in stack.all("AWS::Events::Rule").values()
        for target in rule["Properties"]["Targets"]
    }


def test_as_many_alarms_and_dashboards_are_paid_for_as_there_are(synthesise: Any) -> None:
    stack = synthesise({"families": {"enabled": list(SOURCES_OF)}})
    paid = {row[0]: row[2] for row in rows(COSTS.read_text()) if row[0] in {"Alarms", "Dashboard"}}
    assert paid == {
        "Alarms": str(len(alarms(stack))),
        "Dashboard": str(len(stack.all("AWS::CloudWatch::Dashboard"))),
    }


def test_our_metrics_are_those_that_the_functions_emit() -> None:
    table = [row[0].strip("`") for row in rows(section(OPERATIONS, "Metrics"))]
    emitted: set[str] = set()
    for path in SOURCES:
        source = path.read_text()
        if "add_metric(" in source:
            emitted |= set(re.findall(r'add_metric\(name="(\w+)"', source))
            emitted |= set(re.findall(r'^ +"(\w+)": (?:len\(|statuses\.count|sum\()', source, re.MULTILINE))
    assert sorted(table) == sorted(emitted)


def test_every_metric_of_alarms_and_dashboard_is_documented(stack: Any) -> None:
    watched = {properties["MetricName"] for properties in alarms(stack).values()}
    for board in stack.all("AWS::CloudWatch::Dashboard").values():
        body = text(board["Properties"]["DashboardBody"])
        watched |= set(re.findall(r'\["(?:AWS/\w+|Jobview)","(\w+)"', body))
    assert len(watched) > 10
    assert watched <= inline_code(OPERATIONS)


def test_every_output_is_documented_and_no_other_is(stack: Any, rich: Any) -> None:
    documented = {
        name
        for name in inline_code(OPERATIONS)
        if name.endswith(("Name", "Url", "Arn", "Id")) and name[0].isupper() and name.isalpha()
    }
    assert documented - MEMBER["Parameters"].keys() == set(stack.json["Outputs"]) | set(rich.json["Outputs"])


def test_every_parameter_of_the_role_in_other_accounts_is_documented_with_its_default() -> None:
    table = {row[0].strip("`"): row[1].strip("`") for row in rows(section(OPERATIONS, "Add an account"))}
    defaults = {
        name: parameter.get("Default", "required") or "none" for name, parameter in MEMBER["Parameters"].items()
    }
    assert table == defaults


def test_the_parameters_in_the_example_are_those_that_are_required_and_what_several_regions_take() -> None:
    [example] = [block for block in blocks(OPERATIONS) if block.attributes.get("file") == "member-parameters.json"]
    given = {each["ParameterKey"]: each["ParameterValue"] for each in json.loads(example.text)}
    required = {name for name, parameter in MEMBER["Parameters"].items() if "Default" not in parameter}
    assert given.keys() == required | {"RoleRegion"}
    told = section(OPERATIONS, "Add an account")
    [regions] = re.findall(r"create-stack-instances .*--regions ([a-z0-9 -]+?) \\\n", told)
    assert regions.split() == given["Regions"].split(",")
    assert given["RoleRegion"] in regions.split()


def test_what_other_accounts_trust_and_grant_is_documented(synthesise: Any) -> None:
    told = section(SECURITY, "Other accounts")
    members = {"targets": [{"account": "222233334444", "externalId": "ours", "regions": ["us-east-1"]}]}
    stack = synthesise(members)
    allowed = {
        function
        for function in ("api", "image_sets", "plan", "publish", "refresh", "ingest")
        if _assumes(stack, function)
    }
    assert allowed == {"api", "refresh", "ingest"}
    assert "`api`, `refresh` and `ingest` may also `sts:AssumeRole`" in " ".join(told.split())
    assert "`api`, `refresh` and `ingest` assume" in " ".join(section(OPERATIONS, "Add an account").split())
    for function in READERS:
        assert f"`<stack>-<region>-{function}`" in told
    [bus] = stack.all("AWS::Events::EventBusPolicy").values()
    assert f"`{bus['Properties']['Statement']['Action']}` of the configured accounts" in " ".join(told.split())
    assert "`<stack>-Hints`" in told
    assert bus_name("<stack>") == "<stack>-Hints"


def _assumes(stack: Any, function: str) -> bool:
    return "sts:AssumeRole" in stack.grants(function)


def test_every_function_and_its_rights_are_in_the_security_document(synthesise: Any) -> None:
    stack = synthesise({"notifyEmail": "team@example.org"})
    table = {row[0].strip("`"): row for row in rows(section(SECURITY, "What each function may do"))}
    assert set(table) == {"api", "image_sets", "plan", "refresh", "ingest", "publish", "notify"}
    for function, row in table.items():
        granted = set(stack.grants(function))
        own = {action for action in granted if not action.startswith(("logs:", "xray:"))}
        told = set(re.findall(r"`([a-z0-9-]+:[A-Za-z*]+)`", " ".join(row)))
        families = {action for action in own if _of_a_family(action)}
        assert told == own - families, function
        assert ("the families' reads" in row[1]) is bool(families), function


def _of_a_family(action: str) -> bool:

    declared = {call.action for each in FAMILIES.values() for call in each.calls}
    return action in declared | {grant.action for each in FAMILIES.values() for grant in each.grants} - {"s3:GetObject"}


def test_grants_beside_the_operations_are_named_with_their_reason() -> None:

    told = section(SECURITY, "What each function may do")
    for family in FAMILIES.values():
        for grant in family.grants:
            assert f"`{grant.action}`" in told, f"{family.name}: {json.dumps(grant.reason)}"
