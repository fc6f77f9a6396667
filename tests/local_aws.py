"""A local AWS for tests: an emulator to put behind the stand-in, and Jobview's table on it."""

import os
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moto.iam.policy_validation import SERVICE_TYPE_REGION_INFORMATION_ERROR_ASSOCIATIONS
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from local import endpoints
from local.aws import ROOT, clean
from local.processes import Programs, free_port

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.literals import ProjectionTypeType

ACCOUNT = "123456789012"
"""moto's account, and so the emulator's too."""
REGION = "us-east-1"

_REGIONAL = SERVICE_TYPE_REGION_INFORMATION_ERROR_ASSOCIATIONS["s3"]["valid_starting_values"]
"""How moto lets those resources of S3 begin whose ARNs name a region."""

INDEXES: tuple[tuple[str, str, str, "ProjectionTypeType"], ...] = (
    ("newest", "listShard", "listKey", "ALL"),
    ("byState", "stateShard", "listKey", "ALL"),
    ("outstanding", "outstandingOf", "outstandingKey", "KEYS_ONLY"),
)
"""Name, partition key, sort key and projection of each index of Jobview's table."""


def environment(url: str) -> Mapping[str, str]:
    """The variables with which boto3 finds the local endpoint and nothing of the person's own AWS."""
    return {
        **endpoints.variables(url),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """An emulator of its own, with its files in ``folder``; yields its URL.

    Its transactions do not copy the table as moto's do, so that thousands of jobs take seconds, and it serves Athena's
    batch get, which moto does not.
    """
    port = free_port()
    programs = Programs(record=folder / "processes.json", logs=folder)
    programs.start(
        "emulator",
        [str(ROOT / ".venv-emulator" / "bin" / "ministack")],
        environ={
            **clean(os.environ),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "TMPDIR": str(folder),
        },
        cwd=folder,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        programs.wait_for("emulator", f"{url}/_ministack/health")
        yield url
    finally:
        programs.stop()


@contextmanager
def moto_server() -> Iterator[str]:
    """A moto server of its own; yields its URL."""
    if "job/" not in _REGIONAL:  # moto knows no jobs of S3 Batch Operations, whose ARNs name their region
        _REGIONAL.append("job/")
    application = _one_at_a_time(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _one_at_a_time(application: Callable[..., Any]) -> Callable[..., Any]:
    """Serialise requests: moto takes back a cancelled transaction by putting the whole table back."""
    lock = threading.Lock()

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        with lock:
            return list(application(environ, start_response))

    return serve


def create_table(client: "DynamoDBClient") -> str:
    """Jobview's table under a new name, as ``infra/store.py`` makes it."""
    name = f"jobview-{uuid.uuid4().hex[:12]}"
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"}
            for attribute in (
                *("pk", "sk", "listShard", "stateShard", "listKey"),
                *("outstandingOf", "outstandingKey"),
            )
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": [
                    {"AttributeName": partition, "KeyType": "HASH"},
                    {"AttributeName": sort, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": projection},
            }
            for index, partition, sort, projection in INDEXES
        ],
    )
    return name
