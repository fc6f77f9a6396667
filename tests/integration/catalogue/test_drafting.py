"""``make family``: drafts that are refused with their own questions and nothing else, and that overwrite nothing."""

import json
import re
import shutil
from pathlib import Path

import pytest

from jobview.catalogue.language import Family
from local.catalogue.compiling import CatalogueError, compiled
from local.catalogue.drafting import module
from local.catalogue.drafting.answers import answers
from local.catalogue.drafting.choosing import Draft, draft
from tests.contract.fixtures import flaws
from tests.tree_copy import copy_tree_of, python, run

SAMPLE: list[tuple[str, str | None, str | None]] = [
    ("accessanalyzer", "ListPolicyGenerations", None),
    ("rekognition", None, "GetFaceDetection"),
    ("route53", None, "GetChange"),
    ("textract", None, "GetExpenseAnalysis"),
    ("arc-region-switch", "ListPlanExecutions", "GetPlanExecution"),
    ("backup", "ListRestoreJobs", "DescribeRestoreJob"),
    ("bedrock-agent", "ListIngestionJobs", "GetIngestionJob"),
    ("cloudformation", "ListChangeSets", "DescribeChangeSet"),
    ("cloudfront", "ListInvalidations", "GetInvalidation"),
    ("codebuild", "ListBuilds", "BatchGetBuilds"),
    ("comprehend", "ListDominantLanguageDetectionJobs", "DescribeDominantLanguageDetectionJob"),
    ("controltower", "ListControlOperations", "GetControlOperation"),
    ("datazone", "ListNotebookRuns", "GetNotebookRun"),
    ("ec2", "DescribeReplaceRootVolumeTasks", None),
    ("elasticbeanstalk", "DescribeEnvironmentManagedActionHistory", None),
    ("fis", "ListExperiments", "GetExperiment"),
    ("gamelift", "ListFleetDeployments", "DescribeFleetDeployment"),
    ("glue", "ListCrawls", None),
    ("iot", "ListAuditTasks", "DescribeAuditTask"),
    ("lexv2-models", "ListBotResourceGenerations", "DescribeBotResourceGeneration"),
    ("logs", "DescribeQueries", None),
    ("m2", "ListDataSetImportHistory", None),
    ("mediaconvert", "ListJobs", "GetJob"),
    ("neptune-graph", "ListExportTasks", "GetExportTask"),
    ("opensearch", "GetUpgradeHistory", None),
    ("organizations", "ListCreateAccountStatus", "DescribeCreateAccountStatus"),
    ("personalize", "ListBatchInferenceJobs", "DescribeBatchInferenceJob"),
    ("pinpoint", "GetJourneyRuns", None),
    ("rds", "DescribeExportTasks", "DescribeExportTasks"),
    ("route53domains", "ListOperations", "GetOperationDetail"),
    ("s3control", "ListJobs", "DescribeJob"),
    ("sagemaker", "ListProcessingJobs", "DescribeProcessingJob"),
    ("snowball", "ListJobs", "DescribeJob"),
    ("sso-admin", "ListAccountAssignmentCreationStatus", None),
    ("timestream-write", "ListBatchLoadTasks", "DescribeBatchLoadTask"),
]
"""Service, list and get of jobs of all kinds: every protocol, with parents and without, with a get and without,
with a list and without."""

each_sample = pytest.mark.parametrize(("service", "listing", "get"), SAMPLE)


def drafted(service: str, listing: str | None, get: str | None = None) -> tuple[Draft, Family]:
    """A draft, and what its text declares."""
    made = draft(service, listing, get, None)
    content: dict[str, object] = {}
    exec(compile(module.text_of(made), f"{service}.py", "exec"), content)  # noqa: S102 - as an import would
    [family] = [value for value in content.values() if isinstance(value, Family)]
    return made, family


def questions(family: Family) -> dict[str, str]:
    """Where the draft asks → what."""
    with pytest.raises(CatalogueError) as refused:
        compiled(family)
    first, *lines = str(refused.value).splitlines()
    assert first == f"{family.service.name}/{family.type}: to be decided, in the place of each decide(…):"
    return {where: text for where, _, text in (line.strip().partition(": ") for line in lines)}


