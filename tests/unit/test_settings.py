import re
import traceback
from pathlib import Path
from typing import Any

import pytest

from jobview.model import Target
from jobview.model.role import Role
from jobview.settings import SettingsError, quota_share, read_monitored, require, whole_number
from tests.monitoring import monitoring, written

FAMILIES = ["omics/reference-import", "sesv2/import"]
GOOD = monitoring(FAMILIES, {"accounts": ["111122223333"], "regions": ["us-east-1"]})


def test_what_is_watched_comes_from_the_file() -> None:
    found = read_monitored(GOOD)
    assert found.targets == (Target(account="111122223333", region="us-east-1"),)
    assert [family.name for family in found.families] == FAMILIES


def test_a_row_without_account_or_region_is_the_functions_own() -> None:
    own = {"JOBVIEW_ACCOUNT": "999988887777", "AWS_REGION": "eu-west-1"}
    assert read_monitored({**monitoring(FAMILIES, {}), **own}).targets == (
        Target(account="999988887777", region="eu-west-1"),
    )


def test_the_file_lies_beside_the_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A path that is not absolute does not depend on the folder that the function starts in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configuration.json").write_text("{}")
    with pytest.raises(SettingsError, match=r"'configuration.json', which cannot be read: No such file"):
        read_monitored({**GOOD, "JOBVIEW_CONFIGURATION": "configuration.json"})


def test_one_row_may_stand_for_many_accounts_and_their_roles() -> None:
    role = "arn:{partition}:iam::{account}:role/"
    rows: list[dict[str, Any]] = [
        {"accounts": ["111122223333"], "regions": ["us-east-1", "eu-west-1"]},
        {
            "accounts": ["222233334444", "333344445555"],
            "regions": ["us-east-1"],
            "role": f"{role}Reader",
            "externalId": "between-us",
        },
        {"accounts": ["444455556666"], "regions": ["us-east-1"], "role": f"{role}Other"},
    ]
    found = read_monitored(monitoring(FAMILIES, *rows))
    assert [(target.account, target.region) for target in found.targets] == [
        ("111122223333", "us-east-1"),
        ("111122223333", "eu-west-1"),
        ("222233334444", "us-east-1"),
        ("333344445555", "us-east-1"),
        ("444455556666", "us-east-1"),
    ]
    assert found.roles == {
        "222233334444": Role(arn="arn:aws:iam::222233334444:role/Reader", external_id="between-us"),
        "333344445555": Role(arn="arn:aws:iam::333344445555:role/Reader", external_id="between-us"),
        "444455556666": Role(arn="arn:aws:iam::444455556666:role/Other"),
    }
    elsewhere = read_monitored({**monitoring(FAMILIES, *rows), "JOBVIEW_PARTITION": "aws-cn"})
    assert elsewhere.roles["444455556666"].arn == "arn:aws-cn:iam::444455556666:role/Other"


BAD: dict[str, object] = {
    "no JSON": '{"families": ["sesv2/import"], "targets": [{"externalId": "between-us"',
    "no object": ["between-us"],
    "no families": {"targets": [{}]},
    "none of the families": {"families": [], "targets": [{}]},
    "no list of families": {"families": "sesv2/import", "targets": [{}]},
    "an unknown family": {"families": ["omics/no-such"], "targets": [{}]},
    "no targets": {"families": FAMILIES, "externalId": "between-us"},
    "none of the targets": {"families": FAMILIES, "targets": []},
    "no row": {"families": FAMILIES, "targets": ["between-us"]},
    "no rows": {"families": FAMILIES, "targets": 7},
    "no list of accounts": {"families": FAMILIES, "targets": [{"accounts": "between-us"}]},
    "a number of a region": {"families": FAMILIES, "targets": [{"regions": [1], "externalId": "between-us"}]},
    "no text of a role": {"families": FAMILIES, "targets": [{"role": 7, "externalId": "between-us"}]},
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_file_is_reported_without_an_external_id(name: str) -> None:
    with pytest.raises(SettingsError, match=r"^JOBVIEW_CONFIGURATION (is|names) .*; allowed: ") as raised:
        read_monitored(written(BAD[name]))
    assert "between-us" not in "".join(traceback.format_exception(raised.value)), "what a log would show"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("JOBVIEW_CONFIGURATION", ""),
        ("JOBVIEW_CONFIGURATION", "/no/such/file.json"),
        ("JOBVIEW_ACCOUNT", ""),
        ("AWS_REGION", ""),
        ("JOBVIEW_SERVICE_EVENTS", "yes"),
    ],
)
def test_a_wrong_variable_is_named_with_what_is_allowed(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{variable} .*; allowed: ") as raised:
        read_monitored({**monitoring(FAMILIES, {}), variable: value})
    assert raised.value.variable == variable


def test_a_required_variable() -> None:
    assert require({"A": "b"}, "A", "anything") == "b"
    with pytest.raises(SettingsError, match=re.escape("A is not set; allowed: anything")):
        require({}, "A", "anything")


def test_whole_numbers() -> None:
    assert whole_number({}, "N", default=7, least=1) == 7
    assert whole_number({"N": "1"}, "N", default=7, least=1) == 1
    for value in ("0", "-1", "1.5", "x"):
        with pytest.raises(SettingsError, match="a whole number of at least 1"):
            whole_number({"N": value}, "N", default=7, least=1)


def test_events_are_followed_only_when_configured() -> None:
    told = {
        value: read_monitored({**GOOD, "JOBVIEW_SERVICE_EVENTS": value}).listening for value in ("true", "false", "")
    }
    assert told == {"true": True, "false": False, "": False}
    assert not read_monitored(GOOD).listening


def test_half_of_the_quotas_is_left_to_others_by_default() -> None:
    assert quota_share(GOOD) == 0.5
    assert quota_share({**GOOD, "JOBVIEW_QUOTA_SHARE": "1"}) == 1


@pytest.mark.parametrize("text", ["0", "1.1", "-1", "half", "nan", "inf"])
def test_a_share_is_more_than_nothing_and_at_most_all(text: str) -> None:
    with pytest.raises(SettingsError, match=f"JOBVIEW_QUOTA_SHARE is '{text}'; allowed: a number above 0, at most 1"):
        quota_share({"JOBVIEW_QUOTA_SHARE": text})
