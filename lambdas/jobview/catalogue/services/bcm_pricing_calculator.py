"""AWS Billing and Cost Management Pricing Calculator (``bcm-pricing-calculator`` 2024-06-19): bill estimates."""

from jobview.catalogue.language import FAILED, RUNNING, SINCE, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
PRICING_CALCULATOR = Service("bcm-pricing-calculator", rate=1, global_regions={"aws": "us-east-1"})

BILL_ESTIMATE = Family(
    PRICING_CALCULATOR, "bill-estimate", "AWS Pricing Calculator bill estimate",
    list="ListBillEstimates", since={"createdAtFilter": {"afterTimestamp": SINCE}},
    get="GetBillEstimate",
    job=Job(id="id", name="name", status="status", created="createdAt"),
    got=Job(reason="failureMessage"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED"},
)  # fmt: skip
