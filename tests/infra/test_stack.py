"""Promises of the stack as a whole: what stays, what is checked, the outputs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from infra.bundle import ROOT

LINT = ["--regions", "us-east-1", "--ignore-checks", "W3005"]  # a DependsOn twice over: the CDK writes them so


@pytest.mark.parametrize("name", ["stack", "rich", "lean"])
def test_only_the_table_is_left_when_the_stack_is_removed(request: pytest.FixtureRequest, name: str) -> None:
    resources = request.getfixturevalue(name).json["Resources"].values()
    kept = [
        resource["Type"]
        for resource in resources
        if resource.get("DeletionPolicy", "Delete") != "Delete"
        or resource.get("UpdateReplacePolicy", "Delete") != "Delete"
    ]
    assert kept == ["AWS::DynamoDB::Table"]


def test_what_is_stateful_says_so_itself(stack: Any) -> None:
    for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Logs::LogGroup"):
        for resource in stack.all(kind).values():
            assert {"DeletionPolicy", "UpdateReplacePolicy"} <= resource.keys()


def test_nothing_leaves_a_log_group_behind(stack: Any) -> None:
    functions = stack.all("AWS::Lambda::Function").values()
    assert len(functions) == 6, "a function of the CDK's own would make a log group that nothing removes"
    groups = {function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for function in functions}
    assert len(groups) == 6
    assert groups < stack.all("AWS::Logs::LogGroup").keys()


def test_logs_are_kept_for_the_configured_time(stack: Any, rich: Any) -> None:
    for found, days in ((stack, 30), (rich, 7)):
        groups = found.all("AWS::Logs::LogGroup").values()
        assert {group["Properties"]["RetentionInDays"] for group in groups} == {days}
        assert len(groups) == len(found.all("AWS::Lambda::Function")) + 1, "and the API's own"


@pytest.mark.parametrize("name", ["stack", "rich", "lean"])
def test_the_template_is_valid_cloudformation(request: pytest.FixtureRequest, tmp_path: Path, name: str) -> None:
    file = tmp_path / "template.json"
    file.write_text(json.dumps(request.getfixturevalue(name).json))
    linted = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), *LINT, "--", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (linted.returncode, linted.stdout, linted.stderr) == (0, "", "")


def test_it_deploys_without_knowing_account_and_region(synthesise: Any) -> None:
    stack = synthesise(home={})
    variables = stack.function("plan")["Environment"]["Variables"]
    assert (variables["JOBVIEW_ACCOUNT"], variables["JOBVIEW_PARTITION"]) == (
        {"Ref": "AWS::AccountId"},
        {"Ref": "AWS::Partition"},
    )
    # Its own region comes from Lambda: the file has nothing that only the deployment knows.
    assert json.loads(stack.files[variables["JOBVIEW_CONFIGURATION"]])["targets"] == [{}]
    assert [target.region for target in stack.monitored("plan").targets] == ["us-east-1"]


def test_the_stack_is_tagged_and_through_it_what_it_makes(stack: Any) -> None:
    assert stack.tags == {"application": "jobview"}


def test_the_locations_are_shown(stack: Any) -> None:
    outputs = stack.json["Outputs"]
    assert outputs["ApiUrl"]["Value"]["Fn::GetAtt"][1] == "ApiEndpoint"
    assert outputs.keys() == {
        *("ApiUrl", "ApiId", "TableName", "MetadataBucketName", "AlarmTopicArn", "DashboardName", "ScheduleName"),
        *("LanesQueueUrl", "DeadLettersQueueUrl", "DeadRunsQueueUrl", "DeadEventsQueueUrl"),
        *("HintsQueueUrl", "DeadHintsQueueUrl", "EventBusName", "EventBusArn"),
        *("ApiFunctionName", "ImageSetsFunctionName", "PlanFunctionName", "RefreshFunctionName"),
        *("IngestFunctionName", "PublishFunctionName"),
    }


def test_the_app_reads_the_context_and_what_it_makes_has_no_finding(tmp_path: Path) -> None:
    done = run_app(tmp_path, {"jobview.stackName": "Elsewhere", "aws:cdk:bundling-stacks": []})
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads((tmp_path / "validation-report.json").read_text())["pluginReports"] == []
    assert (tmp_path / "Elsewhere.template.json").is_file()


def test_a_finding_of_cdk_nag_fails_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    import app

    def careless(scope: cdk.App, **_: object) -> None:
        s3.Bucket(cdk.Stack(scope, "Careless"), "Bucket")

    monkeypatch.setattr(app, "JobviewStack", careless)
    monkeypatch.setattr(app, "code", lambda _: None)
    with pytest.raises(RuntimeError, match="ValidationFailed") as caught:
        app.main()
    report = json.loads(Path(str(caught.value).rpartition(": ")[2]).read_text())
    assert [each["pluginName"] for each in report["pluginReports"]] == ["AwsSolutions"]


def test_a_wrong_configuration_ends_the_app_with_one_block(tmp_path: Path) -> None:
    done = run_app(tmp_path, {"jobview.schedule": "often", "jobview.logLevel": "CHATTY"})
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if "!!" not in line]
    assert said[0] == "Jobview's configuration (context key jobview) is not valid:"
    assert [line.split(":")[0] for line in said[1:]] == ["  schedule", "  logLevel"]


def test_missing_packages_are_reported_in_one_line() -> None:
    command = [sys.executable, "-S", "-E", str(ROOT / "app.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "Jobview: the package aws_cdk is not installed here; `make setup` brings it\n"


def run_app(out: Path, context: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    environment = {
        **os.environ,
        "CDK_OUTDIR": str(out),
        "CDK_CONTEXT_JSON": json.dumps({**flags, **context}),
        "CDK_DEFAULT_ACCOUNT": "111122223333",
        "CDK_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, str(ROOT / "app.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
