"""AWS B2B Data Interchange (``b2bi`` 2022-06-23): runs of transformers, known by their ids alone."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
B2BI = Service("b2bi", rate=2)

TRANSFORMER = Parent(B2BI, "transformer", list="ListTransformers", id="transformerId")

TRANSFORMER_JOB = Family(
    B2BI, "transformer-job", "AWS B2B Data Interchange transformer job",
    under=[TRANSFORMER],
    get="GetTransformerJob",
    job=Job(status="status", reason="message", outputs=("outputFiles",)),
    states={RUNNING: "running", SUCCEEDED: "succeeded", FAILED: "failed"},
    retention="30 days",
)  # fmt: skip
