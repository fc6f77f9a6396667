"""AWS Marketplace Catalog (``marketplace-catalog`` 2018-09-17): change sets of products and offers."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    OPEN,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Cause,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
MARKETPLACE_CATALOG = Service("marketplace-catalog", rate=1)

CHANGE_SET = Family(
    MARKETPLACE_CATALOG, "change-set", "AWS Marketplace change set",
    list="ListChangeSets", inputs={"Catalog": "AWSMarketplace"},
    since={"FilterList": [{"Name": "AfterStartTime", "ValueList": [SINCE.text]}]},
    open_by={"FilterList": [{"Name": "Status", "ValueList": OPEN}]},
    get="DescribeChangeSet",
    job=Job(
        id="ChangeSetId", status="Status", name="ChangeSetName", started="StartTime", ended="EndTime",
    ),
    got=Job(
        reason="FailureDescription", causes=(Cause(at="ChangeSet[].ErrorDetailList[]", message="ErrorMessage"),),
    ),
    states={
        PENDING: "PREPARING", RUNNING: "APPLYING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", CANCELLED: "CANCELLED",
    },
    # Prices and buyers of offers.
    withheld=("ChangeSet[].Details", "ChangeSet[].DetailsDocument"),
    retention="60 days",
)  # fmt: skip
