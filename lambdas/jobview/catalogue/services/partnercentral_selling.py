"""AWS Partner Central (``partnercentral-selling`` 2022-07-26): tasks that make engagements and opportunities."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
PARTNER_CENTRAL = Service("partnercentral-selling", rate=1)


def _task(kind: str, noun: str, title: str) -> Family:
    """The tasks of one kind. All kinds have the same members and words, and no operation that returns one task."""
    return Family(
        PARTNER_CENTRAL, kind, f"AWS Partner Central {title}",
        list=f"List{noun}Tasks", inputs={"Catalog": "AWS"}, open_by="TaskStatus",
        job=Job(id="TaskId", status="TaskStatus", started="StartTime", reason="Message"),
        states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED"},
    )  # fmt: skip


ENGAGEMENT_BY_INVITATION = _task(
    "engagement-by-accepting-invitation-task",
    "EngagementByAcceptingInvitation",
    "engagement by accepting an invitation",
)
ENGAGEMENT_FROM_OPPORTUNITY = _task(
    "engagement-from-opportunity-task", "EngagementFromOpportunity", "engagement from an opportunity"
)
OPPORTUNITY_FROM_ENGAGEMENT = _task(
    "opportunity-from-engagement-task", "OpportunityFromEngagement", "opportunity from an engagement"
)
