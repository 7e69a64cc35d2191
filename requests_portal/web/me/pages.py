"""The pages of everybody who is signed in."""

# Importing these modules hangs their routes on the blueprint.
from requests_portal.web.me import passkeys, sessions
from requests_portal.web.me.blueprint import pages

__all__ = ["pages", "passkeys", "sessions"]
