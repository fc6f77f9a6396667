"""Builds the parts of a function from its environment variables. No other module knows all parts."""

from collections.abc import Mapping
from dataclasses import dataclass

import boto3
from botocore.config import Config

from jobview.aws.clients import Clients
from jobview.aws.clock import SYSTEM, Clock
from jobview.monitored import Monitored
from jobview.reader import Reader
from jobview.refresh.cadence import Cadence
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.refresher import Refresher
from jobview.settings import cadence, quota_share, read_monitored, require, whole_number
from jobview.store import Retention, Store

_STORE_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 4},
    max_pool_connections=64,
    user_agent_extra="jobview/0.1",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """The parts that read and store jobs."""

    monitored: Monitored
    store: Store
    reader: Reader
    refresher: Refresher
    cadence: Cadence


def build_application(environment: Mapping[str, str], *, clock: Clock = SYSTEM) -> Application:
    """Build the parts from environment variables.

    Raises
    ------
    SettingsError
        A variable is missing or wrong.
    """
    monitored = read_monitored(environment)
    store = open_store(environment, clock=clock)
    often = cadence(environment)
    clients = Clients(roles=monitored.roles, clock=clock)
    reader = Reader(clients, clock=clock, reservations=store.reservations, share=quota_share(environment))
    refresher = Refresher(Dependencies(reader=reader, store=store, now=clock.now, cadence=often))
    return Application(monitored=monitored, store=store, reader=reader, refresher=refresher, cadence=often)


def open_store(environment: Mapping[str, str], *, clock: Clock = SYSTEM) -> Store:
    """Build the store alone, for a function that does not read AWS's services.

    Raises
    ------
    SettingsError
        A variable is missing or wrong.
    """
    return Store(
        boto3.client("dynamodb", config=_STORE_CONFIG),
        require(environment, "JOBVIEW_TABLE", "the name of the table"),
        retention(environment),
        clock=clock.now,
        sleep=clock.sleep,
    )


def retention(environment: Mapping[str, str]) -> Retention:
    """The retention of jobs and transitions, from ``JOBVIEW_RETENTION_DAYS`` and ``…_TRANSITION_…``.

    Raises
    ------
    SettingsError
        A value is not a whole number of days.
    """
    for_ever = not environment.get("JOBVIEW_TRANSITION_RETENTION_DAYS")
    return Retention(
        days=whole_number(environment, "JOBVIEW_RETENTION_DAYS", default=400, least=1),
        transition_days=None
        if for_ever
        else whole_number(environment, "JOBVIEW_TRANSITION_RETENTION_DAYS", default=400, least=1),
    )
