"""The events of every family, as the services document them: each names its job."""

import json

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Family
from jobview.events.incoming import hint
from jobview.model import Target
from jobview.monitored import Monitored
from tests.contract.each import each_family
from tests.contract.expectations import expected

MONITORED = Monitored(targets=(Target(account="111122223333", region="us-east-1"),), families=tuple(FAMILIES.values()))


@each_family
def test_an_event_names_its_job(declared: Family) -> None:
    if declared.events is None:
        return
    documented = expected(declared.name)["event"]
    for kind in declared.events.detail_types:
        event = {
            "version": "0",
            "id": "315c1398-40ff-a850-213b-158f73e60175",
            "source": declared.events.source,
            "detail-type": kind,
            "account": "111122223333",
            "region": "us-east-1",
            "time": "2026-11-20T12:00:00Z",
            "resources": documented.get("resources", []),
            "detail": documented["detail"],
        }
        found = hint(json.dumps(event), MONITORED)
        assert str(found.key) == documented["job"]
        assert (found.family.name, found.target) == (declared.name, MONITORED.targets[0])
        assert found.happened_at.isoformat() == "2026-11-20T12:00:00+00:00"


@each_family
def test_an_expected_event_is_of_a_family_with_events(declared: Family) -> None:
    assert ("event" in expected(declared.name)) is (declared.events is not None)
