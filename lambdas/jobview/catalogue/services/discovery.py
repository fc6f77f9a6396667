"""AWS Application Discovery Service (``discovery`` 2015-11-01): imports, exports and deletions of discovered data.

The service works in the account's home region alone.
"""

from jobview.catalogue.language import (
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Counts,
    Family,
    Job,
    Service,
    When,
)

# A guess on the safe side.
DISCOVERY = Service("discovery", rate=1)

EXPORT_TASK = Family(
    DISCOVERY, "export-task", "AWS Application Discovery Service export",
    list="DescribeExportTasks", page_size=100,
    get="DescribeExportTasks", get_inputs={"exportIds": ["{id}"]},
    job=Job(
        id="exportId", status="exportStatus", created="exportRequestTime", reason="statusMessage",
        # Data over the size limit is missing from the export.
        when=(When(SUCCEEDED, "isTruncated", (True,), PARTIALLY_SUCCEEDED),),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    presigned=("configurationsDownloadUrl",),
)  # fmt: skip

IMPORT_TASK = Family(
    DISCOVERY, "import-task", "AWS Application Discovery Service import",
    list="DescribeImportTasks",
    get="DescribeImportTasks", get_inputs={"filters": [{"name": "IMPORT_TASK_ID", "values": ["{id}"]}]},
    job=Job(
        id="importTaskId", status="status", name="name", created="importRequestTime", ended="importCompletionTime",
        inputs=("importUrl",),
        # IMPORT_COMPLETE may have failed records, too.
        counts=Counts(
            unit="records", succeeded=("serverImportSuccess", "applicationImportSuccess"),
            failed=("serverImportFailure", "applicationImportFailure"),
        ),
    ),
    # The words of deletions are about the imported records, and do not say how the import ended.
    states={
        RUNNING: "IMPORT_IN_PROGRESS", SUCCEEDED: "IMPORT_COMPLETE", PARTIALLY_SUCCEEDED: "IMPORT_COMPLETE_WITH_ERRORS",
        FAILED: "IMPORT_FAILED IMPORT_FAILED_SERVER_LIMIT_EXCEEDED IMPORT_FAILED_RECORD_LIMIT_EXCEEDED "
        "IMPORT_FAILED_UNSUPPORTED_FILE_TYPE INTERNAL_ERROR",
        UNKNOWN: "DELETE_IN_PROGRESS DELETE_COMPLETE DELETE_FAILED DELETE_FAILED_LIMIT_EXCEEDED",
    },
    presigned=("errorsAndFailedEntriesZip",),
    failures="An archive has the failed records and the errors: GET this job's links.",
    failures_link="errorsAndFailedEntriesZip",
    withheld=("clientRequestToken",),
)  # fmt: skip

CONFIGURATION_DELETION = Family(
    DISCOVERY, "configuration-deletion-task", "AWS Application Discovery Service configuration deletion",
    get="DescribeBatchDeleteConfigurationTask",
    # The model has no error of its own for an unknown task.
    missing={"InvalidParameterValueException": ""},
    job=Job(
        id="taskId", status="status", started="startTime", ended="endTime",
        reason="failedConfigurations[].errorMessage",
        when=(When(SUCCEEDED, "failedConfigurations[].configurationId", (), PARTIALLY_SUCCEEDED),),
    ),
    # DELETING is what the task does.
    states={PENDING: "INITIALIZING", RUNNING: "VALIDATING DELETING", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    failures="The native record has the error of each configuration, under failedConfigurations.",
)  # fmt: skip
