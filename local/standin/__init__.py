"""Plays the AWS services that no emulator has, behind one endpoint with the emulator for all others.

Requests and answers follow botocore's own service models, in every protocol; jobs live by a clock and a plan. Four
services are written by hand, from AWS's documents alone: `medical-imaging` (data stores, DICOM import jobs, image
sets), `omics` (reference stores and imports), `sesv2` (import and export jobs), `panorama` (package import jobs). Every
other family of the catalogue that the emulator does not serve (`local.emulated`) is played from its declaration.

In a test::

    from local.standin import Fault, ManualClock, Phase, Plan, StandIn

    with StandIn(clock=ManualClock()) as aws:
        omics = aws.client("omics")                      # or boto3.client("omics", endpoint_url=aws.url, …)
        plan = Plan(submitted=5, running=60, outcome=Phase.PARTIAL, items=4, failed_items=1)
        [job] = aws.seed("omics", "reference-import", parent="genomes", plan=plan)
        aws.clock.advance(65)
        omics.get_reference_import_job(referenceStoreId=job.parent, id=job.id)["status"]
        # COMPLETED_WITH_FAILURES

        aws.state.plan("sesv2", "import", plan)          # what jobs do that are started through the AWS API
        aws.faults.add(Fault(kind="error", code="throttled"), service="omics", times=2)
        aws.faults.clear()
        aws.forget(job)                                  # AWS does not have it any more

        images = aws.state.medical_imaging("us-east-1")
        images.add_image_set("radiology", [{"document": {"a": 1}}, {"compressedBytes": 5_000_000}])

A client made without `aws.client` needs `Config(inject_host_prefix=False)` or
AWS_DISABLE_HOST_PREFIX_INJECTION=true.

Outcomes (`Plan.outcome`): succeeded, partial, failed, cancelled. An outcome that a service does not have is refused:
HealthImaging cannot cancel, Panorama neither cancels nor succeeds in part, a declared family has the ends that its
status words and counts can show. `partial` is COMPLETED with failed files in the manifest (HealthImaging),
COMPLETED_WITH_FAILURES (HealthOmics), COMPLETED with a FailedRecordsCount (SES).

HealthImaging's output files (manifest, SUCCESS, FAILURE) are written to S3 through `StandIn(s3=client)`, or
to the upstream, when a call to the service finds the job's end reached; a job whose bucket is missing fails.

Many jobs: `aws.seed("sesv2", "import", count=10_000, age=86_400, spacing=8)`. Of HealthImaging with
`Plan(manifest="absent")`, or the first call writes three objects to S3 for each that has ended.

Over HTTP: `PYTHONPATH=lambdas python -m
local.standin --port P [--upstream URL] [--models DIR …] [--account ID]`, and the paths under `/_standin/`
that `local.standin.admin` lists.
"""

from local.standin.clock import Clock, ManualClock, RunningClock
from local.standin.faults import Fault, Faults, Rule
from local.standin.plans import Seed, SeededJob
from local.standin.protocol import MODELS
from local.standin.server import StandIn, client_for
from local.standin.simulation import Phase, Plan

__all__ = [
    "MODELS",
    "Clock",
    "Fault",
    "Faults",
    "ManualClock",
    "Phase",
    "Plan",
    "Rule",
    "RunningClock",
    "Seed",
    "SeededJob",
    "StandIn",
    "client_for",
]
