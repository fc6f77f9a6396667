"""Deploy the CDK app onto the local AWS with the stock CDK command line, and know when there is nothing to do."""

import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.aws import ACCOUNT, REGION, ROOT, LocalAws
from local.processes import LocalError, end_group
from local.samples.chosen import RETIRED, enabled

STACK = "Jobview"
MARK = "/jobview-local/deployed"
"""A parameter in the local AWS that holds what was deployed there: it is kept and lost together with the stack."""
SOURCES = ("app.py", "cdk.json", "infra", "lambdas", "requirements", "package-lock.json")
SECONDS_BETWEEN_WORDS = 3.0

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What the stack's outputs say of a deployment."""

    outputs: Mapping[str, str]

    @property
    def url(self) -> str:
        """Where the API answers, through the local endpoint."""
        return self.outputs["ApiUrl"]

    @property
    def table(self) -> str:
        """Name of the table."""
        return self.outputs["TableName"]


def configuration(aws: LocalAws, **changes: Any) -> dict[str, Any]:
    """Return Jobview's configuration (``infra/configuration.py``) for the local AWS.

    The functions are built for this machine and this Python, which is what the emulator runs them with.
    """
    machine = {"arm64": "arm64", "aarch64": "arm64"}.get(platform.machine(), "x86_64")
    return {
        "stackName": STACK,
        "account": ACCOUNT,
        "region": REGION,
        "families": {"enabled": list(enabled()), "extra": [RETIRED]},
        "schedule": "rate(1 minute)",
        # The stand-in sends no events, and nobody who looks on waits for a quarter of an hour.
        "cadence": {"idleSeconds": 60, "dormantSeconds": 60, "discoverySeconds": 60},
        "staleAfterSeconds": 300,
        # Nobody else uses the quotas of the local AWS.
        "quotaShare": 1,
        # On a laptop two functions that are warm finish sooner than nine that start.
        "refreshConcurrency": 2,
        "deletionProtection": False,
        "endpointUrl": aws.endpoint,
        "bundle": {
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
            "architecture": machine,
            "platform": "host",
        },
        **changes,
    }


