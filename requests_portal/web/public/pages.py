"""The public pages: signing in, verifying, the link of a release, and what anybody may read."""

# Importing these modules hangs their routes on the blueprint.
from requests_portal.web.public import about, health, link, mailed, passkey, provider, recalls, sign_in, verifying
from requests_portal.web.public.blueprint import pages

__all__ = ["about", "health", "link", "mailed", "pages", "passkey", "provider", "recalls", "sign_in", "verifying"]
