"""Casework: the pages of one case, from its assessment to its release, and the rules it is judged by."""

# Importing these modules hangs their routes on the blueprint.
from requests_portal.web.desk import (
    case,
    certify,
    decide,
    editions,
    facts,
    letter,
    links,
    production,
    recall,
    recordings,
    release,
    replay,
    rules,
    settle,
)
from requests_portal.web.desk.blueprint import pages

__all__ = [
    "case",
    "certify",
    "decide",
    "editions",
    "facts",
    "letter",
    "links",
    "pages",
    "production",
    "recall",
    "recordings",
    "release",
    "replay",
    "rules",
    "settle",
]
