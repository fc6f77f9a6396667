"""AWS Elemental MediaConvert (``mediaconvert`` 2017-08-29): transcoding jobs."""

from jobview.catalogue.language import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Events, Family, Job, Service

# A guess on the safe side.
MEDIACONVERT = Service("mediaconvert", rate=1)

_DESTINATION = "Settings.OutputGroups[].OutputGroupSettings"

JOB = Family(
    MEDIACONVERT, "job", "AWS Elemental MediaConvert job",
    list="ListJobs", inputs={"Order": "DESCENDING"},
    newest_first="the order in the inputs",
    get="GetJob",
    job=Job(
        id="Id", status="Status", created="CreatedAt", started="Timing.StartTime", ended="Timing.FinishTime",
        reason="ErrorMessage", role="Role", progress="JobPercentComplete", inputs=("Settings.Inputs[].FileInput",),
        outputs=tuple(
            f"{_DESTINATION}.{group}GroupSettings.Destination"
            for group in ("File", "Hls", "DashIso", "Cmaf", "MsSmooth")
        ),
    ),
    states={
        PENDING: "SUBMITTED", RUNNING: "PROGRESSING", SUCCEEDED: "COMPLETE", CANCELLED: "CANCELED", FAILED: "ERROR",
    },
    withheld=(
        "UserMetadata", "ClientRequestToken", "Settings.Inputs[].DecryptionSettings",
        "Settings.KantarWatermark.CredentialsSecretName",
        *(
            f"Settings.OutputGroups[].Outputs[].ContainerSettings.{container}Settings.CertificateSecret"
            for container in ("Cmfc", "Mp4", "Mpd")
        ),
        *(f"{_DESTINATION}.{group}GroupSettings.Encryption.StaticKeyProvider" for group in ("Hls", "Cmaf")),
    ),
    events=Events("MediaConvert Job State Change", id="jobId", status="status", reason="errorMessage"),
)  # fmt: skip
