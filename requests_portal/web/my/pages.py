"""The customer's pages: my recordings, my requests, asking, and what I was given."""

# Importing these modules hangs their routes on the blueprint.
from requests_portal.web.my import asking, given, recordings, requests
from requests_portal.web.my.blueprint import pages

__all__ = ["asking", "given", "pages", "recordings", "requests"]