@each_sample
def test_a_draft_is_refused_with_its_own_questions(service: str, listing: str | None, get: str | None) -> None:
    made, family = drafted(service, listing, get)
    asked = questions(family)
    assert "service.rate" in asked
    assert all(word in "".join(asked) for word in made.doubtful)
    assert all(len(line) <= 120 for line in module.text_of(made).splitlines())


@each_sample
def test_drafted_answers_are_what_the_model_allows_but_for_their_question(
    service: str, listing: str | None, get: str | None, tmp_path: Path
) -> None:
    files = answers(draft(service, listing, get, None))
    folder = tmp_path / service
    folder.mkdir()
    for name, text in files.items():
        if ".expected." not in name:
            assert "decide" in text
            (folder / name).write_text(text)
            assert flaws(folder / name) in ([], ["$.decide is unknown"])
        else:
            assert set(json.loads(text)) <= {"parents", "listed", "got"}


def test_parents_are_found_up_to_two_deep() -> None:
    _, ingestion = drafted("bedrock-agent", "ListIngestionJobs", "GetIngestionJob")
    assert [(parent.type, parent.list, parent.id) for parent in ingestion.under] == [
        ("knowledge-base", "ListKnowledgeBases", "knowledgeBaseId"),
        ("data-source", "ListDataSources", "dataSourceId"),
    ]
    _, crawl = drafted("glue", "ListCrawls")
    assert [(parent.list, parent.id) for parent in crawl.under] == [("ListCrawlers", "@")]
    _, jobs = drafted("s3control", "ListJobs", "DescribeJob")
    assert (jobs.under, jobs.inputs) == ((), {"AccountId": "{account}"})


def test_words_that_everyone_reads_alike_are_placed_and_others_are_asked_for() -> None:
    made, family = drafted("bedrock-agent", "ListIngestionJobs", "GetIngestionJob")
    assert made.states == {
        "RUNNING": ["IN_PROGRESS"],
        "CANCELLING": ["STOPPING"],
        "SUCCEEDED": ["COMPLETE"],
        "FAILED": ["FAILED"],
    }
    assert made.doubtful == ["STARTING", "STOPPED"]
    assert "states['STARTING STOPPED']" in questions(family)


def test_facts_stand_where_each_record_has_them() -> None:
    _, build = drafted("codebuild", "ListBuilds", "BatchGetBuilds")
    assert (build.job.id, build.job.status) == ("@", None)
    assert (build.got.id, build.got.status, build.got.ended) == ("id", "buildStatus", "endTime")
    _, query = drafted("logs", "DescribeQueries")
    assert "job.created" in questions(query), "the model does not say whether seconds or milliseconds"


def test_a_draft_says_where_a_global_service_answers_and_asks_where_nobody_knows() -> None:
    made, family = drafted("cloudfront", "ListInvalidations", "GetInvalidation")
    assert "\n# A global service: its jobs are read once for each account, in us-east-1 (one" in module.text_of(made)
    assert "service.global_regions" not in questions(family)
    _, operation = drafted("route53domains", "ListOperations", "GetOperationDetail")
    assert "botocore has the service in us-east-1 alone" in questions(operation)["service.global_regions"]


def test_jobs_that_nothing_lists_are_drafted_from_their_get() -> None:
    made, change = drafted("route53", None, "GetChange")
    assert (change.list, change.get, change.type) == (None, "GetChange", "change")
    assert (change.job.id, change.job.status, change.job.created) == ("Id", "Status", "SubmittedAt")
    assert "states['INSYNC']" in questions(change)
    assert set(answers(made)) == {"GetChange.xml", "change.expected.json"}
    made, expense = drafted("textract", None, "GetExpenseAnalysis")
    assert (expense.type, expense.job.id, expense.job.status) == ("expense-analysis", None, "JobStatus")
    assert "missing" in questions(expense)
    [name, expected] = answers(made)
    assert json.loads(answers(made)[expected])["got"].keys() == {name.removesuffix(".json").partition("-")[2]}


