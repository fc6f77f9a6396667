"""AWS IoT Wireless (``iotwireless`` 2020-11-22): imports of Sidewalk devices, and firmware updates over the air."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, UNKNOWN, Counts, Family, Job, Service

# A guess on the safe side.
IOT_WIRELESS = Service("iotwireless", rate=2)

_DEVICES = "{}ImportedDeviceCount"

DEVICE_IMPORT_TASK = Family(
    IOT_WIRELESS, "device-import-task", "AWS IoT Wireless device import",
    list="ListWirelessDeviceImportTasks",
    get="GetWirelessDeviceImportTask",
    job=Job(
        id="Id", status="Status", created="CreationTime", reason="StatusReason", role="Sidewalk.Role",
        inputs=("Sidewalk.DeviceCreationFileList",),
        counts=Counts(
            unit="devices", succeeded=_DEVICES.format("Onboarded"), failed=_DEVICES.format("Failed"),
            total=tuple(_DEVICES.format(word) for word in ("Initialized", "Pending", "Onboarded", "Failed")),
        ),
    ),
    # PENDING: its devices are in the queue, from which they are onboarded. DELETING may come before or after the end.
    states={
        PENDING: "INITIALIZING INITIALIZED", RUNNING: "PENDING", SUCCEEDED: "COMPLETE", FAILED: "FAILED",
        UNKNOWN: "DELETING",
    },
    failures="The operation ListDevicesForWirelessDeviceImportTask returns the status of each device.",
)  # fmt: skip

FUOTA_TASK = Family(
    IOT_WIRELESS, "fuota-task", "AWS IoT Wireless firmware update (FUOTA)",
    list="ListFuotaTasks",
    get="GetFuotaTask",
    job=Job(id="Id"),
    got=Job(
        status="Status", name="Name", created="CreatedAt", started="LoRaWAN.StartTime", role="FirmwareUpdateRole",
        inputs=("FirmwareUpdateImage",),
    ),
    # FuotaDone: the session is over. Only the single devices have a word for a failure. Delete_Waiting may come before
    # or after the end.
    states={
        PENDING: "Pending FuotaSession_Waiting", RUNNING: "In_FuotaSession", SUCCEEDED: "FuotaDone",
        UNKNOWN: "Delete_Waiting",
    },
)  # fmt: skip
