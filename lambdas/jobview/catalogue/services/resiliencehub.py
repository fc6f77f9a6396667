"""AWS Resilience Hub (``resiliencehub`` 2020-04-30): assessments, recommendation templates and exports of metrics."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
RESILIENCE_HUB = Service("resiliencehub", rate=1)

_STATES = {PENDING: "Pending", RUNNING: "InProgress", SUCCEEDED: "Success", FAILED: "Failed"}
_ORDER = "the documentation of the input reverseOrder: by descending start time"

APP_ASSESSMENT = Family(
    RESILIENCE_HUB, "app-assessment", "AWS Resilience Hub assessment",
    list="ListAppAssessments", inputs={"reverseOrder": True}, newest_first=_ORDER,
    get="DescribeAppAssessment",
    # An application that breaks its policy is a result of the assessment, and no failure of it.
    job=Job(
        id="assessmentArn", name="assessmentName", status="assessmentStatus", started="startTime", ended="endTime",
        reason="message", inputs=("appArn",),
    ),
    states=_STATES,
)  # fmt: skip

RECOMMENDATION_TEMPLATE = Family(
    RESILIENCE_HUB, "recommendation-template", "AWS Resilience Hub recommendation template",
    list="ListRecommendationTemplates", inputs={"reverseOrder": True}, newest_first=_ORDER,
    get="ListRecommendationTemplates",
    job=Job(
        id="recommendationTemplateArn", name="name", status="status", started="startTime", ended="endTime",
        reason="message", inputs=("assessmentArn",),
    ),
    states=_STATES,
)  # fmt: skip

METRICS_EXPORT = Family(
    RESILIENCE_HUB, "metrics-export", "AWS Resilience Hub metrics export",
    # No operation lists the exports.
    get="DescribeMetricsExport",
    job=Job(id="metricsExportId", status="status", reason="errorMessage"),
    states=_STATES,
)  # fmt: skip

APP = Parent(RESILIENCE_HUB, "app", list="ListApps", id="appArn")

GROUPING_TASK = Family(
    RESILIENCE_HUB, "grouping-recommendation-task", "AWS Resilience Hub grouping recommendation task",
    under=[APP],
    # No operation lists the tasks.
    get="DescribeResourceGroupingRecommendationTask",
    get_inputs={"appArn": "{parent}", "groupingId": "{id}"},
    job=Job(id="groupingId", status="status", reason="errorMessage"),
    states=_STATES,
)  # fmt: skip
