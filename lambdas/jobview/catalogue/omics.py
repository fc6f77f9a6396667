"""AWS HealthOmics (``omics`` 2022-11-28): reference import jobs under reference stores.

Rates are the documented ones: 5 calls a second for the reads of reference imports together, 5 for the list of stores.
"""

from jobview.catalogue.declaration import (
    SINCE,
    Events,
    Family,
    Fields,
    GetCall,
    ListCall,
    Narrowing,
    ParentKind,
    Parts,
)
from jobview.model import State

_QUOTA = "ReferenceImport"
_STORE = "arn:{partition}:omics:{region}:{account}:referenceStore/{parent}"

REFERENCE_IMPORT = Family(
    service="omics",
    type="reference-import",
    title="AWS HealthOmics reference import",
    parent=ParentKind(
        type="reference-store",
        call=ListCall(
            operation="ListReferenceStores",
            rate=5,
            action="omics:ListReferenceStores",
            items="referenceStores",
            page_size=("maxResults", 100),
        ),
        id="id",
    ),
    list=ListCall(
        operation="ListReferenceImportJobs",
        inputs={"referenceStoreId": "{parent}"},
        rate=5,
        quota=_QUOTA,
        action="omics:ListReferenceImportJobs",
        resource=_STORE,
        items="importJobs",
        page_size=("maxResults", 100),
        narrowing=Narrowing(inputs=({"filter": {"createdAfter": SINCE}},), whole=True),
    ),
    list_fields=Fields(
        id="id",
        status="status",
        parent="referenceStoreId",
        created="creationTime",
        ended="completionTime",
        role="roleArn",
    ),
    get=GetCall(
        operation="GetReferenceImportJob",
        inputs={"referenceStoreId": "{parent}", "id": "{id}"},
        rate=5,
        quota=_QUOTA,
        action="omics:GetReferenceImportJob",
        resource=_STORE,
        item="@",
        missing=("ResourceNotFoundException",),
    ),
    get_fields=Fields(
        id="id",
        status="status",
        parent="referenceStoreId",
        created="creationTime",
        ended="completionTime",
        reason="statusMessage",
        role="roleArn",
        inputs=("sources[].sourceFile",),
        parts=Parts(
            unit="sources",
            path="sources",
            status="status",
            outcomes={
                "NOT_STARTED": State.PENDING,
                "IN_PROGRESS": State.RUNNING,
                "FINISHED": State.SUCCEEDED,
                "FAILED": State.FAILED,
            },
            uri="sourceFile",
            message="statusMessage",
        ),
    ),
    states={
        "SUBMITTED": State.PENDING,
        "IN_PROGRESS": State.RUNNING,
        "CANCELLING": State.CANCELLING,
        "CANCELLED": State.CANCELLED,
        "FAILED": State.FAILED,
        "COMPLETED": State.SUCCEEDED,
        "COMPLETED_WITH_FAILURES": State.PARTIALLY_SUCCEEDED,
    },
    failures_how="Each source of the job has a status and a message: GET this job's items.",
    events=Events(
        source="aws.omics",
        detail_types=("Reference Import Job Status Change",),
        id="detail.id",
        parent="detail.referenceStoreId",
        status="detail.status",
        reason="detail.statusMessage",
    ),
)
