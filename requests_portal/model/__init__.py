"""Frozen dataclasses and their laws: what a case, a decision and a production are, not where they are kept."""
