"""Enabling a family changes permissions, rules and the functions' package, and nothing else of a deployment."""

from typing import Any

from tests.infra.conftest import LEAN

FEW = ["sesv2/import", "medical-imaging/dicom-import"]


def test_a_family_more_changes_permissions_rules_and_bundle_alone(synthesise: Any) -> None:
    before = synthesise({**LEAN, "families": {"enabled": FEW}})
    after = synthesise({**LEAN, "families": {"enabled": [*FEW, "glue/job-run"]}})
    assert {name for name in before.json if before.json[name] != after.json[name]} == {"Resources"}
    ours, theirs = before.json["Resources"], after.json["Resources"]
    changed = {name for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]}
    new = theirs.keys() - ours.keys()
    assert not ours.keys() - theirs.keys()
    assert {theirs[name]["Type"] for name in changed | new} <= {
        "AWS::IAM::Role",
        "AWS::IAM::ManagedPolicy",
        "AWS::Events::Rule",
        "AWS::Lambda::Function",
    }
    assert "AWS::Events::Rule" in {theirs[name]["Type"] for name in changed}
    assert after.grants("refresh").keys() - before.grants("refresh").keys() >= {"glue:GetJobRuns", "glue:GetJobs"}
    for name in changed:
        was, now = ours[name]["Properties"], theirs[name]["Properties"]
        parts = {part for part in was | now if was.get(part) != now.get(part)}
        match theirs[name]["Type"]:
            case "AWS::IAM::Role":
                assert parts <= {"Policies", "ManagedPolicyArns"}
            case "AWS::IAM::ManagedPolicy":
                assert parts == {"PolicyDocument"}
            case "AWS::Events::Rule":
                assert parts == {"EventPattern"}
            case "AWS::Lambda::Function":
                assert parts == {"Code"}
    assert before.files != after.files, "the package's file names the families"
