"""What anybody may read: accessibility, keyboard and privacy."""

from flask import render_template

from requests_portal.model.actor import Act
from requests_portal.web.acts import NOBODY, does, is_staff, person
from requests_portal.web.public.blueprint import pages


@pages.get("/accessibility")
@does(Act.READ_PUBLIC)
def accessibility() -> str:
    """What we promise, what was tried, and what is not good enough yet."""
    return _page("accessibility")


@pages.get("/keyboard")
@does(Act.READ_PUBLIC)
def keyboard() -> str:
    """Every shortcut, and the switch that turns them off."""
    return _page("keyboard")


@pages.get("/privacy")
@does(Act.READ_PUBLIC)
def privacy() -> str:
    """What this portal keeps of those who use it."""
    return _page("privacy")


def _page(name: str) -> str:
    audience = "desk" if is_staff() or person() is NOBODY else "customer"
    return render_template(f"public/{name}.html", audience=audience, zone_sentence=None)
