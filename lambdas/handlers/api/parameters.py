"""The parameters of the routes: their types, the accepted values, and how problems describe those."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from pydantic import BeforeValidator, WithJsonSchema

from jobview import catalogue
from jobview.model import FILTER_PARAMETERS, RFC3339, CoverageStatus, FilterKind, State, require_time
from jobview.model.jobid import PART_LIMIT, JobKey

SERVICES = catalogue.service_names()
TYPES = tuple(dict.fromkeys(family.type for family in catalogue.FAMILIES.values()))
STATES = tuple(state.value for state in State)
STATUSES = tuple(status.value for status in CoverageStatus)
JOBS_LIMIT = 500
LONGEST_AGE = 31_536_000

_FIRST_YEAR, _LAST_YEAR = "1904", "9996"
"""Both are leap years, so that they have every day of any other year."""
_LEAP_YEAR = 4
"""Has the same days as the year 0, which Python does not support."""
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_EXAMPLE_ID = "omics:us-east-1:111122223333:reference-import:1234567890:9876543210"

_PLAIN, _PLAIN_BUT_DOT = r"[A-Za-z0-9\-._]", r"[A-Za-z0-9\-_]"
_FOLLOWS = "~[89AB][0-9A-F]"
_CHARACTER = "|".join(
    (
        _PLAIN,
        "~[01][0-9A-F]|~2[0-9ABCF]|~3[A-F]|~40|~5[B-E]|~60|~7[B-F]",
        f"~(?:C[2-9A-F]|D[0-9A-F]){_FOLLOWS}",
        f"~E0~[AB][0-9A-F]{_FOLLOWS}|~E[1-9A-F](?:{_FOLLOWS}){{2}}",
        f"~F0~[9AB][0-9A-F](?:{_FOLLOWS}){{2}}|~F[1-3](?:{_FOLLOWS}){{3}}|~F4~8[0-9A-F](?:{_FOLLOWS}){{2}}",
    )
)
"""A character of a part of a job id: plain, or escaped as UTF-8."""
_PART = rf"(?:(?:\.{{0,2}}(?:{_CHARACTER.replace(_PLAIN, _PLAIN_BUT_DOT)})|\.{{3}})(?:{_CHARACTER})*|~2E|~2E~2E)"
"""One or more characters. ``.`` and ``..`` alone are escaped."""
_CUT = rf"(?=[^:]{{{PART_LIMIT - 2},{PART_LIMIT}}}(?::|$))(?:{_PLAIN}|~[0-9A-F]{{2}})+~h[0-9a-f]{{32}}"
"""A part that was too long: it is cut, maybe in the middle of a character, and a digest follows."""
_ANY = rf"(?:{_PART}|{_CUT})"
JOB_ID_PATTERN = f"^(?:{_PART}(?::{_PART}){{4,}}|{_ANY}(?::{_ANY}){{4,}})$"
"""Exactly the ids that ``JobKey.parse`` accepts, except that a part without a digest may have any length here.

