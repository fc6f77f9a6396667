"""Families that moto plays: Glue, Batch, Athena, Step Functions, Transcribe."""

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from jobview.catalogue import family
from jobview.catalogue.family import Family
from jobview.model import ErrorKind, Observation, Parent, Source, State, Target
from jobview.model.jobid import JobKey
from jobview.reader import Got, Reader

ACCOUNT = "123456789012"
TARGET = Target(account=ACCOUNT, region="us-east-1")
FOREVER = 1e9
STRANGE = "nightly: a/b 50% ü€?#&x"
ClientOf = Callable[[str], Any]


@pytest.fixture
def reader(moto: str, reader_of: Callable[..., Reader]) -> Reader:
    return reader_of(moto, attempts=1)


@pytest.fixture
def client(moto: str) -> ClientOf:
    def make(service: str) -> Any:
        name: Any = service
        return boto3.client(name, endpoint_url=moto, region_name="us-east-1")

    return make


def post(url: str, document: object) -> None:
    request = urllib.request.Request(url, data=json.dumps(document).encode(), method="POST")  # noqa: S310
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - a server of this test
        assert answer.status in {200, 201}


def parent_called(reader: Reader, of: Family, name: str) -> Parent:
    return next(
        parent for page in reader.parents(of, of.whole(TARGET), FOREVER) for parent in page if parent.id == name
    )


def listed(reader: Reader, of: Family, parent: Parent | None = None) -> list[Observation]:
    source = Source(service=of.service, type=of.type, target=TARGET, parents=() if parent is None else (parent,))
    return [job for page in reader.list_jobs(of, source, FOREVER) for job in page.records]


def got(reader: Reader, of: Family, key: JobKey) -> Got:
    [answer] = reader.get_jobs(of, TARGET, [JobKey.parse(str(key))], FOREVER)
    return answer


def absent(key: JobKey, native_id: str) -> JobKey:
    return JobKey(
        service=key.service,
        region=key.region,
        account=key.account,
        type=key.type,
        parents=key.parents,
        native_id=native_id,
    )


def test_glue_runs_of_a_job_with_a_strange_name(reader: Reader, client: ClientOf) -> None:
    of, glue = family("glue/job-run"), client("glue")
    command = {"Name": "glueetl", "ScriptLocation": "s3://b/x.py"}
    glue.create_job(Name=STRANGE, Role="r", Command=command)
    run = glue.start_job_run(JobName=STRANGE, Arguments={"--password": "secret"})["JobRunId"]
    parent = parent_called(reader, of, STRANGE)
    [observation] = listed(reader, of, parent)
    assert (observation.view.key.native_id, observation.view.parent) == (run, parent)
    answer = got(reader, of, observation.view.key)
    assert answer.observation is not None
    assert answer.observation.view.state in {State.PENDING, State.RUNNING, State.SUCCEEDED}
    assert answer.observation.view.parent == parent
    assert answer.native is not None
    assert "secret" not in str(answer.native)
    missing = got(reader, of, absent(observation.view.key, "jr_0"))
    assert missing.error is not None
    assert missing.error.kind == ErrorKind.NOT_FOUND


def test_step_functions_executions(reader: Reader, client: ClientOf) -> None:
    of, states = family("stepfunctions/execution"), client("stepfunctions")
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    role = f"arn:aws:iam::{ACCOUNT}:role/x"
    machine = states.create_state_machine(name="nightly", definition=json.dumps(definition), roleArn=role)
    arn = machine["stateMachineArn"]
    for name in ("first", "second"):
        states.start_execution(stateMachineArn=arn, name=name, input='{"password": "secret"}')
    states.stop_execution(executionArn=arn.replace("stateMachine", "execution") + ":second", error="No")
    parent = parent_called(reader, of, "nightly")
    observations = {job.view.key.native_id: job.view for job in listed(reader, of, parent)}
    assert {name: view.state for name, view in observations.items()} == {
        "first": State.RUNNING,
        "second": State.CANCELLED,
    }
    answer = got(reader, of, observations["second"].key)
    assert answer.observation is not None
    assert answer.observation.view.verified
    assert "secret" not in str(answer.native)
    missing = got(reader, of, absent(observations["first"].key, "third"))
    assert missing.error is not None
    assert (missing.error.kind, missing.error.code) == ("not_found", "ExecutionDoesNotExist")


