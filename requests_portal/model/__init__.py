"""Frozen dataclasses and their laws: what a case, a decision and a production are, with no word about where they are kept."""
