from tests.integration.refresh.conftest import local, share, upstream

__all__ = ["local", "share", "upstream"]
