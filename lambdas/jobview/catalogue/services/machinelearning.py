"""Amazon Machine Learning (``machinelearning`` 2014-12-12): batch predictions, evaluations, models and data sources."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, UNKNOWN, Counts, Family, Job, Service

# A guess on the safe side.
MACHINE_LEARNING = Service("machinelearning", rate=1)


def _created(
    kind: str, noun: str, title: str, *, inputs: str = "InputDataLocationS3", outputs: tuple[str, ...] = (),
    role: str | None = None, counts: Counts | None = None, withheld: tuple[str, ...] = (),
) -> Family:  # fmt: skip
    """One kind of object that the service makes. All kinds have the same words."""
    return Family(
        MACHINE_LEARNING, kind, f"Amazon Machine Learning {title}",
        list=f"Describe{noun}s", get=f"Get{noun}",
        job=Job(
            id=f"{noun}Id", name="Name", status="Status", created="CreatedAt", started="StartedAt",
            updated="LastUpdatedAt", ended="FinishedAt", reason="Message", role=role, inputs=(inputs,), outputs=outputs,
            counts=counts,
        ),
        # DELETED: the job had ended before, and the word does not say how.
        states={
            PENDING: "PENDING", RUNNING: "INPROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED", UNKNOWN: "DELETED",
        },
        presigned=("LogUri",), failures="The log names what failed: GET the job's links.", failures_link="LogUri",
        withheld=withheld,
    )  # fmt: skip


BATCH_PREDICTION = _created(
    "batch-prediction", "BatchPrediction", "batch prediction", outputs=("OutputUri",),
    counts=Counts(unit="records", total="TotalRecordCount", failed="InvalidRecordCount"),
)  # fmt: skip
EVALUATION = _created("evaluation", "Evaluation", "evaluation")
MODEL = _created("model", "MLModel", "model training", withheld=("TrainingParameters", "Recipe"))
DATA_SOURCE = _created(
    "data-source", "DataSource", "data source creation", inputs="DataLocationS3", role="RoleARN",
    withheld=(
        "DataRearrangement", "RedshiftMetadata.SelectSqlQuery", "RedshiftMetadata.DatabaseUserName",
        "RDSMetadata.SelectSqlQuery", "RDSMetadata.DatabaseUserName",
    ),
)  # fmt: skip
