"""The events of every family, as the services document them: each names its job."""

import json

import pytest

from jobview.catalogue import FAMILIES
from jobview.events.incoming import hint
from jobview.model import Target
from jobview.monitored import Monitored
from tests.contract.expectations import expected

MONITORED = Monitored(targets=(Target(account="111122223333", region="us-east-1"),), families=tuple(FAMILIES.values()))


@pytest.mark.parametrize("name", [name for name, each in FAMILIES.items() if each.events is not None])
def test_an_event_names_its_job(name: str) -> None:
    declared, documented = FAMILIES[name].events, expected(name)["event"]
    assert declared is not None
    for kind in declared.detail_types:
        event = {
            "version": "0",
            "id": "315c1398-40ff-a850-213b-158f73e60175",
            "source": declared.source,
            "detail-type": kind,
            "account": "111122223333",
            "region": "us-east-1",
            "time": "2026-11-20T12:00:00Z",
            "resources": documented.get("resources", []),
            "detail": documented["detail"],
        }
        found = hint(json.dumps(event), MONITORED)
        assert str(found.key) == documented["job"]
        assert (found.family.name, found.target) == (name, MONITORED.targets[0])
        assert found.happened_at.isoformat() == "2026-11-20T12:00:00+00:00"


@pytest.mark.parametrize("name", FAMILIES)
def test_an_expected_event_is_of_a_family_with_events(name: str) -> None:
    assert ("event" in expected(name)) is (FAMILIES[name].events is not None)
