"""The customer's pages: my recordings, my requests, asking, deleting, agents, notices, and what I was given."""

# Importing these modules hangs their routes on the blueprint.
from requests_portal.web.my import (
    agents,
    asking,
    correcting,
    deleting,
    given,
    human_review,
    listened,
    notices,
    recordings,
    requests,
)
from requests_portal.web.my.blueprint import pages

__all__ = [
    "agents",
    "asking",
    "correcting",
    "deleting",
    "given",
    "human_review",
    "listened",
    "notices",
    "pages",
    "recordings",
    "requests",
]
