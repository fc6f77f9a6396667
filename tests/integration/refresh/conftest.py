from collections.abc import Iterator

import pytest

from tests.local_aws import emulator
from tests.local_jobview import Local, local_jobview


@pytest.fixture(scope="session")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with emulator(tmp_path_factory.mktemp("emulator")) as url:
        yield url


@pytest.fixture
def share() -> str:
    """What part of AWS's quotas reads take; a test may choose another."""
    return "0.5"


@pytest.fixture
def local(upstream: str, monkeypatch: pytest.MonkeyPatch, share: str) -> Iterator[Local]:
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with local_jobview(upstream, monkeypatch.setenv, JOBVIEW_QUOTA_SHARE=share) as jobview:
        yield jobview
