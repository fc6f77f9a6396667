import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.configuration import LOG_DAYS, Configuration, ConfigurationError, parse
from infra.context import load

CATALOGUE = {"omics/reference-import": False, "sesv2/import": False, "panorama/package-import": True}
HOME = {"account": "111122223333", "region": "us-east-1"}


MEMBER = {"account": "999999999999", "externalId": "shared-once", "regions": ["us-east-1", "eu-west-1"]}


def loaded(context: Mapping[str, Any], home: Mapping[str, str | None] = HOME) -> Configuration:
    return load(context, catalogue=CATALOGUE, home=home)


def refusal(context: Mapping[str, Any]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        loaded(context)
    return str(caught.value)


def test_nothing_need_be_configured() -> None:
    configuration = loaded({})
    assert configuration.account == "111122223333"
    assert configuration.interval_seconds == 60
    assert configuration.stale_after_seconds == 600
    assert configuration.deletion_protection
    assert configuration.bundle.python_platform == "aarch64-manylinux_2_34"


def test_what_is_configured_wins_over_where_the_credentials_point() -> None:
    assert loaded({"jobview": {"region": "eu-west-1"}}).region == "eu-west-1"
    assert loaded({"jobview": {"region": None}}).region == "us-east-1"
    assert loaded({}, home={"account": None, "region": None}).account is None


def test_retired_families_are_off_until_they_are_named() -> None:
    assert loaded({}).enabled_families(CATALOGUE) == ("omics/reference-import", "sesv2/import")
    extra = loaded({"jobview": {"families": {"enabled": "default", "extra": ["panorama/package-import"]}}})
    assert extra.enabled_families(CATALOGUE) == tuple(CATALOGUE)
    only = loaded({"jobview": {"families": {"enabled": ["sesv2/import"]}}})
    assert only.enabled_families(CATALOGUE) == ("sesv2/import",)


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["*"], ["omics/reference-import", "sesv2/import"]),
        (["omics/*"], ["omics/reference-import"]),
        (["!omics/*"], ["sesv2/import"]),
        (["*", "!*/import"], ["omics/reference-import"]),
        (["!sesv2/*", "sesv2/import"], ["omics/reference-import", "sesv2/import"]),
        (["panorama/package-import", "sesv2/import"], ["sesv2/import", "panorama/package-import"]),
    ],
)
def test_families_are_chosen_by_name_glob_and_exclusion(patterns: list[str], names: list[str]) -> None:
    """The last pattern that matches wins; a glob does not switch a retired family on."""
    assert loaded({"jobview": {"families": {"enabled": patterns}}}).enabled_families(CATALOGUE) == tuple(names)


def test_what_is_excluded_may_be_added_again() -> None:
    chosen = loaded({"jobview": {"families": {"enabled": ["!omics/*"], "extra": ["omics/reference-import"]}}})
    assert chosen.enabled_families(CATALOGUE) == ("omics/reference-import", "sesv2/import")


def test_an_unknown_family_does_not_print_the_catalogue() -> None:
    many = {f"service{number}/job": False for number in range(400)}
    with pytest.raises(ConfigurationError) as refused:
        load({"jobview": {"families": {"enabled": ["service17/jobs"]}}}, catalogue=many, home=HOME)
    assert "near: service17/job," in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("region", ["eusc-de-east-1", "cn-north-1", "us-gov-west-1", "us-isob-east-1", "mx-central-1"])
def test_every_partition_can_be_home(region: str) -> None:
    configuration = loaded({"jobview": {"region": region, "targets": [{"regions": [region]}]}})
    assert configuration.home_regions == (region,)


def test_a_region_that_botocore_does_not_list_may_be_named_by_hand() -> None:
    document = {"unlistedRegions": ["eu-newer-1"], "targets": [{"regions": ["eu-newer-1", "us-east-1"]}]}
    assert loaded({"jobview": document}).home_regions == ("eu-newer-1", "us-east-1")


def test_where_the_home_region_is_not_known_all_targets_are_of_one_partition() -> None:
    targets = [{"regions": ["cn-north-1", "cn-northwest-1"]}]
    assert loaded({"jobview": {"targets": targets}}, home={"account": None, "region": None}).home_regions
    with pytest.raises(ConfigurationError, match="and cn-north-1 is in aws-cn"):
        loaded({"jobview": {"targets": [{"regions": ["cn-north-1", "us-east-1"]}]}}, home={"region": None})


def test_a_file_takes_the_place_of_the_context(tmp_path: Path) -> None:
    file = tmp_path / "jobview.json"
    file.write_text(json.dumps({"schedule": "rate(2 minutes)"}))
    configuration = loaded({"config": str(file), "jobview": {"logLevel": "DEBUG"}})
    assert (configuration.interval_seconds, configuration.log_level) == (120, "INFO")


