"""The route of the image-set function."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BeforeValidator, WithJsonSchema

from handlers.image_sets.metadata import Link, Metadata
from jobview.http import gateway

_ID = "[0-9a-z]{32}"
_VERSION = "[0-9]{1,18}"


def _checked(pattern: str, value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise ValueError(f"does not match {pattern}")
    return value


_Id = Annotated[
    str,
    BeforeValidator(lambda value: _checked(_ID, value)),
    WithJsonSchema({"type": "string", "pattern": f"^{_ID}$", "examples": ["12345678901234567890123456789012"]}),
]
DatastoreId = Annotated[_Id, Path(description="The id of the HealthImaging data store.")]
ImageSetId = Annotated[_Id, Path(description="The id of the image set.")]
Version = Annotated[
    str | None,
    BeforeValidator(lambda value: _checked(_VERSION, value)),
    WithJsonSchema({"type": "string", "pattern": f"^{_VERSION}$", "examples": ["1"]}),
    Query(description="The version of the image set; without it the latest."),
]

ALLOWED: Mapping[str, str] = MappingProxyType(
    {
        "datastoreId": "32 digits and lower-case letters",
        "imageSetId": "32 digits and lower-case letters",
        "version": "a whole number, as in HealthImaging's versionId",
    }
)
"""The allowed values of each parameter, as problems describe them."""


def add_routes(app: APIGatewayHttpResolver, metadata: Metadata) -> None:
    """Add the route to a resolver."""

    @app.get(
        "/v1/image-sets/<datastoreId>/<imageSetId>/metadata",
        operation_id="getImageSetMetadata",
        summary="Metadata of a HealthImaging image set",
        description="Passed on as the service sends it, as gzip if the caller accepts that, and never stored. If the"
        " metadata is too large for a response, it stays encrypted in a bucket for a day, and the answer is a 303 to"
        " a link that is valid for five minutes.",
        tags=["image sets"],
    )
    def get_metadata(
        datastoreId: DatastoreId,  # noqa: N803 - as in the path
        imageSetId: ImageSetId,  # noqa: N803
        version: Version = None,
    ) -> Response[Any]:
        accepted = gateway.accepts_gzip(gateway.header(app, "accept-encoding"), absent=True)
        found = metadata.fetch(datastoreId, imageSetId, version, packed=accepted)
        headers = {"Cache-Control": gateway.NO_STORE, "Vary": "Accept-Encoding"}
        if isinstance(found, Link):
            return Response(303, headers={**headers, "Location": found.url}, body="")
        if found.encoding is not None:
            headers["Content-Encoding"] = found.encoding
        return gateway.binary(found.body, found.media_type, headers)
