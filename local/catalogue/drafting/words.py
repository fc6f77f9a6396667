"""Words that everyone reads alike: of a status, and in the names of members. All else is a question."""

import re
from collections.abc import Iterable, Mapping

from jobview.model import State

_STATES: Mapping[State, str] = {
    State.PENDING: "pending queued enqueued submitted scheduled waiting notstarted",
    State.RUNNING: "running inprogress processing executing started",
    State.PAUSED: "paused suspended",
    State.CANCELLING: (
        "cancelling canceling cancelrequested cancelinprogress cancelsubmitted stopping stoprequested stopinprogress "
        "pendingcancel aborting"
    ),
    State.SUCCEEDED: "succeeded success successful completed complete finished done",
    State.PARTIALLY_SUCCEEDED: (
        "completedwitherrors completedwithfailures completedwithfailure completewitherrors partiallysucceeded "
        "partialsuccess partiallycompleted succeededwithissues partiallyfailed"
    ),
    State.FAILED: "failed failure error errored timedout timeout",
    State.CANCELLED: "cancelled canceled aborted cancelcompleted",
}
_PLACED = {word: state for state, text in _STATES.items() for word in text.split()}


def plain(name: str) -> str:
    """Letters and digits in lower case."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def placed(words: Iterable[str]) -> tuple[dict[State, list[str]], list[str]]:
    """Return the words of each state, and those that somebody has to place."""
    known: dict[State, list[str]] = {}
    doubtful: list[str] = []
    for word in words:
        state = _PLACED.get(plain(word))
        if state is None:
            doubtful.append(word)
        else:
            known.setdefault(state, []).append(word)
    return {state: known[state] for state in _STATES if state in known}, doubtful


def spaced(name: str) -> str:
    """A name in camel case as words: ``FHIRImportJobs`` is ``FHIR Import Jobs``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)


def kebab(name: str) -> str:
    """A name in camel case as a word of ids: ``FHIRImportJob`` is ``fhir-import-job``."""
    return re.sub(r"[^a-z]+", "-", spaced(name).lower()).strip("-")


def singular(noun: str) -> str:
    """One of several: ``Jobs`` is ``Job``, ``Queries`` is ``Query``."""
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    if re.search(r"(ss|sh|ch|x)es$", noun):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "sis", "us")) else noun


def noun_of(operation: str) -> str:
    """What an operation reads one or several of: ``ListFHIRImportJobs`` is of a ``FHIRImportJob``."""
    rest = re.sub(r"^(List|Describe|BatchGet|Get|Search|Query)", "", re.sub(r"V\d+$", "", operation))
    return singular(re.sub(r"(Summaries|Metadata|Details)$", "", rest) or rest)


TIMES: Mapping[str, str] = {
    "created": r"(creat|submi|request)\w*(time|date|at|on|timestamp)|(creation|submit|request)(time|date)\w*",
    "started": r"(job|task|run|execution)?(start|begin|began)\w*(time|date|at|on|timestamp)?",
    "updated": r"(last)?(updat|modif)\w*(time|date|at|on|timestamp)?|last(updated|modified)\w*",
    "ended": r"(job|task|run|execution)?(end|complet|finish|stopp)\w*(time|date|at|on|timestamp)?",
}
"""Fact → the plain names of members that tell it."""
TEXTS: Mapping[str, str] = {
    "reason": r"(job|task|run)?(failure|status|state|error)\w*(reason|message|description|details?)|message",
    "name": r"(\w*(job|task|run|execution|import|export|query)name|name)",
    "role": r"\w*role(arn)?",
}
URIS = re.compile(r"s3uri|s3url|s3path|s3location|uri|s3outputpath|s3outputuri|s3outputlocation|outputlocation")
COUNTED = re.compile(r"(fail|error|succe|total|processed|skipped|complet|reject|pending|imported|scanned|numberof)")
SECRET = re.compile(
    r"command|^args$|^env$|environment|secret|password|credential|token|^options$|parameters?$|annotations|^query$"
    r"|arguments",
    re.IGNORECASE,
)
"""Names of members that may hold secrets, as the contract tests know them."""
