"""Amazon OpenSearch Service (``opensearch`` 2021-01-01): changes, upgrades and maintenance of domains."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    NOT_HERE,
    PARTIALLY_SUCCEEDED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Family,
    Job,
    Parent,
    Parts,
    Service,
    When,
)

# A guess on the safe side.
OPENSEARCH = Service("opensearch", rate=2)

DOMAIN = Parent(OPENSEARCH, "domain", list="ListDomainNames", id="DomainName")

DOMAIN_CHANGE = Family(
    OPENSEARCH, "domain-change", "Amazon OpenSearch Service domain change",
    under=[DOMAIN],
    # A domain has its latest change.
    list="DescribeDomains", inputs={"DomainNames": ["{parent}"]}, items="DomainStatusList",
    only="ChangeProgressDetails.ChangeId != `null`", lists_only="the latest change of each domain",
    get="DescribeDomainChangeProgress", get_inputs={"DomainName": "{parent}", "ChangeId": "{id}"},
    job=Job(
        id="ChangeProgressDetails.ChangeId", status="ChangeProgressDetails.ConfigChangeStatus",
        created="ChangeProgressDetails.StartTime", updated="ChangeProgressDetails.LastUpdatedTime",
        ended="ChangeProgressDetails.LastUpdatedTime", reason="ChangeProgressDetails.Message",
    ),
    got=Job(
        id="ChangeId", status="ConfigChangeStatus", created="StartTime", updated="LastUpdatedTime",
        ended="LastUpdatedTime", reason="ValidationFailures[].Message",
        # The word of the configuration has none for a change that failed after its validation.
        when=(When(RUNNING, "Status", ("FAILED",), FAILED),),
    ),
    starts="UpdateDomainConfig",
    # PendingUserInput: it waits until a person decides.
    states={
        PENDING: "Pending", RUNNING: "Initializing Validating ApplyingChanges", PAUSED: "PendingUserInput",
        SUCCEEDED: "Completed", FAILED: "ValidationFailed", CANCELLED: "Cancelled",
    },
)  # fmt: skip

DOMAIN_UPGRADE = Family(
    OPENSEARCH, "domain-upgrade", "Amazon OpenSearch Service domain upgrade",
    under=[DOMAIN],
    list="GetUpgradeHistory",
    # The name says from which version to which. An upgrade that is tried again has the same name.
    job=Job(
        id="UpgradeName", status="UpgradeStatus", name="UpgradeName", created="StartTimestamp",
        parts=Parts(
            unit="steps", path="StepsList", status="UpgradeStepStatus",
            outcomes={
                "IN_PROGRESS": RUNNING, "SUCCEEDED": SUCCEEDED, "SUCCEEDED_WITH_ISSUES": SUCCEEDED, "FAILED": FAILED,
            },
        ),
    ),
    starts="UpgradeDomain",
    states={
        RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", PARTIALLY_SUCCEEDED: "SUCCEEDED_WITH_ISSUES",
        FAILED: "FAILED",
    },
    failures="The native record has the Issues of each step, under StepsList.",
    retention="the last 10 upgrades of a domain",
)  # fmt: skip

DOMAIN_MAINTENANCE = Family(
    OPENSEARCH, "domain-maintenance", "Amazon OpenSearch Service domain maintenance",
    under=[DOMAIN],
    list="ListDomainMaintenances", open_by="Status",
    get="GetDomainMaintenanceStatus",
    job=Job(
        id="MaintenanceId", status="Status", created="CreatedAt",
        updated="UpdatedAt", ended="UpdatedAt", reason="StatusMessage",
    ),
    got=Job(id=NOT_HERE),
    states={PENDING: "PENDING", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED TIMED_OUT"},
)  # fmt: skip

SCHEDULED_ACTION = Family(
    OPENSEARCH, "scheduled-action", "Amazon OpenSearch Service scheduled action",
    under=[DOMAIN],
    list="ListScheduledActions",
    # ScheduledTime is when the action is due, not when it started.
    job=Job(id="Id", status="Status"),
    # ELIGIBLE: nobody has scheduled it yet. NOT_ELIGIBLE: the domain does not need it or cannot have it.
    states={
        PENDING: "PENDING_UPDATE ELIGIBLE", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED",
        UNKNOWN: "NOT_ELIGIBLE",
    },
)  # fmt: skip