def fingerprint(settings: Mapping[str, Any]) -> str:
    """Return a hash of everything that a deployment is made of."""
    total = hashlib.sha256(json.dumps([settings, sys.version], sort_keys=True).encode())
    for path in _sources():
        total.update(f"\0{path.relative_to(ROOT)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def deployed(aws: LocalAws, settings: Mapping[str, Any]) -> Deployment | None:
    """Return what is deployed, or None where that is nothing or something else than would be deployed now."""
    try:
        parameter = aws.session().client("ssm").get_parameter(Name=MARK)["Parameter"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        return None
    return _outputs(aws) if parameter.get("Value") == fingerprint(settings) else None


def deploy(aws: LocalAws, settings: Mapping[str, Any], *, say: Say = print) -> Deployment:
    """Bootstrap the environment, synthesise the app and deploy it.

    :raises LocalError: one of these failed; its output has been shown
    """
    work = aws.state / "cdk"
    for folder in (work, work / "empty"):
        folder.mkdir(parents=True, exist_ok=True)
    file = work / "configuration.json"
    file.write_text(json.dumps(settings, indent=2))
    application = str(work / "application")
    mark = fingerprint(settings)
    cdk = _Cdk(aws, say=say)
    with ThreadPoolExecutor(max_workers=2) as both:
        try:
            # Bootstrapping from a folder without an app keeps it from synthesising one.
            steps = (
                both.submit(cdk.run, "bootstrap", f"aws://{ACCOUNT}/{REGION}", cwd=work / "empty"),
                both.submit(cdk.run, "synth", "--quiet", "--output", application, "--context", f"config={file}"),
            )
            for step in steps:
                step.result()
        except BaseException:  # Ctrl-C above all: the other step would be waited for
            cdk.stop()
            raise
    cdk.run("deploy", "--app", application, "--require-approval", "never", "--progress", "events")
    aws.session().client("ssm").put_parameter(Name=MARK, Value=mark, Type="String", Overwrite=True)
    return _outputs(aws)


def announce(aws: LocalAws) -> None:
    """Play the event with which CloudFormation tells that the stack is deployed.

    The emulator has no such event, and lets nobody send what only AWS may: so it is asked which rules the event
    matches, and their targets get it.

    :raises LocalError: no rule of the stack waits for it
    """
    session = aws.session()
    [stack] = session.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    event = json.dumps(
        {
            "version": "0",
            "id": str(uuid.uuid4()),
            "source": "aws.cloudformation",
            "detail-type": "CloudFormation Stack Status Change",
            "account": ACCOUNT,
            "region": REGION,
            "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "resources": [stack["StackId"]],
            "detail": {
                "stack-id": stack["StackId"],
                "status-details": {"status": stack["StackStatus"], "status-reason": ""},
            },
        }
    )
    events, functions = session.client("events"), session.client("lambda")
    started = 0
    for page in events.get_paginator("list_rules").paginate():
        for rule in page["Rules"]:
            if events.test_event_pattern(EventPattern=rule["EventPattern"], Event=event)["Result"]:
                for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
                    functions.invoke(FunctionName=target["Arn"], InvocationType="Event", Payload=event)
                    started += 1
    if not started:
        raise LocalError("no rule of the stack waits for the end of its deployment")


def _outputs(aws: LocalAws) -> Deployment:
    [stack] = aws.session().client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return Deployment(outputs={row["OutputKey"]: row["OutputValue"] for row in stack["Outputs"]})


def _sources() -> Iterator[Path]:
    for name in SOURCES:
        path = ROOT / name
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (file for file in found if file.is_file() and "__pycache__" not in file.parts)


class _Cdk:
    """Runs the CDK command line, keeps its output in a log and says from time to time how far it is."""

    _STEP = re.compile(r"\|\s*(\d+)/(\d+)\s*\|")

    def __init__(self, aws: LocalAws, *, say: Say) -> None:
        self._aws = aws
        self._say = say
        self._running: list[subprocess.Popen[str]] = []
        self._lock = threading.Lock()
        self._stopped = False

    def stop(self) -> None:
        """End what runs, and let nothing more start."""
        with self._lock:
            self._stopped = True
        for process in self._running:
            if process.poll() is None:
                end_group(process.pid)

    def run(self, verb: str, *arguments: str, cwd: Path = ROOT) -> None:
        """Run one command to its end.

        :raises LocalError: it failed; the end of its output has been shown
        """
        started = time.monotonic()
        log = self._aws.state / "logs" / f"cdk-{verb}.log"
        self._say(f"cdk {verb} …")
        process = self._start(verb, *arguments, cwd=cwd)
        try:
            lines = self._follow(verb, process, log)
            code = process.wait()
        finally:
            if process.poll() is None:
                end_group(process.pid)
        if code:
            sys.stderr.write("".join(lines[-40:]))
            raise LocalError(f"cdk {verb} failed (see above, or {os.path.relpath(log)})")
        self._say(f"cdk {verb}: done in {time.monotonic() - started:.0f} s")

    def _start(self, verb: str, *arguments: str, cwd: Path) -> subprocess.Popen[str]:
        with self._lock:
            if self._stopped:
                raise LocalError(f"cdk {verb} was not started any more")
            process = subprocess.Popen(
                ["cdk", verb, *arguments],
                cwd=cwd,
                env={**self._aws.environ(), "CI": "true", "CDK_HOME": str(self._aws.state / "cdk" / "home")},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            self._running.append(process)
        return process

    def _follow(self, verb: str, process: subprocess.Popen[str], log: Path) -> list[str]:
        lines: list[str] = []
        said = time.monotonic()
        with log.open("w") as file:
            for line in process.stdout or ():
                file.write(line)
                lines.append(line)
                step = self._STEP.search(line)
                if step and time.monotonic() - said > SECONDS_BETWEEN_WORDS:
                    said = time.monotonic()
                    self._say(f"cdk {verb}: {step[1]} of {step[2]} resources")
        return lines