def test_several_accounts_are_the_home_one_and_members() -> None:
    home, other = {"regions": ["us-east-1"]}, {**MEMBER, "account": "888888888888", "roleName": "Reader"}
    configuration = loaded({"jobview": {"targets": [MEMBER, home, other]}})
    assert [target.account for target in configuration.members] == ["999999999999", "888888888888"]
    assert [target.role_name for target in configuration.members] == [None, "Reader"]
    assert configuration.home_regions == ("us-east-1",)
    assert loaded({"jobview": {"targets": [MEMBER]}}).home_regions == ()
    assert loaded({}).home_regions is None
    named = loaded({"jobview": {"targets": [{"account": "111122223333", "regions": ["eu-west-1"]}]}})
    assert (named.members, named.home_regions) == ((), ("eu-west-1",))


def test_another_account_needs_a_home_that_is_known() -> None:
    with pytest.raises(ConfigurationError, match=r"targets.0.account: .* home account is not known"):
        loaded({"jobview": {"targets": [MEMBER]}}, home={"account": None, "region": None})


def test_single_fields_override_both() -> None:
    configuration = loaded(
        {
            "jobview": {"retention": {"jobsDays": 10, "logsDays": 7}, "alarms": True},
            "jobview.retention.logsDays": "14",
            "jobview.retention.transitionsDays": "30",
            "jobview.alarms": "false",
            "jobview.account": "000011112222",
            "jobview.targets": '[{"regions": ["us-east-1", "eu-west-1"]}]',
        }
    )
    assert configuration.retention.jobs_days == 10
    assert (configuration.retention.logs_days, configuration.retention.transitions_days) == (14, 30)
    assert not configuration.alarms
    assert configuration.account == "000011112222"
    assert configuration.targets[0].regions == ("us-east-1", "eu-west-1")


def test_the_context_may_be_json_text() -> None:
    assert loaded({"jobview": '{"logLevel": "ERROR"}'}).log_level == "ERROR"


@pytest.mark.parametrize(
    ("rate", "seconds"),
    [("rate(1 minute)", 60), ("rate(10 minutes)", 600), ("rate(1 hour)", 3600), ("rate(6 hours)", 21600)],
)
def test_rates(rate: str, seconds: int) -> None:
    configuration = loaded({"jobview": {"schedule": rate, "staleAfterSeconds": 86400}})
    assert configuration.interval_seconds == seconds


def test_the_platform_may_be_this_machine() -> None:
    assert loaded({"jobview.bundle.platform": "host"}).bundle.python_platform is None
    assert loaded({"jobview.bundle.architecture": "x86_64"}).bundle.python_platform == "x86_64-manylinux_2_34"
    assert loaded({"jobview.bundle.platform": "aarch64-apple-darwin"}).bundle.python_platform == "aarch64-apple-darwin"


