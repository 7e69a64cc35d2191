"""What people run beside the demonstration: a file for each group of commands."""

import click

from requests_portal.commands.agencies import agencies
from requests_portal.commands.backup import backup, restore
from requests_portal.commands.canaries import canaries
from requests_portal.commands.catalogue import catalogue
from requests_portal.commands.customers import customers
from requests_portal.commands.diagnostics import diagnostics
from requests_portal.commands.doctor import doctor, production
from requests_portal.commands.holds import holds
from requests_portal.commands.listening import listening
from requests_portal.commands.roster import roster
from requests_portal.commands.routes import routes
from requests_portal.commands.rules import rules
from requests_portal.commands.serve import serve, setup, worker
from requests_portal.commands.user import user

COMMANDS: tuple[click.Command, ...] = (
    rules,
    catalogue,
    canaries,
    serve,
    worker,
    setup,
    holds,
    listening,
    doctor,
    production,
    roster,
    agencies,
    user,
    customers,
    backup,
    restore,
    diagnostics,
    routes,
)
