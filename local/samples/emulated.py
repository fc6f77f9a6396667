"""Sample jobs of the families that the emulator serves: started, and stopped, as anyone would with boto3.

What the emulator plays decides what there is to see. Glue runs the Python scripts of shell jobs, so they
take their time, fail and can be stopped. Step Functions waits, fails and can be stopped. Transcribe takes
two seconds and fails where the media file is missing. Athena ends at once, well or badly. Batch ends at
once and always well.
"""

import json
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boto3 import Session
    from types_boto3_s3 import S3Client

BUCKET = "jobview-samples"
ROLE = "arn:aws:iam::111122223333:role/jobview-samples"
CANCEL_AFTER_SECONDS = 12.0


def ensure_bucket(s3: "S3Client") -> None:
    """Make the bucket that all samples share, unless it is there."""
    if BUCKET not in {bucket.get("Name") for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=BUCKET)


class _Due:
    """Things to do later, in the order in which they were put off."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[float, str]] = deque()

    def put_off(self, what: str) -> None:
        self._waiting.append((time.monotonic() + CANCEL_AFTER_SECONDS, what))

    def take(self) -> list[str]:
        taken: list[str] = []
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            taken.append(self._waiting.popleft()[1])
        return taken


_GLUE_SCRIPTS = {
    "load-claims": "import time\ntime.sleep(25)\n",
    "load-studies": "import sys, time\ntime.sleep(15)\nsys.exit('Column study_date: 3 rows are no dates')\n",
    # The emulator stops a run by its word alone: the script goes on to its end, and then the run looks as
    # if it had not been stopped. So it is a long one.
    "export-archive": "import time\ntime.sleep(570)\n",
}


class GlueRuns:
    """Runs that succeed, fail and are stopped."""

    name = "glue/job-run"

    def __init__(self, session: "Session") -> None:
        self._glue = session.client("glue")
        self._s3 = session.client("s3")
        self._stops = _Due()

    def prepare(self) -> None:
        """Make the jobs and put their scripts into the bucket."""
        ensure_bucket(self._s3)
        there = {job["Name"] for job in self._glue.get_jobs()["Jobs"]}
        for job, script in _GLUE_SCRIPTS.items():
            self._s3.put_object(Bucket=BUCKET, Key=f"scripts/{job}.py", Body=script.encode())
            if job not in there:
                self._glue.create_job(
                    Name=job,
                    Role=ROLE,
                    Command={"Name": "pythonshell", "ScriptLocation": f"s3://{BUCKET}/scripts/{job}.py"},
                )

    def start(self, number: int) -> None:
        """Start a run of one job after the other."""
        job = list(_GLUE_SCRIPTS)[number % len(_GLUE_SCRIPTS)]
        run = self._glue.start_job_run(JobName=job, Arguments={"--batch": str(number)})["JobRunId"]
        if job == "export-archive":
            self._stops.put_off(run)

    def tend(self) -> None:
        """Stop the runs that are due to be stopped."""
        if due := self._stops.take():
            self._glue.batch_stop_job_run(JobName="export-archive", JobRunIds=due)


class BatchJobs:
    """Jobs in two queues."""

    name = "batch/job"

    def __init__(self, session: "Session") -> None:
        self._batch = session.client("batch")

    def prepare(self) -> None:
        """Make the compute environment, the queues and the job definition."""
        if self._batch.describe_job_queues()["jobQueues"]:
            return
        environment = self._batch.create_compute_environment(
            computeEnvironmentName="samples", type="UNMANAGED", state="ENABLED", serviceRole=ROLE
        )["computeEnvironmentArn"]
        for place, queue in enumerate(("nightly", "urgent")):
            self._batch.create_job_queue(
                jobQueueName=queue,
                state="ENABLED",
                priority=place + 1,
                computeEnvironmentOrder=[{"order": 1, "computeEnvironment": environment}],
            )
        self._batch.register_job_definition(
            jobDefinitionName="align-reads",
            type="container",
            containerProperties={
                "image": "public.ecr.aws/docker/library/busybox",
                "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}],
            },
        )

    def start(self, number: int) -> None:
        """Submit a job to one queue after the other."""
        queue = ("nightly", "urgent")[number % 2]
        self._batch.submit_job(jobName=f"align-reads-{number}", jobQueue=queue, jobDefinition="align-reads")

    def tend(self) -> None:
        """Nothing: the emulator's jobs have ended when they are submitted."""


