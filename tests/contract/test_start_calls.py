"""The calls that start jobs: operations of the service, for families without events of their own."""

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Family
from local.catalogue import models
from tests.contract.each import each_family

WITHOUT = {name for name, family in FAMILIES.items() if family.events is None and family.starts is None}


@each_family
def test_start_calls_are_operations_of_the_service(declared: Family) -> None:
    if declared.starts is None:
        return
    assert declared.events is None
    signing = models.service_model(declared.service).signing_name
    assert declared.starts.source == f"{signing}.amazonaws.com"
    assert len(declared.starts.parents) in (0, len(declared.parents))
    for name in declared.starts.names:
        assert name in models.service_model(declared.service).operation_names
        assert name not in {call.operation for call in declared.calls}
        assert not name.startswith(("List", "Get", "Describe")), "CloudTrail's events of reads do not reach EventBridge"


def test_some_of_every_kind_are_derived_or_declared() -> None:
    found = {name: family.starts for name, family in FAMILIES.items() if family.starts is not None}
    assert found["sesv2/import"].names == ("CreateImportJob",)
    assert found["sagemaker/automl-job"].names == ("CreateAutoMLJob", "CreateAutoMLJobV2")
    assert found["textract/document-analysis"].id == "detail.responseElements.jobId"
    assert found["emr-containers/job-run"].parents == ("detail.requestParameters.virtualClusterId",)
    assert found["dynamodb/export"].names == ("ExportTableToPointInTime",)
    assert found["ec2/network-insights-analysis"].names == ("StartNetworkInsightsAnalysis",)
    without_events = sum(family.events is None for family in FAMILIES.values())
    assert len(WITHOUT) < without_events / 4
