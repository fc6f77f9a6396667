"""The contract held against both functions: schemathesis draws requests from it, right ones and wrong ones."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from handlers.api.handler import build
from handlers.api.routes import CONTRACT
from handlers.image_sets.handler import build as build_image_sets
from jobview.aws.clock import Clock
from local.standin import Plan
from tests.api_gateway import Client
from tests.api_wsgi import application, to_what_there_is
from tests.local_aws import ACCOUNT, REGION
from tests.local_jobview import Local
from tests.monitoring import monitoring


@pytest.fixture(scope="module")
def contract(quiet: Local) -> Any:
    quiet.aws.seed("omics", "reference-import", count=3, plan=Plan(submitted=0, running=1000))
    quiet.clock.advance(10)
    quiet.refresh("omics/reference-import")
    ticks = iter(range(10**9))
    clock = Clock(monotonic=lambda: next(ticks) / 1000, sleep=lambda _: None, now=quiet.clock.now)
    app = build({**quiet.settings, **monitoring(["omics/reference-import", "panorama/package-import"])}, clock=clock)
    image_sets = build_image_sets({"JOBVIEW_DEFAULT_REGION": REGION, "JOBVIEW_METADATA_BUCKET": "dicom"})
    document = json.loads(CONTRACT.read_text())
    del document["security"]  # API Gateway's part, which is not here
    found = schemathesis.openapi.from_dict(document)
    found.app = application(Client(app.resolve), Client(image_sets))

    @found.hook
    def map_query(_: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
        return query and to_what_there_is(query, account=ACCOUNT, region=REGION)

    return found


PATHS = sorted(json.loads(CONTRACT.read_text())["paths"])


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_one_of_the_contract(contract: Any, path: str, mode: GenerationMode) -> None:
    operation = contract[path]["GET"]
    if mode.is_negative and not operation.query.items and not operation.path_parameters.items:
        return  # nothing of it can be wrong

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def holds(case: Any) -> None:
        case.call_and_validate()

    holds()