BAD: list[tuple[str, dict[str, Any], list[str]]] = [
    ("stackName", {"stackName": "1st"}, ['"1st"', "a letter"]),
    ("account", {"account": "1234"}, ["twelve digits"]),
    ("region", {"region": "Frankfurt"}, ['"Frankfurt"', "us-east-1"]),
    ("targets.0.regions", {"targets": [{"regions": []}]}, ["at least 1"]),
    ("targets.0.regions", {"targets": [{}]}, ["is missing"]),
    ("targets.0.regions.1", {"targets": [{"regions": ["us-east-1", "moon"]}]}, ['"moon"']),
    ("targets.0.regions", {"targets": [{"regions": ["us-east-1", "us-east-1"]}]}, ["twice: us-east-1"]),
    ("targets.0.externalId", {"targets": [{"account": "999999999999", "regions": ["us-east-1"]}]}, ["is missing"]),
    ("targets.0.externalId", {"targets": [{**MEMBER, "externalId": "a b"}]}, ['"a b"', "letters"]),
    ("targets.0.externalId", {"targets": [{"externalId": "abc", "regions": ["us-east-1"]}]}, ["other accounts only"]),
    ("targets.0.roleName", {"targets": [{**MEMBER, "roleName": "path/role"}]}, ['"path/role"', "without its path"]),
    ("targets.0.roleName", {"targets": [{"roleName": "A", "regions": ["us-east-1"]}]}, ["other accounts only"]),
    ("targets.0.account", {"targets": [{**MEMBER, "account": "99"}]}, ["twelve digits"]),
    ("targets.1.account", {"targets": [MEMBER, MEMBER]}, ["999999999999 again", "once each"]),
    (
        "targets.1.account",
        {"targets": [{"regions": ["us-east-1"]}, {"account": "111122223333", "regions": ["us-east-2"]}]},
        ["111122223333 again"],
    ),
    ("targets", {"targets": [{**MEMBER, "account": f"{number:012}"} for number in range(101)]}, ["at most 100"]),
    ("families.enabled", {"families": {"enabled": "all"}}, ['"all"', '"default"']),
    ("families.enabled", {"families": {"enabled": []}}, ["not empty"]),
    ("families.enabled.0", {"families": {"enabled": ["omics/reference"]}}, ["near: omics/reference-import;"]),
    ("families.enabled.1", {"families": {"enabled": ["*", "!omics"]}}, ['"!omics"', "near: omics/*;"]),
    ("families.enabled.0", {"families": {"enabled": ["omic/*"]}}, ["matches no family", "near: omics/*;"]),
    ("families.extra.0", {"families": {"extra": ["nope"]}}, ['"nope"', "is not in the catalogue; allowed"]),
    ("families", {"families": {"enabled": ["omics/*", "!*"]}}, ["leave no family"]),
    ("families.extra", {"families": {"extra": ["sesv2/import"] * 2}}, ["twice: sesv2/import"]),
    ("region", {"region": "us-east-9"}, ["which botocore", "near: us-east-", "unlistedRegions"]),
    (
        "targets.0.regions.1",
        {"targets": [{"regions": ["us-east-1", "eu-wst-1"]}]},
        ["near: eu-west-1", "unlistedRegions"],
    ),
    (
        "targets.0.regions.0",
        {"targets": [{"regions": ["cn-north-1"]}]},
        ["in the partition aws-cn, and us-east-1 is in aws", "allowed: regions of aws."],
    ),
    (
        "targets.1.regions.0",
        {"targets": [{"regions": ["us-east-1"]}, {**MEMBER, "regions": ["eusc-de-east-1"]}]},
        ["in the partition aws-eusc"],
    ),
    ("unlistedRegions.0", {"unlistedRegions": ["new"]}, ['"new"', "us-east-1"]),
    (
        "targets.0.regions.0",
        {"unlistedRegions": ["xx-new-1"], "targets": [{"regions": ["xx-new-1"]}]},
        ["in no known partition", "aws-eusc"],
    ),
    ("schedule", {"schedule": "rate(5 minute)"}, ["rate(5 minutes)"]),
    ("schedule", {"schedule": "rate(1 minutes)"}, ["rate(1 minute)"]),
    ("schedule", {"schedule": "rate(0 minutes)"}, ["rate(1 minute)"]),
    ("schedule", {"schedule": "cron(0 * * * ? *)"}, ["rate(1 minute)"]),
    ("schedule", {"schedule": "rate(7 hours)"}, ["rate(6 hours)"]),
    ("cadence.activeSeconds", {"cadence": {"activeSeconds": 1}}, ["greater than or equal to 10"]),
    ("cadence.idleSeconds", {"cadence": {"idleSeconds": 30}}, ["at least activeSeconds, which is 60"]),
    ("cadence.deniedSeconds", {"cadence": {"deniedSeconds": "never"}}, ['"never"', "integer"]),
    ("cadence.idle", {"cadence": {"idle": 900}}, ["no such field", "activeSeconds, idleSeconds"]),
    ("quotaShare", {"quotaShare": 0}, ["greater than or equal to 0.05"]),
    ("quotaShare", {"quotaShare": 1.5}, ["less than or equal to 1"]),
    ("quotaShare", {"quotaShare": "half"}, ['"half"', "number"]),
    ("rolePath", {"rolePath": "jobview/"}, ["begins and ends with /"]),
    ("permissionsBoundaryArn", {"permissionsBoundaryArn": "workload"}, ["the ARN of a managed IAM policy"]),
    ("kmsKeyArn", {"kmsKeyArn": "alias/ours"}, ["not of an alias"]),
    ("kmsKeyArn", {"kmsKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/abc"}, ["home region, which is us-east-1"]),
    ("targets.0.rolePath", {"targets": [{"rolePath": "/a/", "regions": ["us-east-1"]}]}, ["other accounts only"]),
    ("refreshConcurrency", {"refreshConcurrency": 1}, ["greater than or equal to 2"]),
    ("ingestConcurrency", {"ingestConcurrency": 1}, ["greater than or equal to 2"]),
    ("apiReservedConcurrency", {"apiReservedConcurrency": 0}, ["greater than or equal to 1"]),
    ("staleAfterSeconds", {"staleAfterSeconds": 0}, ["greater than or equal to 60"]),
    ("staleAfterSeconds", {"staleAfterSeconds": 60}, ["interval, which is 60"]),
    ("staleAfterSeconds", {"staleAfterSeconds": "soon"}, ['"soon"', "integer"]),
    ("retention.jobsDays", {"retention": {"jobsDays": 0}}, ["greater than or equal to 1"]),
    ("retention.transitionsDays", {"retention": {"transitionsDays": -1}}, ["greater than or equal to 1"]),
    ("retention.logsDays", {"retention": {"logsDays": 31}}, ["14, 30, 60"]),
    ("retention", {"retention": 30}, ["an object with jobsDays, transitionsDays, logsDays"]),
    ("deletionProtection", {"deletionProtection": "perhaps"}, ["boolean"]),
    ("importBuckets.0", {"importBuckets": ["imports/out"]}, ["s3://bucket/prefix"]),
    ("importBuckets.0", {"importBuckets": ["s3://imports/*"]}, ["without *"]),
    ("importKeyArns.0", {"importKeyArns": ["arn:aws:kms:us-east-1:111122223333:alias/a"]}, ["not of an alias"]),
    ("throttling.rate", {"throttling": {"rate": 0}}, ["greater than or equal to 1"]),
    ("throttling.burst", {"throttling": {"burst": 10**6}}, ["less than or equal to 5000"]),
    ("logLevel", {"logLevel": "CHATTY"}, ["'DEBUG', 'INFO'"]),
    ("tracing", {"tracing": 2}, ["boolean"]),
    ("alarms", {"alarms": "maybe"}, ["boolean"]),
    ("alarmEmail", {"alarmEmail": "ops"}, ["e-mail address"]),
    ("alarmEmail", {"alarmEmail": "ops@example.org", "alarms": False}, ["only with alarms true"]),
    ("serviceEvents", {"serviceEvents": "perhaps"}, ["valid boolean"]),
    ("startCalls", {"startCalls": "perhaps"}, ["valid boolean"]),
    ("notifyEmail", {"notifyEmail": "team"}, ["e-mail address"]),
    ("notifyChat", {"notifyChat": "maybe"}, ["boolean"]),
    ("dashboard", {"dashboard": []}, ["boolean"]),
    ("endpointUrl", {"endpointUrl": "localhost:4566"}, ["http(s)://host[:port]"]),
    ("bundle.python", {"bundle": {"python": "2.7"}}, ["'3.13'"]),
    ("bundle.architecture", {"bundle": {"architecture": "mips"}}, ["'arm64' or 'x86_64'"]),
    ("bundle.platform", {"bundle": {"platform": "--help me"}}, ["host"]),
    ("familes", {"familes": {}}, ["no such field", "families", "schedule"]),
    ("bundle.pyton", {"bundle": {"pyton": "3.13"}}, ["no such field", "python, architecture, platform"]),
    (
        "targets.0.role",
        {"targets": [{"regions": ["us-east-1"], "role": "x"}]},
        ["no such field", "account, roleName, rolePath, externalId, regions"],
    ),
]


