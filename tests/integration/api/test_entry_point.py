"""The function as Lambda calls it."""

import json

import pytest

from api import handler as module
from jobview.settings import SettingsError
from tests.api_gateway import Context, event
from tests.local_jobview import Local


def test_the_entry_point_reads_its_environment_once(
    local: Local, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in local.settings.items():
        monkeypatch.setenv(name, value)
    module._handler.cache_clear()
    try:
        answer = module.handler(event("/v1/jobs?name=private"), Context())  # type: ignore[arg-type]
        assert answer["statusCode"] == 200
        assert json.loads(answer["body"])["jobs"] == []
        assert module._handler() is module._handler()
    finally:
        module._handler.cache_clear()
    assert "private" not in capsys.readouterr().out


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(SettingsError, match="JOBVIEW_FAMILIES"):
        module.build({})
