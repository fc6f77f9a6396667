import gzip

import pytest

from handlers.image_sets.metadata import _unpack
from jobview.http import gateway
from jobview.http.problems import Problem

PACKED = gzip.compress(b'{"SchemaVersion":"1.1"}' * 100, mtime=0)


def test_gzip_is_unpacked() -> None:
    assert _unpack(PACKED) == gzip.decompress(PACKED)
    # A gzip file may have several members.
    assert _unpack(PACKED + PACKED) == gzip.decompress(PACKED) * 2


@pytest.mark.parametrize("packed", [b"not gzip", PACKED[:5], PACKED[:40], PACKED[:-9], PACKED[:-4]])
def test_what_is_not_whole_gzip_is_malformed(packed: bytes) -> None:
    with pytest.raises(Problem) as caught:
        _unpack(packed)
    assert caught.value.kind == "aws-malformed"


def test_what_unpacks_to_too_much_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "LARGEST_BODY", len(gzip.decompress(PACKED)))
    assert _unpack(PACKED)
    monkeypatch.setattr(gateway, "LARGEST_BODY", len(gzip.decompress(PACKED)) - 1)
    with pytest.raises(Problem) as caught:
        _unpack(PACKED)
    assert caught.value.kind == "not-acceptable"


def test_a_bomb_is_unpacked_no_further_than_can_be_sent() -> None:
    with pytest.raises(Problem) as caught:
        _unpack(gzip.compress(bytes(200_000_000), compresslevel=1))
    assert caught.value.kind == "not-acceptable"
