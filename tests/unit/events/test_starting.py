"""Which source, or which job, the event of a start call is about."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import FORWARDED, START_CALL
from jobview.events.incoming import Hint, RefusedHintError
from jobview.events.starting import Start, is_start, starts
from jobview.model import Target
from jobview.monitored import Monitored

ACCOUNT, REGION = "111122223333", "us-east-1"
WATCH = Monitored(targets=(Target(account=ACCOUNT, region=REGION),), families=tuple(FAMILIES.values()))


def call(source: str, name: str, **changes: Any) -> dict[str, Any]:
    detail = {
        "eventVersion": "1.11",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "requestParameters": changes.pop("requestParameters", None),
        "responseElements": changes.pop("responseElements", None),
        **changes.pop("detail", {}),
    }
    return {
        "version": "0",
        "detail-type": START_CALL,
        "source": f"aws.{source}",
        "account": ACCOUNT,
        "region": REGION,
        "time": "2026-11-20T12:00:00Z",
        "detail": detail,
        **changes,
    }


def started(event: dict[str, Any]) -> Hint | Start:
    body = json.dumps(event)
    assert is_start(body)
    [found] = starts(body, WATCH)
    return found


def test_a_start_call_wakes_the_families_source() -> None:
    found = started(call("ses", "CreateImportJob"))
    assert isinstance(found, Start)
    assert (found.family.name, found.parents) == ("sesv2/import", ())
    assert found.target == WATCH.targets[0]
    wrapped = started({FORWARDED: call("ses", "CreateImportJob")})
    assert wrapped == found


def test_a_start_call_names_the_parents_where_its_inputs_do() -> None:
    request = {"virtualClusterId": "abc"}
    found = started(call("emr-containers", "StartJobRun", requestParameters=request))
    assert isinstance(found, Start)
    assert (found.family.name, found.parents) == ("emr-containers/job-run", ("abc",))
    for given_ in (None, {}, {"virtualClusterId": 7}, {"virtualClusterId": ""}, "text"):
        without = started(call("emr-containers", "StartJobRun", requestParameters=given_))
        assert isinstance(without, Start)
        assert without.parents == ()


def test_a_start_call_names_the_job_of_a_family_without_a_list() -> None:
    found = started(call("textract", "StartDocumentAnalysis", responseElements={"jobId": "j-1"}))
    assert isinstance(found, Hint)
    assert str(found.key) == f"textract:{REGION}:{ACCOUNT}:document-analysis:j-1"
    assert found.evidence is None


def test_a_parents_arn_stays_whole_where_the_parent_is_asked_for_by_it() -> None:
    authority = f"arn:aws:acm-pca:{REGION}:{ACCOUNT}:certificate-authority/12345678-1234-1234-1234-123456789012"
    request, answer = {"certificateAuthorityArn": authority}, {"auditReportId": "report-1"}
    event = call("acm-pca", "CreateCertificateAuthorityAuditReport", requestParameters=request, responseElements=answer)
    found = started(event)
    assert isinstance(found, Hint)
    assert (found.key.parents, found.key.native_id) == ((authority,), "report-1")


def test_families_that_share_a_call_are_all_woken() -> None:
    found = starts(json.dumps(call("cloudfront", "CreateInvalidation")), WATCH)
    assert [each.family.name for each in found] == ["cloudfront/invalidation", "cloudfront/tenant-invalidation"]


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (call("textract", "StartDocumentAnalysis"), "without the job's id"),
        (call("textract", "StartDocumentAnalysis", responseElements={"jobId": {}}), "without the job's id"),
        (call("ses", "CreateImportJob", detail={"errorCode": "AccessDenied"}), "of a call that failed"),
        (call("ses", "DeleteContact"), "of no family"),
        (call("glue", "CreateImportJob"), "of no family"),
        (call("ses", "CreateImportJob", account="999999999999"), "not monitored"),
        (call("ses", "CreateImportJob", region="eu-west-1"), "not monitored"),
        ({"detail-type": START_CALL}, "without a call"),
        ({"detail-type": START_CALL, "detail": 7}, "without a call"),
    ],
)
def test_what_is_refused(event: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedHintError, match=why):
        started(event)


def test_only_the_detail_type_makes_a_start_call() -> None:
    assert not is_start(json.dumps({"detail-type": "x", "detail": {"note": START_CALL}}))
    with pytest.raises(RefusedHintError, match="no JSON"):
        is_start(f"{START_CALL} and no JSON")


@given(detail=st.recursive(st.none() | st.booleans() | st.text() | st.integers(), st.lists))
def test_odd_values_are_refused_or_ignored(detail: Any) -> None:
    woken = started(call("ses", "CreateImportJob", requestParameters=detail, responseElements=detail))
    assert isinstance(woken, Start)
    with pytest.raises(RefusedHintError, match="without the job's id"):
        started(call("textract", "StartDocumentAnalysis", requestParameters=detail, responseElements=detail))