def test_transcription_jobs(reader: Reader, client: ClientOf) -> None:
    of, transcribe = family("transcribe/transcription-job"), client("transcribe")
    media = {"MediaFileUri": "s3://b/a.mp3"}
    transcribe.start_transcription_job(TranscriptionJobName="talk.1", LanguageCode="en-US", Media=media)
    # moto keeps what other tests of this process have started.
    [observation] = [each for each in listed(reader, of) if each.view.name == "talk.1"]
    answer = got(reader, of, observation.view.key)
    assert answer.observation is not None
    view = answer.observation.view
    assert view.state in {State.PENDING, State.RUNNING}
    assert (view.name, view.inputs) == ("talk.1", ("s3://b/a.mp3",))
    missing = got(reader, of, absent(view.key, "nothing"))
    assert missing.error is not None
    assert (missing.error.kind, missing.error.code) == ("not_found", "BadRequestException")


def test_athena_lists_ids_alone(reader: Reader, client: ClientOf) -> None:
    of, athena = family("athena/query-execution"), client("athena")
    athena.create_work_group(Name="reports")
    query = athena.start_query_execution(QueryString="select 1", WorkGroup="reports")["QueryExecutionId"]
    parent = parent_called(reader, of, "reports")
    source = Source(service=of.service, type=of.type, target=TARGET, parents=() if parent is None else (parent,))
    [[key]] = [page.records for page in reader.list_ids(of, source, FOREVER)]
    assert str(key) == f"athena:us-east-1:{ACCOUNT}:query-execution:reports:{query}"
    # moto does not know the batch get and answers with a bare 500: an error without a code.
    error = got(reader, of, key).error
    assert error is not None
    assert (error.kind, error.code, error.retryable) == ("service", "500", True)


def test_batch_jobs_of_every_status(moto: str, reader: Reader, client: ClientOf) -> None:
    post(f"{moto}/moto-api/config", {"batch": {"use_docker": False}})
    of, batch, ec2 = family("batch/job"), client("batch"), client("ec2")
    role = client("iam").create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    ec2.create_vpc(CidrBlock="10.0.0.0/24")
    environment = batch.create_compute_environment(
        computeEnvironmentName="environment", type="UNMANAGED", state="ENABLED", serviceRole=role
    )["computeEnvironmentArn"]
    batch.create_job_queue(
        jobQueueName="queue-1",
        state="ENABLED",
        priority=1,
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": environment}],
    )
    container = {"image": "busybox", "vcpus": 1, "memory": 128, "command": ["--password=secret"]}
    batch.register_job_definition(jobDefinitionName="work", type="container", containerProperties=container)
    jobs = [
        batch.submit_job(jobName=f"job-{number}", jobQueue="queue-1", jobDefinition="work")["jobId"]
        for number in range(3)
    ]
    parent = parent_called(reader, of, "queue-1")
    observations = listed(reader, of, parent)
    assert {job.view.key.native_id for job in observations} == set(jobs)
    keys = [job.view.key for job in observations]
    unknown = absent(keys[0], "00000000-0000-0000-0000-000000000000")
    answers = list(reader.get_jobs(of, TARGET, [*keys, unknown], FOREVER))
    assert [answer.error and answer.error.code for answer in answers] == [None, None, None, "NotInAnswer"]
    for answer in answers[:3]:
        assert answer.observation is not None
        assert answer.observation.view.parent == parent
        assert answer.observation.view.created_at is not None
        assert "secret" not in str(answer.native)