@pytest.mark.parametrize(("field", "document", "words"), BAD, ids=[f"{field}-{n}" for n, (field, *_) in enumerate(BAD)])
def test_an_error_names_the_field_and_what_is_allowed(field: str, document: dict[str, Any], words: list[str]) -> None:
    [head, line] = refusal({"jobview": document}).splitlines()
    assert head == "Jobview's configuration (context key jobview) is not valid:"
    assert line.startswith(f"  {field}: ")
    for word in words:
        assert word in line


def test_every_field_has_a_bad_value_above() -> None:
    fields = {field.alias for field in Configuration.model_fields.values()}
    assert fields <= {field.split(".")[0] for field, *_ in BAD}


def test_every_mistake_is_reported_at_once() -> None:
    assert refusal({"jobview": {"schedule": "often", "logLevel": "x"}}).count("\n") == 2


def test_a_file_is_named_in_its_errors(tmp_path: Path) -> None:
    file = tmp_path / "jobview.json"
    assert "jobview.json" in refusal({"config": str(file)})
    file.write_text("{")
    assert f"({file}) is not JSON" in refusal({"config": str(file)})
    file.write_text("[]")
    assert f"({file}) is not a JSON object" in refusal({"config": str(file)})
    file.write_text('{"schedule": 5}')
    assert f"({file}) is not valid" in refusal({"config": str(file)})
    file.write_bytes(b"\xff")
    assert "cannot be read" in refusal({"config": str(file)})


def test_an_override_of_something_that_is_no_section_is_reported() -> None:
    assert "retention: is 3; allowed" in refusal({"jobview": {"retention": 3}, "jobview.retention.logsDays": "7"})


def test_the_log_periods_are_those_of_the_cdk() -> None:
    from infra.log_group import _RETENTION

    assert len(_RETENTION) == len(LOG_DAYS) == 22


def test_a_configuration_can_be_parsed_without_the_cdk() -> None:
    assert parse({}, catalogue=CATALOGUE, origin="nowhere") == Configuration()
