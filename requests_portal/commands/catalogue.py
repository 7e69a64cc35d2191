"""`desk catalogue …`: how recordings get into the catalogue, and how it is compared with the store."""

import click

from requests_portal.commands.copies import copies
from requests_portal.commands.importing import import_
from requests_portal.commands.inventory import reconcile, unentered
from requests_portal.commands.recount import recount
from requests_portal.commands.reviewable import reviewable


@click.group()
def catalogue() -> None:
    """The catalogue: import recordings, compare it with the store, count it anew."""


for each in (import_, copies, reconcile, unentered, reviewable, recount):
    catalogue.add_command(each)
