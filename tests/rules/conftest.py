"""How many examples the properties try: `--hypothesis-profile=mutate` is for runs that repeat the tests very often."""

from hypothesis import settings

settings.register_profile("mutate", max_examples=8, derandomize=True, deadline=None, database=None)
