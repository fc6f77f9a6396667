import re

import pytest

from jobview.model import Target
from jobview.roles import Role
from jobview.settings import SettingsError, quota_share, require, watch, whole_number

GOOD = {
    "JOBVIEW_FAMILIES": "omics/reference-import,sesv2/import",
    "JOBVIEW_TARGETS": '[{"account":"111122223333","region":"us-east-1"}]',
}


def test_what_is_watched_comes_from_the_environment() -> None:
    watching = watch(GOOD)
    assert watching.targets == (Target(account="111122223333", region="us-east-1"),)
    assert [family.name for family in watching.families] == ["omics/reference-import", "sesv2/import"]


def test_one_row_may_stand_for_many_accounts_and_their_roles() -> None:
    rows = (
        '[{"account":"111122223333","regions":["us-east-1","eu-west-1"]},'
        '{"accounts":["222233334444","333344445555"],"region":"us-east-1",'
        '"role":"arn:aws:iam::{account}:role/Reader","externalId":"between-us"},'
        '{"account":"444455556666","region":"us-east-1","role":"arn:aws:iam::444455556666:role/Other"}]'
    )
    watching = watch({**GOOD, "JOBVIEW_TARGETS": rows})
    assert [(target.account, target.region) for target in watching.targets] == [
        ("111122223333", "us-east-1"),
        ("111122223333", "eu-west-1"),
        ("222233334444", "us-east-1"),
        ("333344445555", "us-east-1"),
        ("444455556666", "us-east-1"),
    ]
    assert watching.roles == {
        "222233334444": Role(arn="arn:aws:iam::222233334444:role/Reader", external_id="between-us"),
        "333344445555": Role(arn="arn:aws:iam::333344445555:role/Reader", external_id="between-us"),
        "444455556666": Role(arn="arn:aws:iam::444455556666:role/Other"),
    }


def test_a_mistake_does_not_tell_an_external_id() -> None:
    with pytest.raises(SettingsError) as raised:
        watch({**GOOD, "JOBVIEW_TARGETS": '[{"externalId":"between-us"}]'})
    assert "between-us" not in str(raised.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("JOBVIEW_FAMILIES", ""),
        ("JOBVIEW_FAMILIES", "omics/no-such"),
        ("JOBVIEW_TARGETS", ""),
        ("JOBVIEW_TARGETS", "[]"),
        ("JOBVIEW_TARGETS", "no json"),
        ("JOBVIEW_TARGETS", '[{"account":"111122223333"}]'),
        ("JOBVIEW_TARGETS", "[1]"),
        ("JOBVIEW_TARGETS", "{}"),
        ("JOBVIEW_TARGETS", '[{"accounts":"111122223333","regions":["us-east-1"]}]'),
        ("JOBVIEW_TARGETS", '[{"accounts":["111122223333"],"regions":[1]}]'),
        ("JOBVIEW_TARGETS", '[{"account":"111122223333","region":"us-east-1","role":7}]'),
        ("JOBVIEW_SERVICE_EVENTS", "yes"),
    ],
)
def test_a_wrong_variable_is_named_with_what_is_allowed(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{variable} .*; allowed: ") as raised:
        watch({**GOOD, variable: value})
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


def test_events_are_followed_only_when_told() -> None:
    told = {value: watch({**GOOD, "JOBVIEW_SERVICE_EVENTS": value}).listening for value in ("true", "false", "")}
    assert told == {"true": True, "false": False, "": False}
    assert not watch(GOOD).listening


def test_all_of_the_quotas_are_used_unless_told_otherwise() -> None:
    assert quota_share(GOOD) == 1
    assert quota_share({**GOOD, "JOBVIEW_QUOTA_SHARE": "0.5"}) == 0.5


@pytest.mark.parametrize("text", ["0", "1.1", "-1", "half", "nan", "inf"])
def test_a_share_is_more_than_nothing_and_at_most_all(text: str) -> None:
    with pytest.raises(SettingsError, match=f"JOBVIEW_QUOTA_SHARE is '{text}'; allowed: a number above 0, at most 1"):
        quota_share({"JOBVIEW_QUOTA_SHARE": text})
