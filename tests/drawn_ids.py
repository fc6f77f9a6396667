"""Texts that are job ids, and texts that nearly are."""

from hypothesis import strategies as st

from jobview.model.jobid import PART_LIMIT, JobKey

_DIGEST = "~h" + "0123456789abcdef" * 2
_PARTS = (st.text(min_size=1, max_size=8) | st.text("a夜ü:", min_size=40, max_size=500)).map(JobKey.join)
"""Parts of ids, long ones too, in any script."""
_SHORT = st.text("abz~-._ 09AFé", max_size=8) | st.sampled_from([".", "..", "~2E", "~C3~A4", "~E5~A4~9C"])


@st.composite
def _nearly_cut(draw: st.DrawFn) -> str:
    """A part with a digest, right or nearly: its length, the characters before the digest, and the digest."""
    length = draw(st.integers(PART_LIMIT - 4, PART_LIMIT + 2)) - len(_DIGEST)
    unit = draw(st.sampled_from(["a", "~E5", "~E5~A4~9C", "~41", "~h0", ".", "~e5"]))
    before = (unit * length)[:length]
    end = draw(st.sampled_from(["", "~", "~E", "aa", "aaa"]))
    digest = draw(st.sampled_from([_DIGEST, _DIGEST.upper(), _DIGEST[:-1], _DIGEST[1:], _DIGEST.replace("a", "g")]))
    if not digest.startswith("~"):  # a part without a digest, which may not be too long
        before = before[: PART_LIMIT - len(digest)]
    return before[: len(before) - len(end)] + end + digest


@st.composite
def _ids(draw: st.DrawFn) -> str:
    parts = draw(st.lists(_PARTS, max_size=3))
    parts.insert(draw(st.integers(0, len(parts))), draw(_PARTS | _SHORT | _nearly_cut()))
    begin = ["glue", "us-east-1", "111122223333", "job-run"]
    return ":".join([*draw(st.sampled_from([begin, begin, begin[:2]])), *parts])


JOB_IDS = st.text("abz:~-._%/ 09AFé", max_size=40) | _ids()
"""Right ones and wrong ones, with digests too; none has a part without a digest that is too long."""