The first alternative matches nearly every id. It exists for tools that generate texts from the pattern: they rarely
generate a correct part with a digest.
"""


def _one_of(values: tuple[str, ...]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if isinstance(value, str) and value in values:
            return value
        raise ValueError(f"not one of {', '.join(values)}")

    return check


def _matching(pattern: str) -> Callable[[object], str]:
    compiled = re.compile(pattern)

    def check(value: object) -> str:
        if isinstance(value, str) and compiled.fullmatch(value):
            return value
        raise ValueError(f"does not match {pattern}")

    return check


def _whole(least: int, most: int) -> Callable[[object], int]:
    def check(value: object) -> int:
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if isinstance(value, int) and least <= value <= most:
            return value
        raise ValueError(f"not a whole number from {least} to {most}")

    return check


def _time(value: object) -> datetime:
    """The first whole millisecond at or after an RFC 3339 time, because Jobview's times are in milliseconds.

    So a more precise bound neither loses nor adds a job, as a lower and as an upper bound. Times before or after
    every possible time of a job are equal to each other.
    """
    found = RFC3339.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("not an RFC 3339 time")
    year, month, day = found["date"].split("-")
    date(int(year) or _LEAP_YEAR, int(month), int(day))  # raises ValueError for a day that does not exist
    fraction = found["fraction"] or ""
    known = f"{min(max(year, _FIRST_YEAR), _LAST_YEAR)}-{month}-{day}T{found['clock']}"
    moment = require_time(f"{known}.{fraction[:3]:0<3}{found['offset']}")
    return moment + timedelta(milliseconds=bool(fraction[3:].strip("0")))


def _truth(value: object) -> bool:
    if value not in ("true", "false"):
        raise ValueError("neither true nor false")
    return value == "true"


def _job_id(value: object) -> JobKey:
    """A job id, as API Gateway decoded it. A second decoding could give an id that IAM did not authorise."""
    return JobKey.parse(str(value))


def _schema(**schema: Any) -> WithJsonSchema:
    return WithJsonSchema(schema)


_Service = Annotated[str, BeforeValidator(_one_of(SERVICES)), _schema(type="string", enum=list(SERVICES))]
_Type = Annotated[str, BeforeValidator(_one_of(TYPES)), _schema(type="string", enum=list(TYPES))]
_State = Annotated[State, BeforeValidator(_one_of(STATES)), _schema(type="string", enum=list(STATES))]
_Status = Annotated[CoverageStatus, BeforeValidator(_one_of(STATUSES)), _schema(type="string", enum=list(STATUSES))]
_Account = Annotated[str, BeforeValidator(_matching(r"[0-9]{12}")), _schema(type="string", pattern="^[0-9]{12}$")]
_Region = Annotated[
    str,
    BeforeValidator(_matching(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")),
    _schema(type="string", pattern="^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$"),
]
_Time = Annotated[datetime, BeforeValidator(_time), _schema(type="string", format="date-time")]
_Text = Annotated[str, BeforeValidator(_matching(r"(?s:.{1,512})")), _schema(type="string", minLength=1, maxLength=512)]
_Bool = Annotated[bool, BeforeValidator(_truth), _schema(type="boolean")]

_TYPES_OF_FILTERS: Mapping[FilterKind, Any] = MappingProxyType(
    {
        FilterKind.SERVICES: list[_Service],
        FilterKind.TYPES: list[_Type],
        FilterKind.STATES: list[_State],
        FilterKind.ACCOUNTS: list[_Account],
        FilterKind.REGIONS: list[_Region],
        FilterKind.TEXT: _Text,
        FilterKind.TIME: _Time,
        FilterKind.TRUTH: _Bool,
    }
)
FILTERS: Mapping[str, Any] = MappingProxyType(
    {
        field: Annotated[
            _TYPES_OF_FILTERS[parameter.kind] | None, Query(alias=parameter.name, description=parameter.description)
        ]
        for field, parameter in FILTER_PARAMETERS.items()
    }
)
"""The annotation of each field of ``JobFilter`` as the parameter of a route."""

Status = Annotated[list[_Status] | None, Query(description="Sources with these statuses. Several: as for service.")]
Limit = Annotated[
    int,
    BeforeValidator(_whole(1, JOBS_LIMIT)),
    _schema(type="integer", minimum=1, maximum=JOBS_LIMIT, default=100),
    Query(description="The most entries in an answer. It may have fewer and still have a nextToken."),
]
Token = Annotated[
    str | None,
    BeforeValidator(_matching(r"[A-Za-z0-9_\-]{1,4096}")),
    _schema(type="string", pattern=r"^[A-Za-z0-9_\-]{1,4096}$"),
    Query(
        alias="nextToken",
        description="Continues the answer that contained this token; the filters must be the same. Only the first"
        " page reads live: with a token maxAge has no effect.",
    ),
]
MaxAge = Annotated[
    int | None,
    BeforeValidator(_whole(0, LONGEST_AGE)),
    _schema(type="integer", minimum=0, maximum=LONGEST_AGE),
    Query(
        alias="maxAge",
        description="Reads now from AWS what was last read longer ago than this number of seconds; 0 reads"
        " everything now. Without it the cache answers.",
    ),
]
Include = Annotated[
    str | None,
    BeforeValidator(_one_of(("native",))),
    _schema(type="string", enum=["native"]),
    Query(description="native adds the service's own record, which is read from AWS now and never stored."),
]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="The ETag of an answer that the caller has: 304 if it is still valid."),
]
JobId = Annotated[
    JobKey,
    BeforeValidator(_job_id),
    _schema(
        type="string",
        pattern=JOB_ID_PATTERN,
        examples=[_EXAMPLE_ID],
    ),
    Path(description="The job's id, as in the job view."),
]
ServicePath = Annotated[
    str,
    BeforeValidator(_one_of(SERVICES)),
    _schema(type="string", enum=list(SERVICES)),
    Path(description="The service, by boto3's name."),
]

_ALLOWED_BY_FILTERS: Mapping[FilterKind, str | tuple[str, ...]] = MappingProxyType(
    {
        FilterKind.SERVICES: SERVICES,
        FilterKind.TYPES: TYPES,
        FilterKind.STATES: STATES,
        FilterKind.ACCOUNTS: "an account number of 12 digits",
        FilterKind.REGIONS: "the name of a region, e.g. us-east-1",
        FilterKind.TEXT: "1 to 512 characters",
        FilterKind.TIME: (
            "an RFC 3339 time that the calendar has, with seconds up to 59 and an offset of hours and minutes,"
            " e.g. 2026-11-22T10:00:00Z (a + is written %2B)"
        ),
        FilterKind.TRUTH: ("true", "false"),
    }
)
ALLOWED: Mapping[str, str | tuple[str, ...]] = MappingProxyType(
    {
        **{parameter.name: _ALLOWED_BY_FILTERS[parameter.kind] for parameter in FILTER_PARAMETERS.values()},
        "status": STATUSES,
        "limit": f"a whole number from 1 to {JOBS_LIMIT}",
        "nextToken": "the nextToken of an answer to the same route and filters",
        "maxAge": f"a whole number of seconds from 0 to {LONGEST_AGE}",
        "include": ("native",),
        "id": "service:region:account:type[:parent]:nativeId",
    }
)
"""The allowed values of each parameter, as problems describe them."""
