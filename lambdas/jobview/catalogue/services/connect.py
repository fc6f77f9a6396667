"""Amazon Connect (``connect`` 2017-08-08): automated evaluations of contacts."""

from jobview.catalogue.language import (
    FAILED,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# The documented default of most operations.
CONNECT = Service("connect", rate=2)

INSTANCE = Parent(CONNECT, "instance", list="ListInstances", id="Id")

AUTOMATED_EVALUATION = Family(
    CONNECT, "automated-evaluation", "Amazon Connect automated evaluation of a contact",
    under=[INSTANCE],
    # People fill in the other evaluations.
    list="SearchContactEvaluations", only="Metadata.AutoEvaluationEnabled == `true`",
    get="DescribeContactEvaluation",
    job=Job(
        id="EvaluationId", status="Metadata.AutoEvaluationStatus", created="CreatedTime",
        updated="LastModifiedTime", tags="Tags",
    ),
    got=Job(status="Metadata.AutoEvaluation.AutoEvaluationStatus"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    # What somebody wrote about the work of a person.
    withheld=("Answers", "Notes", "Metadata.Acknowledgement", "SourceValues"),
)  # fmt: skip
