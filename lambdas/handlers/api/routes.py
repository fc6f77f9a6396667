"""The routes of the API function. Each passes its parameters to ``jobview.query`` and sends the answer."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import Response

from handlers.api import parameters as p
from handlers.api.edge import Edge
from handlers.api.filtering import filtered
from jobview.http import gateway
from jobview.model import JobFilter
from jobview.monitored import Monitored
from jobview.query.families import families
from jobview.query.lists import Lists
from jobview.query.single import Single

CONTRACT = Path(__file__).parent / "openapi.json"
"""The OpenAPI document that ``make openapi`` writes. It is served unchanged."""


@cache
def contract() -> str:
    """The text of the OpenAPI document."""
    return CONTRACT.read_text(encoding="utf-8")


def add_lists(edge: Edge, lists: Lists) -> None:
    """Add the routes that answer with many jobs, counts or sources."""

    @edge.get(
        "/v1/jobs",
        operation="listJobs",
        summary="Jobs, newest first",
        tag="jobs",
        description="A job must match every filter. The coverage lists the sources of the answer, when each was read,"
        " and which could not be read.",
    )
    @filtered()
    def list_jobs(
        wanted: JobFilter,
        limit: p.Limit = 100,
        next_token: p.Token = None,
        max_age: p.MaxAge = None,
        if_none_match: p.IfNoneMatch = None,  # noqa: ARG001 - read by ``gateway.reply``
    ) -> Response[Any]:
        return edge.send(lists.jobs(wanted, limit=limit, token=next_token, freshness=edge.freshness(max_age)))

    @edge.get(
        "/v1/services/<service>/jobs",
        operation="listServiceJobs",
        summary="Jobs of one service, newest first",
        tag="jobs",
        description="Like /v1/jobs with the filter service, but with its own path, so that an IAM policy can grant it.",
    )
    @filtered(without=("services",))
    def list_service_jobs(
        service: p.ServicePath,
        wanted: JobFilter,
        limit: p.Limit = 100,
        next_token: p.Token = None,
        max_age: p.MaxAge = None,
        if_none_match: p.IfNoneMatch = None,  # noqa: ARG001
    ) -> Response[Any]:
        wanted = replace(wanted, services=frozenset({service}))
        return edge.send(lists.jobs(wanted, limit=limit, token=next_token, freshness=edge.freshness(max_age)))

    @edge.get(
        "/v1/summary",
        operation="getSummary",
        summary="Counts, the oldest running job, the failures of the last 24 hours",
        tag="jobs",
    )
    def get_summary(if_none_match: p.IfNoneMatch = None) -> Response[Any]:  # noqa: ARG001
        return edge.send(lists.summary())

    @edge.get(
        "/v1/sources",
        operation="listSources",
        summary="Coverage of every source",
        tag="sources",
        description="A source is a family in an account and region, under one parent where the family has parents;"
        " with parent null it is the discovery of those parents.",
    )
    @filtered(only=("services", "types", "accounts", "regions"))
    def list_sources(
        wanted: JobFilter, status: p.Status = None, limit: p.Limit = 100, next_token: p.Token = None
    ) -> Response[Any]:
        return edge.send(lists.sources(wanted, status or (), limit=limit, token=next_token))


def add_single(edge: Edge, single: Single) -> None:
    """Add the routes about one job."""

    @edge.get(
        "/v1/jobs/<id>",
        operation="getJob",
        summary="One job",
        tag="jobs",
        description="From the cache. With maxAge or include=native from AWS if needed; the answer is then stored too.",
    )
    def get_job(
        id: p.JobId,  # noqa: A002 - as in the path
        max_age: p.MaxAge = None,
        include: p.Include = None,
        if_none_match: p.IfNoneMatch = None,  # noqa: ARG001
    ) -> Response[Any]:
        return edge.send(single.job(id, freshness=edge.freshness(max_age), native=include is not None))

    @edge.get(
        "/v1/jobs/<id>/transitions",
        operation="listTransitions",
        summary="The history of a job, oldest first",
        tag="jobs",
        description="Jobview keeps it longer than AWS keeps the job.",
    )
    def list_transitions(
        id: p.JobId,  # noqa: A002
        limit: p.Limit = 100,
        next_token: p.Token = None,
        if_none_match: p.IfNoneMatch = None,  # noqa: ARG001
    ) -> Response[Any]:
        return edge.send(single.transitions(id, limit=limit, token=next_token))

    @edge.get(
        "/v1/jobs/<id>/items",
        operation="listItems",
        summary="Item-level results of a job",
        tag="jobs",
        description="Read from AWS now and never stored: the children of an array job, the steps of an execution, the"
        " tables of a migration, HealthImaging's failures. Empty where the service reports no items; then how says"
        " where to look.",
    )
    def list_items(
        id: p.JobId,  # noqa: A002
        limit: p.Limit = 100,
        next_token: p.Token = None,
    ) -> Response[Any]:
        deadline = edge.freshness(None).deadline
        return edge.send(single.items(id, limit=limit, token=next_token, deadline=deadline))

    @edge.get(
        "/v1/links/<id>",
        operation="listLinks",
        summary="Links that give access to a job's data",
        tag="jobs",
        description="Signed by the job's service for this answer, valid for minutes, never stored: transcripts,"
        " exports, failed records. Anyone with such a link can read the data, so the links have their own path and"
        " their own IAM permission. Empty where the service signs none.",
    )
    def list_links(id: p.JobId) -> Response[Any]:  # noqa: A002
        return edge.send(single.links(id, deadline=edge.freshness(None).deadline))


def add_catalogue(edge: Edge, monitored: Monitored) -> None:
    """Add the routes that describe Jobview itself."""

    @edge.get(
        "/v1/families",
        operation="listFamilies",
        summary="What is supported, and how",
        tag="catalogue",
        description="Every family of jobs in the catalogue, and whether this deployment monitors it.",
    )
    def list_families(if_none_match: p.IfNoneMatch = None) -> Response[Any]:  # noqa: ARG001
        return edge.send(families(monitored))

    @edge.get("/v1/openapi.json", operation="getContract", summary="This document, in OpenAPI 3.1", tag="catalogue")
    def get_contract(if_none_match: p.IfNoneMatch = None) -> Response[Any]:  # noqa: ARG001
        return gateway.reply(edge.app, contract(), etag=gateway.weak_etag((contract(),)))
