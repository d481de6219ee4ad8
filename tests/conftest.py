"""What holds for every test: how long a thing takes is measured in `benchmarks`, never here."""

from hypothesis import settings

settings.register_profile("untimed")
settings.load_profile("untimed")
