"""AWS IAM Access Analyzer (``accessanalyzer`` 2019-11-01): generations of policies, and access previews."""

from jobview.catalogue.language import CANCELLED, FAILED, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
ACCESS_ANALYZER = Service("accessanalyzer", rate=1)

POLICY_GENERATION = Family(
    ACCESS_ANALYZER, "policy-generation", "AWS IAM Access Analyzer policy generation",
    # The model has no largest size of a page: a guess on the safe side.
    list="ListPolicyGenerations", page_size=50,
    # The model has no code of its own for a job that does not exist.
    get="GetGeneratedPolicy", missing={"ValidationException": "not found"},
    job=Job(id="jobId", status="status", started="startedOn", ended="completedOn"),
    got=Job(reason="jobError.message"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", CANCELLED: "CANCELED"},
    retention="7 days",
)  # fmt: skip

# Only an analyzer of external access has previews.
ANALYZER = Parent(ACCESS_ANALYZER, "analyzer", list="ListAnalyzers", inputs={"type": "ACCOUNT"}, id="arn", page_size=50)

ACCESS_PREVIEW = Family(
    ACCESS_ANALYZER, "access-preview", "AWS IAM Access Analyzer access preview",
    under=[ANALYZER],
    list="ListAccessPreviews", page_size=50,
    get="GetAccessPreview",
    job=Job(id="id", parent="analyzerArn", status="status", created="createdAt"),
    failures="The native record has a code for the reason, under statusReason.",
    states={RUNNING: "CREATING", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    lists_only="the previews of analyzers of the account, not of an organization",
)  # fmt: skip