# --- the command

FAMILY = ("-m", "local.catalogue.drafting")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which nobody has declared a family of FIS."""
    return copy_tree_of(tmp_path_factory.mktemp("tree"), {"batch", "glue", "omics"})


def files_of(tree: Path) -> dict[Path, str]:
    return {
        path: path.read_text() for folder in ("lambdas/jobview/catalogue", "tests/fixtures")
        for path in (tree / folder).rglob("*") if path.is_file()
    }  # fmt: skip


def test_a_draft_overwrites_nothing_and_spoils_nothing(tree: Path) -> None:
    before = files_of(tree)
    said = run(tree, *FAMILY, "--service", "fis", "--list", "ListExperiments", "--get", "GetExperiment")
    drafts = set(files_of(tree)) - set(before)
    assert {str(path.relative_to(tree)) for path in drafts} == set(
        re.findall(r"^(\S+) is drafted$", said, re.MULTILINE)
    )
    assert len(drafts) == 4
    assert {path: text for path, text in files_of(tree).items() if path in before} == before
    again = python(tree, *FAMILY, "--service", "fis", "--list", "ListExperiments", "--get", "GetExperiment")
    assert again.returncode == 2
    assert "TYPE=experiment: tests/fixtures/fis/experiment.expected.json exists: choose another TYPE" in again.stderr
    refused = python(tree, "-m", "local.catalogue")
    assert refused.returncode == 1
    assert refused.stderr.startswith("catalogue: fis/experiment: to be decided")
    failed = python(tree, "-m", "pytest", "tests/contract", "-q", "-p", "no:cacheprovider", "-k", "fis or glue")
    assert set(re.findall(r"^FAILED \S+\[(\w+)", failed.stdout, re.MULTILINE)) == {"fis"}
    for path in drafts:
        path.unlink()
    shutil.rmtree(tree / "tests/fixtures/fis")


def test_a_module_that_is_there_stays_and_the_family_is_shown(tree: Path) -> None:
    module_of_glue = tree / "lambdas/jobview/catalogue/services/glue.py"
    before = module_of_glue.read_text()
    said = run(tree, *FAMILY, "--service", "glue", "--list", "ListCrawls", "--type", "other-crawl")
    assert "glue.py exists and stays as it is. Add this to it:" in said
    assert "OTHER_CRAWL = Family(" in said
    assert "Service(" not in said
    assert module_of_glue.read_text() == before
    (tree / "tests/fixtures/glue/other-crawl.expected.json").unlink()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "SERVICE is missing: it is boto3's name of the service"),
        ("--service healthlake", "LIST is missing: it is the operation that lists the jobs"),
        ("--service healthlake", "where nothing lists them, GET alone is the operation that tells one"),
        ("--service healthlak --list X", "SERVICE=healthlak: botocore has no service 'healthlak'; near: healthlake"),
        ("--service healthlake --list ListImportJobs", "LIST=ListImportJobs: healthlake has no operation"),
        ("--service healthlake --list ListImportJobs", "near: ListFHIRImportJobs"),
        ("--service healthlake --list ListFHIRImportJobs --get GetJob", "GET=GetJob: healthlake has no operation"),
        ("--service healthlake --list StartFHIRImportJob", "LIST=StartFHIRImportJob: Jobview only reads: allowed are"),
        ("--service healthlake --list DescribeFHIRImportJob", "LIST=DescribeFHIRImportJob: "),
        ("--service healthlake --list ListFHIRImportJobs --type Import", "TYPE=Import: allowed are words of small"),
    ],
)
def test_bad_input_is_named(tree: Path, given: str, said: str) -> None:
    before = files_of(tree)
    done = python(tree, *FAMILY, *given.split())
    assert done.returncode == 2
    assert done.stderr.startswith("make family: ")
    assert said in done.stderr
    assert files_of(tree) == before
