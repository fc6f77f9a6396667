"""The function as Lambda calls it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from handlers.api import handler as module
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
    with pytest.raises(SettingsError, match="JOBVIEW_CONFIGURATION is not set"):
        module.build({})


def test_the_function_does_not_load_the_models_of_its_answers() -> None:
    loaded = (
        "import sys, handlers.api.handler; print(*(name for name in sys.modules if name.startswith('handlers.api.')))"
    )
    told = subprocess.run(
        [sys.executable, "-c", loaded],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(module.__file__).parents[2])},
    )
    assert set(told.stdout.split()) == {
        "handlers.api.edge",
        "handlers.api.filtering",
        "handlers.api.handler",
        "handlers.api.parameters",
        "handlers.api.routes",
    }
