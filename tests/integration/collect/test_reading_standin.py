"""Whole families read from the stand-in, and what goes wrong on the way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from jobview.aws.errors import ReadFailure
from jobview.catalogue import family
from jobview.catalogue.family import Family
from jobview.model import Depth, ErrorKind, Items, JobView, Observation, Parent, ReadError, Source, State, Target, Via
from jobview.model.jobid import JobKey
from jobview.reader import Got, Reader
from local.standin import Fault, Phase, Plan, StandIn
from tests.integration.collect.canned import FrozenTime

TARGET = Target(account="111122223333", region="us-east-1")
OMICS, IMAGING = family("omics/reference-import"), family("medical-imaging/dicom-import")
SES_IMPORT, SES_EXPORT = family("sesv2/import"), family("sesv2/export")
PANORAMA = family("panorama/package-import")
FOREVER = 1e9
ReaderOf = Callable[..., Reader]


def source(of: Family, parent: Parent | None = None) -> Source:
    return Source(service=of.service, type=of.type, target=TARGET, parents=() if parent is None else (parent,))


def parents(reader: Reader, of: Family) -> list[Parent]:
    return [parent for page in reader.parents(of, of.whole(TARGET), FOREVER) for parent in page]


def listed(reader: Reader, of: Family, parent: Parent | None = None) -> list[Observation]:
    return [job for page in reader.list_jobs(of, source(of, parent), FOREVER) for job in page.records]


def got(reader: Reader, of: Family, *keys: JobKey, deadline: float = FOREVER) -> list[Got]:
    return list(reader.get_jobs(of, TARGET, keys, deadline))


def detail(reader: Reader, of: Family, key: JobKey) -> JobView:
    [answer] = got(reader, of, key)
    assert answer.observation is not None, answer.error
    assert (answer.observation.depth, answer.observation.view.via) == (Depth.DETAIL, Via.GET)
    return answer.observation.view


def stopped(reader: Reader, of: Family, parent: Parent | None = None, deadline: float = FOREVER) -> ReadError:
    with pytest.raises(ReadFailure) as raised:
        for _ in reader.list_jobs(of, source(of, parent), deadline):
            pass
    return raised.value.error


def test_omics_from_its_stores_to_a_job_s_sources(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url)
    plan = Plan(submitted=1, running=10, outcome=Phase.PARTIAL, items=4, failed_items=1)
    [seeded] = standin.seed("omics", "reference-import", parent="genomes", plan=plan, age=60)
    [parent] = parents(reader, OMICS)
    assert (parent.type, parent.id) == ("reference-store", seeded.parent)
    [observation] = listed(reader, OMICS, parent)
    assert (observation.depth, observation.view.via) == (Depth.SUMMARY, Via.LIST)
    assert observation.view.id == f"omics:us-east-1:111122223333:reference-import:{seeded.parent}:{seeded.id}"
    assert (observation.view.state, observation.view.verified) == (State.PARTIALLY_SUCCEEDED, False)
    view = detail(reader, OMICS, observation.view.key)
    assert (view.state, view.native_status, view.verified) == (
        State.PARTIALLY_SUCCEEDED,
        "COMPLETED_WITH_FAILURES",
        True,
    )
    assert view.items == Items(unit="sources", total=4, succeeded=3, failed=1, skipped=0)
    assert view.created_at == (standin.clock.now() - timedelta(seconds=60)).replace(microsecond=0)
    assert view.ended_at is not None
    assert view.parent == parent
    assert len(view.inputs) == 4
    first = reader.items(OMICS, view, FOREVER, limit=3)
    rest = reader.items(OMICS, view, FOREVER, limit=3, token=first.next)
    rows = first.items + rest.items
    assert [row["uri"] for row in rows] == list(view.inputs)
    assert sorted(row["state"] for row in rows) == ["FAILED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]
    assert all(row["reason"] for row in rows if row["state"] == "FAILED")
    assert (first.next, rest.next) == ("3", None)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("succeeded", State.SUCCEEDED),
        ("partial", State.PARTIALLY_SUCCEEDED),
        ("failed", State.FAILED),
        ("cancelled", State.CANCELLED),
    ],
)
def test_a_reference_import_from_start_to_end(
    standin: StandIn, reader_of: ReaderOf, outcome: str, state: State
) -> None:
    reader = reader_of(standin.url)
    plan = Plan(submitted=5, running=60, stopping=5, outcome=Phase(outcome))
    standin.seed("omics", "reference-import", plan=plan)
    [parent] = parents(reader, OMICS)
    seen = []
    for _ in range(16):
        [observation] = listed(reader, OMICS, parent)
        if observation.view.state not in seen:
            seen.append(observation.view.state)
        standin.clock.advance(5)
    stopping = [State.CANCELLING] if state is State.CANCELLED else []
    assert seen == [State.PENDING, State.RUNNING, *stopping, state]


def test_ses_lists_counts_and_returns_its_link_only_for_links(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url)
    standin.seed("sesv2", "import", plan=Plan(outcome=Phase.PARTIAL, items=10, failed_items=3), age=60)
    [observation] = listed(reader, SES_IMPORT)
    assert (observation.view.state, observation.view.verified) == (State.PARTIALLY_SUCCEEDED, True)
    assert observation.view.items == Items(unit="records", total=10, failed=3)
    [answer] = got(reader, SES_IMPORT, observation.view.key)
    assert answer.observation is not None
    view = answer.observation.view
    assert view.failures is not None
    assert (view.failures.count, view.failures.uri) == (3, None)
    assert "Signature" not in view.to_json()
    assert answer.native is not None
    assert "Signature" not in str(answer.native)
    assert reader.items(SES_IMPORT, view, FOREVER, limit=10).items == []
    [link] = reader.links(SES_IMPORT, view, FOREVER)
    assert "Signature=" in link["url"]


def test_an_export_hands_out_a_fresh_link_to_its_result(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url)
    standin.seed("sesv2", "export", age=60)
    [observation] = listed(reader, SES_EXPORT)
    view = detail(reader, SES_EXPORT, observation.view.key)
    assert view.state is State.SUCCEEDED
    assert view.outputs == ()
    [link] = reader.links(SES_EXPORT, view, FOREVER)
    assert "Signature=" in link["url"]


def test_panorama_answers_over_its_own_model(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url)
    standin.seed("panorama", "package-import", count=60, plan=Plan(outcome=Phase.FAILED), age=600, spacing=1)
    observations = listed(reader, PANORAMA)
    assert len({observation.view.id for observation in observations}) == 60
    view = detail(reader, PANORAMA, observations[0].view.key)
    assert (view.state, view.verified) == (State.FAILED, True)
    assert view.inputs[0].startswith("s3://") or view.inputs == ()


def test_ten_thousand_jobs_come_page_by_page(standin: StandIn, reader_of: ReaderOf) -> None:
    standin.seed("sesv2", "import", count=10_000, age=86_400, spacing=8)
    pages = list(reader_of(standin.url).list_jobs(SES_IMPORT, source(SES_IMPORT), FOREVER))
    assert len(pages) == 100
    assert len({job.view.id for page in pages for job in page.records}) == 10_000


def test_a_source_without_jobs_is_read_and_empty(standin: StandIn, reader_of: ReaderOf) -> None:
    assert listed(reader_of(standin.url), SES_IMPORT) == []
    assert parents(reader_of(standin.url), OMICS) == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("throttled", ErrorKind.THROTTLED),
        ("AccessDeniedException", ErrorKind.DENIED),
        ("ExpiredTokenException", ErrorKind.EXPIRED),
        ("SubscriptionRequiredException", ErrorKind.UNSUPPORTED),
        ("InternalServerException", ErrorKind.SERVICE),
        ("SomethingNew", ErrorKind.SERVICE),
    ],
)
@pytest.mark.parametrize("of", [OMICS, IMAGING, SES_IMPORT, PANORAMA], ids=lambda of: str(of.service))
def test_one_service_s_error_is_its_own(
    standin: StandIn, reader_of: ReaderOf, of: Family, code: str, kind: ErrorKind
) -> None:
    reader = reader_of(standin.url)
    standin.faults.add(Fault(kind="error", code=code, status=400), service=of.service)
    if of.parents:
        with pytest.raises(ReadFailure) as raised:
            parents(reader, of)
        error = raised.value.error
    else:
        error = stopped(reader, of)
    expected = ErrorKind.RETIRED if of is PANORAMA and kind is ErrorKind.UNSUPPORTED else kind
    assert error.kind == expected
    assert listed(reader, SES_EXPORT if of is PANORAMA else PANORAMA) == []


def until_it_stops(reader: Reader, deadline: float) -> tuple[ReadError, list[int]]:
    """The failure of a listing and the lengths of the pages before it."""
    pages: list[int] = []
    try:
        for page in reader.list_jobs(SES_IMPORT, source(SES_IMPORT), deadline):
            pages.append(len(page.records))  # noqa: PERF401 - what came before the failure counts
    except ReadFailure as stop:
        return stop.error, pages
    pytest.fail("the listing came to an end")


def test_pages_before_a_failure_are_kept(standin: StandIn, reader_of: ReaderOf) -> None:
    standin.seed("sesv2", "import", count=250, age=3600, spacing=1)
    denied = Fault(kind="error", code="AccessDeniedException", status=403)
    standin.faults.add(denied, operation="ListImportJobs", skip=2)
    error, pages = until_it_stops(reader_of(standin.url), FOREVER)
    assert (error.kind, pages) == ("denied", [100, 100])


def test_the_pages_before_the_deadline_are_kept(standin: StandIn, reader_of: ReaderOf, frozen_time: FrozenTime) -> None:
    standin.seed("sesv2", "import", count=1000, age=3600, spacing=1)
    error, pages = until_it_stops(reader_of(standin.url), 3.5)
    assert (error.kind, pages) == ("deadline", [100] * 4)
    assert frozen_time.slept == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("fault", ["malformed", "truncated"])
def test_a_malformed_page_is_not_an_empty_one(standin: StandIn, reader_of: ReaderOf, fault: str) -> None:
    standin.seed("sesv2", "import", count=3)
    standin.faults.add(Fault(kind=fault), service="sesv2")
    assert stopped(reader_of(standin.url), SES_IMPORT).kind == ErrorKind.MALFORMED


def test_a_page_token_that_repeats_ends_the_list(standin: StandIn, reader_of: ReaderOf) -> None:
    standin.seed("sesv2", "import", count=1000, age=3600, spacing=1)
    standin.faults.add(Fault(kind="repeat-token"), service="sesv2", skip=1)
    error = stopped(reader_of(standin.url), SES_IMPORT)
    assert (error.kind, error.code, error.retryable) == ("malformed", "RepeatedPageToken", False)


def test_an_unknown_status_word_is_no_error(standin: StandIn, reader_of: ReaderOf) -> None:
    standin.seed("sesv2", "import", age=60)
    standin.faults.add(Fault(kind="unknown-status", value="DREAMING"), service="sesv2")
    reader = reader_of(standin.url)
    [observation] = listed(reader, SES_IMPORT)
    assert (observation.view.state, observation.view.native_status) == (State.UNKNOWN, "DREAMING")
    assert detail(reader, SES_IMPORT, observation.view.key).state is State.UNKNOWN


def test_a_service_that_is_down_is_reported_and_comes_back(standin: StandIn, reader_of: ReaderOf) -> None:
    rule = standin.faults.add(Fault(kind="down"), service="omics")
    reader = reader_of(standin.url)
    with pytest.raises(ReadFailure) as raised:
        parents(reader, OMICS)
    assert (raised.value.error.kind, raised.value.error.retryable) == ("service", True)
    standin.faults.remove(rule)
    assert parents(reader, OMICS) == []


def test_a_parent_that_is_gone_is_not_found(standin: StandIn, reader_of: ReaderOf) -> None:
    error = stopped(reader_of(standin.url), OMICS, Parent(type="reference-store", id="1234567890"))
    assert (error.kind, error.code) == ("not_found", "ResourceNotFoundException")


def keys(standin: StandIn, reader: Reader, count: int) -> list[JobKey]:
    standin.seed("sesv2", "import", count=count, age=3600, spacing=1)
    return [observation.view.key for observation in listed(reader, SES_IMPORT)]


def test_a_job_that_there_is_not_costs_only_itself(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url)
    [one, other] = keys(standin, reader, 2)
    absent = replace(one, native_id="00000000-0000-0000-0000-000000000000", text="")
    answers = got(reader, SES_IMPORT, one, absent, other)
    assert [answer.key for answer in answers] == [one, absent, other]
    assert [answer.error and answer.error.kind for answer in answers] == [None, "not_found", None]


def test_a_denied_get_is_every_job_s_and_asked_once(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url)
    three = keys(standin, reader, 3)
    fault = Fault(kind="error", code="AccessDeniedException", status=403)
    standin.faults.add(fault, operation="GetImportJob")
    answers = got(reader, SES_IMPORT, *three)
    assert [answer.key for answer in answers] == three
    assert [answer.error and answer.error.kind for answer in answers] == ["denied"] * 3
    assert standin.faults.to_json()[0]["seen"] == 1


def test_every_job_that_was_not_read_has_the_deadline_as_error(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url)
    answers = got(reader, SES_IMPORT, *keys(standin, reader, 5), deadline=2.5)
    assert [answer.error and answer.error.kind for answer in answers] == [None, None, None, "deadline", "deadline"]


def test_one_job_that_the_service_chokes_on_does_not_stop_the_others(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url, attempts=1)
    five = keys(standin, reader, 5)
    standin.faults.add(Fault(kind="error"), operation="GetImportJob", times=2)
    answers = got(reader, SES_IMPORT, *five)
    assert [answer.error and answer.error.kind for answer in answers] == ["service", "service", None, None, None]


def test_a_service_that_fails_time_after_time_is_left_alone(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url, attempts=1)
    five = keys(standin, reader, 5)
    standin.faults.add(Fault(kind="error"), operation="GetImportJob")
    answers = got(reader, SES_IMPORT, *five)
    assert [answer.error and answer.error.kind for answer in answers] == ["service"] * 5
    assert standin.faults.to_json()[0]["seen"] == 3


def test_a_region_without_the_service_is_not_asked(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url)
    standin.faults.add(Fault(kind="error"))
    elsewhere = Target(account="111122223333", region="eu-north-1")
    with pytest.raises(ReadFailure) as raised:
        list(reader.parents(IMAGING, IMAGING.whole(elsewhere), FOREVER))
    assert (raised.value.error.kind, raised.value.error.code) == ("unsupported", "RegionNotSupported")
    key = JobKey(
        service="medical-imaging",
        region="eu-north-1",
        account="111122223333",
        type="dicom-import",
        parents=("d" * 32,),
        native_id="j",
    )
    [answer] = reader.get_jobs(IMAGING, elsewhere, [key], FOREVER)
    assert answer.error is not None
    assert answer.error.kind == ErrorKind.UNSUPPORTED
    assert standin.faults.to_json()[0]["seen"] == 0


def test_a_family_without_parents_has_none_to_list(standin: StandIn, reader_of: ReaderOf) -> None:
    with pytest.raises(ValueError, match="has no parents"):
        next(reader_of(standin.url).parents(SES_IMPORT, SES_IMPORT.whole(TARGET), FOREVER))


def test_panorama_is_retired_where_its_endpoint_is_gone(standin: StandIn, reader_of: ReaderOf) -> None:
    elsewhere = Target(account="111122223333", region="eu-north-1")
    somewhere = Source(service="panorama", type="package-import", target=elsewhere)
    with pytest.raises(ReadFailure) as raised:
        list(reader_of(standin.url).list_jobs(PANORAMA, somewhere, FOREVER))
    assert raised.value.error.kind == ErrorKind.RETIRED
    assert "2026-05-31" in raised.value.error.message


def test_links_of_a_job_that_is_gone_are_not_found(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url)
    [key] = keys(standin, reader, 1)
    view = detail(reader, SES_IMPORT, key)
    gone = replace(view, key=replace(key, native_id="00000000-0000-0000-0000-000000000000", text=""))
    with pytest.raises(ReadFailure) as raised:
        reader.links(SES_IMPORT, gone, FOREVER)
    assert raised.value.error.kind == ErrorKind.NOT_FOUND


def test_a_family_without_items_has_an_empty_page(standin: StandIn, reader_of: ReaderOf) -> None:
    reader = reader_of(standin.url)
    standin.seed("panorama", "package-import", age=60)
    [observation] = listed(reader, PANORAMA)
    page = reader.items(PANORAMA, observation.view, FOREVER, limit=10)
    assert (page.items, page.next) == ([], None)


@pytest.mark.parametrize("token", ["", "x", "-1", "0", "4", "1.5", "9" * 5000])
def test_a_token_of_something_else_is_refused(standin: StandIn, reader_of: ReaderOf, token: str) -> None:
    reader = reader_of(standin.url)
    standin.seed("omics", "reference-import", plan=Plan(items=4), age=60)
    [parent] = parents(reader, OMICS)
    [observation] = listed(reader, OMICS, parent)
    with pytest.raises(ValueError, match="not from a page of this job's"):
        reader.items(OMICS, observation.view, FOREVER, limit=1, token=token)
