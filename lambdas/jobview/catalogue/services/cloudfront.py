"""Amazon CloudFront (``cloudfront`` 2020-05-31): invalidations of distributions and tenants. A global service."""

from jobview.catalogue.language import RUNNING, SUCCEEDED, Counts, Family, Job, Parent, Service

# AWS publishes no rate of these operations: a guess on the safe side.
CLOUDFRONT = Service("cloudfront", rate=2)

# The API reference: a page has 100 at the most.
DISTRIBUTION = Parent(CLOUDFRONT, "distribution", list="ListDistributions", id="Id", page_size=100)

INVALIDATION = Family(
    CLOUDFRONT, "invalidation", "Amazon CloudFront invalidation",
    under=[DISTRIBUTION],
    list="ListInvalidations", page_size=100,
    newest_first="the documentation of the input Marker: from the most recent to the oldest",
    get="GetInvalidation",
    job=Job(id="Id", status="Status", created="CreateTime"),
    # The paths may be patterns of many files: CloudFront does not count what it removed.
    got=Job(counts=Counts(unit="paths", total="InvalidationBatch.Paths.Quantity")),
    # An invalidation cannot fail or be cancelled.
    states={RUNNING: "InProgress", SUCCEEDED: "Completed"},
    console="cloudfront/v4/home#/distributions/{parent}/invalidations/details/{id}",
)  # fmt: skip

TENANT = Parent(CLOUDFRONT, "distribution-tenant", list="ListDistributionTenants", id="Id", page_size=100)

TENANT_INVALIDATION = Family(
    CLOUDFRONT, "tenant-invalidation", "Amazon CloudFront distribution tenant invalidation",
    under=[TENANT],
    list="ListInvalidationsForDistributionTenant", inputs={"Id": "{parent}"}, page_size=100,
    get="GetInvalidationForDistributionTenant", get_inputs={"DistributionTenantId": "{parent}", "Id": "{id}"},
    job=Job(id="Id", status="Status", created="CreateTime"),
    got=Job(counts=Counts(unit="paths", total="InvalidationBatch.Paths.Quantity")),
    states={RUNNING: "InProgress", SUCCEEDED: "Completed"},
)  # fmt: skip
