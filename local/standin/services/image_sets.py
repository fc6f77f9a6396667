"""Image sets and their metadata documents, all of them made up."""

import gzip
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ImageSet:
    """One image set; `versions[0]` makes the gzip bytes of version 1."""

    datastore_id: str
    image_set_id: str
    created: datetime
    versions: Sequence[Callable[[], bytes]]


def pack(document: bytes) -> bytes:
    """gzip, the same bytes for the same document."""
    return gzip.compress(document, compresslevel=6, mtime=0)


def version_of(document: Mapping[str, Any], *, datastore_id: str, image_set_id: str) -> Callable[[], bytes]:
    """Return a metadata version from its seed: a `document` of one's own, or synthetic `compressedBytes`.

    Raises `ValueError` for another seed.
    """
    if set(document) == {"document"}:
        packed = pack(json.dumps(document["document"]).encode())
        return lambda: packed
    if not set(document) - {"compressedBytes"}:
        size = int(document.get("compressedBytes", 0))
        large = synthetic(datastore_id, image_set_id, compressed_bytes=size)
        return lambda: large
    raise ValueError("image set version: give either document or compressedBytes")


def synthetic(datastore_id: str, image_set_id: str, *, instances: int = 2, compressed_bytes: int = 0) -> bytes:
    """Return gzip bytes of a metadata document in HealthImaging's form, at least `compressed_bytes` long.

    The padding is a private tag of random hex digits, half of which no compression can remove.
    """
    source = random.Random(image_set_id)  # noqa: S311 - made-up data
    frames = {f"1.2.826.0.1.3680043.8.498.{number}": _instance(source, number) for number in range(1, instances + 1)}
    document: dict[str, Any] = {
        "SchemaVersion": "1.1",
        "DatastoreID": datastore_id,
        "ImageSetID": image_set_id,
        "Patient": {"DICOM": {"PatientID": f"SYNTHETIC-{image_set_id[:8]}", "PatientName": "DOE^SYNTHETIC"}},
        "Study": {
            "DICOM": {"StudyDescription": "Synthetic study", "StudyInstanceUID": "1.2.826.0.1.3680043.8.498"},
            "Series": {"1.2.826.0.1.3680043.8.498.1": {"DICOM": {"Modality": "CT"}, "Instances": frames}},
        },
    }
    if compressed_bytes:
        document["Patient"]["DICOM"]["(0009,1001)"] = source.randbytes(int(compressed_bytes * 1.02)).hex()
    return pack(json.dumps(document).encode())


def _instance(source: random.Random, number: int) -> dict[str, Any]:
    checksum = {"Width": 512, "Height": 512, "Checksum": source.getrandbits(32)}
    frame = {
        "ID": source.randbytes(16).hex(),
        "PixelDataChecksumFromBaseToFullResolution": [checksum],
        "MinPixelValue": 0,
        "MaxPixelValue": 4095,
        "FrameSizeInBytes": 524_288,
    }
    return {"DICOM": {"InstanceNumber": str(number), "Rows": 512, "Columns": 512}, "ImageFrames": [frame]}
