"""The endpoint's own paths, under `/_standin/`: JSON in, JSON out, no signature.

GET    health             what runs here
GET    faults             the rules in force, with counts
PUT    faults             {"rules": [rule, …]} in place of all others
POST   faults             one more rule; answers {"id": …}
DELETE faults, faults/ID  all of them, one of them
POST   seed               {"jobs": [seed, …]} or one seed; answers {"jobs": [{service, type, …, id}, …]}
PUT    plans              {"service", "type", "plan", "times"?}: what jobs started through the AWS API do
DELETE plans              back to the default
POST   image-sets         {"datastore", "versions": [{"document": …} | {"compressedBytes": n}], "region"?}
GET    clock              {"now": …}
POST   clock              {"advance": seconds}
DELETE state              forget every store, job and plan

A wrong request gets 400 with {"message": …}.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from local.standin.faults import Faults, Rule
from local.standin.plans import Seed
from local.standin.serialising import dump, iso8601
from local.standin.simulation import Plan
from local.standin.state import State
from local.standin.wire import Response

ADMIN = "/_standin/"


def administer(state: State, faults: Faults, upstream: str | None, method: str, path: str, body: bytes) -> Response:
    """Answer one request to the endpoint's own paths."""
    name, _, rest = path.removeprefix(ADMIN).strip("/").partition("/")
    found = _Administration(state, faults, upstream)
    handlers: Mapping[tuple[str, str], Callable[[Any], Any]] = {
        ("GET", "health"): found.health,
        ("GET", "faults"): found.rules,
        ("PUT", "faults"): found.replace_rules,
        ("POST", "faults"): found.add_rule,
        ("DELETE", "faults"): lambda _: found.remove_rule(rest),
        ("POST", "seed"): found.seed,
        ("PUT", "plans"): found.plan,
        ("DELETE", "plans"): found.clear_plans,
        ("POST", "image-sets"): found.image_set,
        ("GET", "clock"): found.now,
        ("POST", "clock"): found.advance,
        ("DELETE", "state"): found.clear,
    }
    handler = handlers.get((method, name))
    if handler is None:
        return _json(404, {"message": f"{method} {path}: there is no such thing"})
    try:
        document = json.loads(body) if body else {}
        if not isinstance(document, dict):
            raise ValueError("the body is not a JSON object")
        return _json(200, handler(document))
    except KeyError as problem:
        return _json(400, {"message": f"{problem} is missing or unknown"})
    except (ValueError, TypeError) as problem:
        return _json(400, {"message": str(problem)})


def _json(status: int, document: Any) -> Response:
    return Response(status=status, headers={"Content-Type": "application/json"}, body=dump(document))


class _Administration:
    def __init__(self, state: State, faults: Faults, upstream: str | None) -> None:
        self._state = state
        self._faults = faults
        self._upstream = upstream

    def health(self, _: Any) -> Any:
        return {
            "status": "running",
            "account": self._state.account,
            "services": sorted(self._state.protocols),
            "families": [
                {"service": service, "type": kind, "outcomes": outcomes}
                for service, kind, outcomes in self._state.played
            ],
            "upstream": self._upstream,
            **self.now(None),
        }

    def rules(self, _: Any) -> Any:
        return {"rules": self._faults.to_json()}

    def replace_rules(self, document: Mapping[str, Any]) -> Any:
        self._faults.replace([Rule.from_json(rule) for rule in document["rules"]])
        return self.rules(None)

    def add_rule(self, document: Mapping[str, Any]) -> Any:
        return {"id": self._faults.add(Rule.from_json(document))}

    def remove_rule(self, rule_id: str) -> Any:
        if not rule_id:
            self._faults.clear()
        elif not self._faults.remove(rule_id):
            raise ValueError(f"there is no rule {rule_id}")
        return self.rules(None)

    def seed(self, document: Mapping[str, Any]) -> Any:
        seeds = [Seed.from_json(one) for one in document.get("jobs", [document])]
        return {"jobs": [{**vars(job), "parent": job.parent} for seed in seeds for job in self._state.seed(seed)]}

    def plan(self, document: Mapping[str, Any]) -> Any:
        service, kind = document["service"], document["type"]
        plan = Plan.from_json(document["plan"])
        self._state.plan(service, kind, plan, times=document.get("times"))
        return {"service": service, "type": kind, "plan": plan.to_json()}

    def clear_plans(self, _: Any) -> Any:
        self._state.forget_plans()
        return {}

    def image_set(self, document: Mapping[str, Any]) -> Any:
        service = self._state.medical_imaging(document.get("region", "us-east-1"))
        datastore, image_set = service.add_image_set(
            document.get("datastore", "default"),
            document["versions"],
            image_set_id=document.get("imageSetId"),
        )
        return {"datastoreId": datastore, "imageSetId": image_set}

    def now(self, _: Any) -> Any:
        return {"now": iso8601(self._state.clock.now())}

    def advance(self, document: Mapping[str, Any]) -> Any:
        return {"now": iso8601(self._state.clock.advance(float(document["advance"])))}

    def clear(self, _: Any) -> Any:
        self._state.clear()
        return {}
