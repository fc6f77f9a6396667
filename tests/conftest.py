"""What all tests share: how hypothesis draws."""

import os

from hypothesis import HealthCheck, settings

# A busy machine is no fault of a test's. CI draws the same examples every time; elsewhere each run draws new ones.
settings.register_profile(
    "jobview",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("jobview")
