"""The answers that the documents show, against those that the product gives.

One morning of an account is played: jobs run and end, sources are read as the schedule wants it, one is throttled. The
clock and the ids are the same every time, and so are the answers that are taken at its moments.
"""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from jobview.refresh.dependencies import Dependencies
from jobview.refresh.refresher import Refresher
from local.samples.played import DicomImports
from local.standin import Fault, Phase, Plan
from tests.api_gateway import event
from tests.integration.collect.canned import Canned, Operations
from tests.integration.conftest import Deployed, without_settings_of_aws
from tests.local_jobview import Local, local_jobview
from tests.unit.api.test_contract import MODELS, members
from tests.unit.docs.blocks import DOCUMENTS, blocks
from tests.unit.docs.shown import parsed, unlike

ACCOUNT = "111122223333"
FAMILIES = ("medical-imaging/dicom-import", "omics/reference-import", "sesv2/import", "sesv2/export", "glue/job-run")
START = datetime(2026, 11, 22, 9, 53, tzinfo=UTC)
STARTED, IN_MILLISECONDS = 1795330800, 1795330800000

Answers = Mapping[str, Any]

SHOWN = {
    block.attributes["answer"]: block for path in DOCUMENTS for block in blocks(path) if "answer" in block.attributes
}

OPERATIONS = {
    "listJobs": "jobs",
    "listServiceJobs": "service-jobs",
    "getJob": "job",
    "listTransitions": "transitions",
    "listItems": "items",
    "listLinks": "links",
    "getSummary": "summary",
    "listSources": "sources",
    "listFamilies": "families",
}
"""Operation of the OpenAPI document → the answer to a request of it."""


class Morning:
    """The account, and what is asked of Jobview about it."""

    def __init__(self, local: Local, canned: Canned, patch: pytest.MonkeyPatch) -> None:
        parts = local.parts
        dependencies = Dependencies(
            reader=parts.reader, store=parts.store, now=local.clock.now, cadence=parts.cadence, jitter=lambda: 0.0
        )
        self._local = replace(local, parts=replace(parts, refresher=Refresher(dependencies)))
        self._api = Deployed(local)
        glue = Operations("glue", canned)
        patch.setenv(glue.variable, canned.url)
        run = {"JobName": "nightly-load", "JobRunState": "SUCCEEDED", "CompletedOn": STARTED + 60}
        glue.answers = {
            "GetJobs": {"Jobs": [{"Name": "nightly-load"}]},
            "GetJobRuns": {
                "JobRuns": [
                    run | {"Id": "jr_2", "StartedOn": STARTED},
                    run | {"Id": "jr_1", "StartedOn": IN_MILLISECONDS},
                ]
            },
        }

    def get(self, target: str) -> Any:
        return self._api.get(target).json

    def _administer(self, method: str, path: str, document: Mapping[str, Any]) -> Any:
        body = json.dumps(document).encode()
        request = urllib.request.Request(f"{self._local.aws.url}/_standin/{path}", body, method=method)  # noqa: S310
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return json.load(answer)

    def _minutes(self, count: int) -> None:
        for _ in range(count):
            self._local.tick(seconds=60)

    def _begin(self) -> None:
        """Jobs of the hours before, and some that have just begun."""
        imports = DicomImports(self._administer, boto3.client("s3"))
        imports.prepare()
        for number in (0, 1):
            imports.start(number)
        aws = self._local.aws
        aws.seed("sesv2", "import", name="newsletter-{n}", count=12, age=7200, spacing=60)
        partial = Plan(submitted=0, running=120, outcome=Phase.PARTIAL, items=4, failed_items=2)
        aws.seed("omics", "reference-import", parent="genomes", name="t2t-chm13", age=3600)
        aws.seed("omics", "reference-import", parent="genomes", name="grch38", plan=partial)
        aws.seed("omics", "reference-import", parent="genomes", name="ecoli", plan=Plan(submitted=0, running=9000))
        [self._export] = [job.id for job in aws.seed("sesv2", "export", age=600)]

    def answers(self) -> Answers:
        """Play it; name of an answer in the documents → what the product answered."""
        self._begin()
        self._minutes(4)
        sources = self.get("/v1/sources?service=sesv2&type=import")
        query = "service=medical-imaging&state=PARTIALLY_SUCCEEDED&limit=1"
        lost = self.get(f"/v1/jobs?{query}")
        items = self.get(f"/v1/jobs/{lost['jobs'][0]['id']}/items")
        [partial] = self.get("/v1/jobs?service=omics&state=PARTIALLY_SUCCEEDED")["jobs"]
        [export] = self.get("/v1/jobs?service=sesv2&type=export")["jobs"]
        limit = event("/v1/jobs?limit=0")
        limit["requestContext"]["requestId"] = "Zx1fgh0oIAMEV5A="
        [runs] = self.get("/v1/sources?service=glue&status=complete")["sources"][1:]
        answers = {
            "partial": lost,
            "lost": items,
            "jobs": self.get("/v1/jobs?service=omics&type=reference-import&limit=2"),
            "service-jobs": self.get("/v1/services/omics/jobs?type=reference-import&limit=2"),
            "job": self.get(f"/v1/jobs/{partial['id']}"),
            "transitions": self.get(f"/v1/jobs/{partial['id']}/transitions"),
            "items": items,
            "links": self.get(f"/v1/links/{export['id']}"),
            "summary": self.get("/v1/summary"),
            "sources": sources,
            "families": self.get("/v1/families"),
            "warnings": runs,
            "problem": self._api.send(limit).json,
        }
        throttled = Fault(kind="error", code="throttled", message="Too Many Requests")
        self._local.aws.faults.add(throttled, service="sesv2", operation="ListImportJobs")
        self._minutes(4)
        return answers | {"coverage": self.get("/v1/jobs?service=sesv2&type=import,export")["coverage"]}


@pytest.fixture(scope="module")
def answers(moto: str, canned_server: Canned) -> Iterator[Answers]:
    with pytest.MonkeyPatch.context() as patch:
        without_settings_of_aws(patch)
        with local_jobview(moto, patch.setenv, start=START, account=ACCOUNT, families=FAMILIES, ids_seed=7) as local:
            canned_server.forget()
            yield Morning(local, canned_server, patch).answers()
            canned_server.forget()


@pytest.mark.parametrize("name", [name for name in SHOWN if name != "lost"])
def test_an_answer_in_the_documents_is_what_the_product_answers(name: str, answers: Answers) -> None:
    block = SHOWN[name]
    partly = block.attributes.get("shown") == "partly"
    assert unlike(parsed(block.text), answers[name], partly=partly) == [], str(block)


def test_the_lost_files_in_the_documents_are_those_of_the_answer(answers: Answers) -> None:
    lines = [f"{item['state']}  {item['uri']}  {item['reason']}" for item in answers["items"]["items"]]
    shown = SHOWN["lost"].text.splitlines()
    assert shown == lines[: len(shown)]
    assert len(shown) == 2


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_an_answer_has_exactly_the_members_of_the_example_in_the_contract(operation: str, answers: Answers) -> None:
    """The examples have exactly the members of the models, which another test holds; so have the answers."""
    schema = MODELS[operation].model_json_schema()
    members(schema, answers[OPERATIONS[operation]], schema["$defs"])


def test_every_operation_of_the_contract_is_asked() -> None:
    assert OPERATIONS.keys() == MODELS.keys()