class AthenaQueries:
    """Queries that succeed, and that fail because nobody may write their results."""

    name = "athena/query-execution"

    def __init__(self, session: "Session") -> None:
        self._athena = session.client("athena")
        self._s3 = session.client("s3")

    def prepare(self) -> None:
        """Make the bucket for the results."""
        ensure_bucket(self._s3)

    def start(self, number: int) -> None:
        """Start a query; every third has a bucket that does not exist for its results."""
        bucket = "jobview-samples-gone" if number % 3 == 2 else BUCKET
        self._athena.start_query_execution(
            QueryString=f"SELECT {number} AS batch",
            ResultConfiguration={"OutputLocation": f"s3://{bucket}/athena/"},
        )

    def tend(self) -> None:
        """Nothing: the emulator's queries end at once."""


def _machine(states: dict[str, object]) -> str:
    return json.dumps({"StartAt": next(iter(states)), "States": states})


_MACHINES = {
    "import-study": _machine({"Wait": {"Type": "Wait", "Seconds": 20, "Next": "Done"}, "Done": {"Type": "Succeed"}}),
    "reconcile-accounts": _machine(
        {
            "Wait": {"Type": "Wait", "Seconds": 8, "Next": "Fail"},
            "Fail": {
                "Type": "Fail",
                "Error": "Ledger.Mismatch",
                "Cause": "2 accounts differ from the ledger",
            },
        }
    ),
    "await-approval": _machine({"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}),
}


class Executions:
    """Executions of state machines that succeed, fail and are stopped."""

    name = "stepfunctions/execution"

    def __init__(self, session: "Session") -> None:
        self._states = session.client("stepfunctions")
        self._machines: dict[str, str] = {}
        self._stops = _Due()

    def prepare(self) -> None:
        """Make the state machines."""
        there = {
            machine["name"]: machine["stateMachineArn"]
            for machine in self._states.list_state_machines()["stateMachines"]
        }
        for name, definition in _MACHINES.items():
            if name not in there:
                made = self._states.create_state_machine(name=name, definition=definition, roleArn=ROLE)
                there[name] = made["stateMachineArn"]
        self._machines = there

    def start(self, number: int) -> None:
        """Start an execution of one machine after the other."""
        machine = list(_MACHINES)[number % len(_MACHINES)]
        execution = self._states.start_execution(
            stateMachineArn=self._machines[machine],
            name=f"{machine}-{number}-{time.time_ns() // 1_000_000}",
            input=json.dumps({"batch": number}),
        )["executionArn"]
        if machine == "await-approval":
            self._stops.put_off(execution)

    def tend(self) -> None:
        """Stop the executions that are due to be stopped."""
        for execution in self._stops.take():
            self._states.stop_execution(
                executionArn=execution, error="Approval.Refused", cause="The study was withdrawn"
            )


class Transcriptions:
    """Transcription jobs that succeed, and that fail for want of their media file."""

    name = "transcribe/transcription-job"

    def __init__(self, session: "Session") -> None:
        self._transcribe = session.client("transcribe")
        self._s3 = session.client("s3")

    def prepare(self) -> None:
        """Put a media file into the bucket."""
        ensure_bucket(self._s3)
        self._s3.put_object(Bucket=BUCKET, Key="media/dictation.mp3", Body=b"ID3")

    def start(self, number: int) -> None:
        """Start a job; every fourth has a media file that is not there."""
        media = "missing" if number % 4 == 3 else "dictation"
        self._transcribe.start_transcription_job(
            TranscriptionJobName=f"{media}-{number}-{time.time_ns() // 1_000_000}",
            Media={"MediaFileUri": f"s3://{BUCKET}/media/{media}.mp3"},
            LanguageCode="en-US",
            OutputBucketName=BUCKET,
            OutputKey="transcripts/",
        )

    def tend(self) -> None:
        """Nothing: the emulator ends the jobs after two seconds."""
