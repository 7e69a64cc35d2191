"""Every phrase a rule may use; each module defines those of its field."""

from legal_rules.conditions import abroad, dates, demand, federal, paper, person, states, timing
from legal_rules.conditions.condition import CONDITIONS, Condition

__all__ = ["CONDITIONS", "Condition", "abroad", "dates", "demand", "federal", "paper", "person", "states", "timing"]
