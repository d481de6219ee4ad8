"""What holds for every test: how long a thing takes is measured in `benchmarks`, never here."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "untimed", settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
)
settings.load_profile("untimed")
