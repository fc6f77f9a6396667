"""AWS Service Catalog (``servicecatalog`` 2015-12-10): records, plans, copies and shares."""

from jobview.catalogue.language import (
    FAILED,
    PARTIALLY_SUCCEEDED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Cause,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
SERVICE_CATALOG = Service("servicecatalog", rate=1)

RECORD = Family(
    SERVICE_CATALOG, "record", "AWS Service Catalog provisioning record",
    # By default only the caller's own records are listed.
    list="ListRecordHistory", inputs={"AccessLevelFilter": {"Key": "Account", "Value": "self"}},
    # Outputs of the product stand beside the record, and are not read.
    get="DescribeRecord",
    job=Job(
        id="RecordId", name="ProvisionedProductName", status="Status", created="CreatedTime", updated="UpdatedTime",
        ended="UpdatedTime", causes=(Cause(at="RecordErrors[]", message="Description"),), role="LaunchRoleArn",
        tags="RecordTags",
    ),
    # IN_PROGRESS_IN_ERROR: the operation has failed, and its rollback is at work.
    states={
        PENDING: "CREATED", RUNNING: "IN_PROGRESS IN_PROGRESS_IN_ERROR", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED",
    },
)  # fmt: skip

PLAN = Family(
    SERVICE_CATALOG, "provisioned-product-plan", "AWS Service Catalog provisioned product plan",
    list="ListProvisionedProductPlans", inputs={"AccessLevelFilter": {"Key": "Account", "Value": "self"}},
    # Changes of resources stand beside the plan, and are not read.
    get="DescribeProvisionedProductPlan",
    job=Job(id="PlanId"),
    got=Job(
        name="PlanName", status="Status", created="CreatedTime", updated="UpdatedTime", ended="UpdatedTime",
        reason="StatusMessage", tags="Tags",
    ),
    # CREATE_SUCCESS: the plan waits until somebody executes it.
    states={
        RUNNING: "CREATE_IN_PROGRESS EXECUTE_IN_PROGRESS", PAUSED: "CREATE_SUCCESS", SUCCEEDED: "EXECUTE_SUCCESS",
        FAILED: "CREATE_FAILED EXECUTE_FAILED",
    },
    # Parameters may be passwords.
    withheld=("ProvisioningParameters",),
)  # fmt: skip

PRODUCT_COPY = Family(
    SERVICE_CATALOG, "product-copy", "AWS Service Catalog product copy",
    # No operation lists the copies, and the answer does not repeat the id.
    get="DescribeCopyProductStatus",
    job=Job(status="CopyProductStatus", reason="StatusDetail"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
)  # fmt: skip

PORTFOLIO_SHARE = Family(
    SERVICE_CATALOG, "portfolio-share", "AWS Service Catalog portfolio share",
    # No operation lists the shares.
    get="DescribePortfolioShareStatus",
    job=Job(
        id="PortfolioShareToken", status="Status",
        causes=(Cause(at="ShareDetails.ShareErrors[]", message="Message"),),
    ),
    states={
        PENDING: "NOT_STARTED", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED",
        PARTIALLY_SUCCEEDED: "COMPLETED_WITH_ERRORS", FAILED: "ERROR",
    },
    failures="The native record has the accounts and the message of each error, under ShareDetails.",
)  # fmt: skip
