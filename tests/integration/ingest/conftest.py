from tests.integration.refresh.conftest import local, upstream

__all__ = ["local", "upstream"]
