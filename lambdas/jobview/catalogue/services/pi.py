"""Amazon RDS Performance Insights (``pi`` 2018-02-27): analysis reports of DB instances."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Parent, Service
from jobview.catalogue.services.rds import RDS

# A guess on the safe side.
PERFORMANCE_INSIGHTS = Service("pi", rate=2)

DB_INSTANCE = Parent(
    RDS, "db-instance", list="DescribeDBInstances", id="DbiResourceId", only="PerformanceInsightsEnabled == `true`",
    page_size=100,
)  # fmt: skip

ANALYSIS_REPORT = Family(
    PERFORMANCE_INSIGHTS, "analysis-report", "Amazon RDS Performance Insights analysis report",
    under=[DB_INSTANCE],
    list="ListPerformanceAnalysisReports", inputs={"ServiceType": "RDS", "Identifier": "{parent}", "ListTags": True},
    # The operation that returns one report adds only what the report says about queries.
    # StartTime and EndTime are the period that the report is about.
    job=Job(id="AnalysisReportId", status="Status", created="CreateTime", tags="Tags"),
    states={RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
)  # fmt: skip
