"""Sample jobs of the families that nothing lists: the API is asked for each of them once, as who started it would."""

from collections.abc import Sequence

from jobview.catalogue.family import Family
from jobview.model.jobid import JobKey
from local.calls import Caller
from local.processes import LocalError
from local.samples.played import PLANS, Administer


def ask_for_jobs(administer: Administer, caller: Caller, families: Sequence[Family]) -> None:
    """Seed a job for each end that each of the families knows, and ask the API for it.

    :raises LocalError: the API does not answer with the job
    """
    known = {(each["service"], each["type"]): each["outcomes"] for each in administer("GET", "health", {})["families"]}
    for family in families:
        for outcome in known[family.service, family.type]:
            name = f"{outcome}-{family.type}"
            document = {"service": family.service, "type": family.type, "name": name, "plan": PLANS[outcome]}
            [job] = administer("POST", "seed", document)["jobs"]
            key = JobKey(
                service=family.service,
                region=job["region"],
                account=job["account"],
                type=family.type,
                parents=tuple(job["parents"]),
                native_id=job["id"],
            )
            answer = caller.get(f"/v1/jobs/{key}?maxAge=0")
            if answer.status != 200:
                raise LocalError(f"the API answers {answer.status} for {key}: {answer.body[:500]!r}")
