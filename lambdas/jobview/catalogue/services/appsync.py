"""AWS AppSync (``appsync`` 2017-07-25): introspections of data sources, known by their ids alone."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
APPSYNC = Service("appsync", rate=2)

DATA_SOURCE_INTROSPECTION = Family(
    APPSYNC, "data-source-introspection", "AWS AppSync data source introspection",
    get="GetDataSourceIntrospection",
    job=Job(id="introspectionId", status="introspectionStatus", reason="introspectionStatusDetail"),
    # The tables of a database.
    withheld=("introspectionResult",),
    states={RUNNING: "PROCESSING", SUCCEEDED: "SUCCESS", FAILED: "FAILED"},
)  # fmt: skip
