"""`desk customers`: who has an account, from the company's own system of customers."""

from pathlib import Path

import click

from requests_portal.commands.console import plainly, settings_file


@click.group()
def customers() -> None:
    """Who has an account with us, and can sign in as a customer."""


@customers.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@settings_file
@plainly
def import_(file: Path, settings: Path) -> None:
    """Enter and change customers from a CSV: account,name,mail,phone,since,country,language,zone,address."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.customers_file import read_customers  # noqa: PLC0415
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.put_customers import put_customers  # noqa: PLC0415

    found = read_customers(file)
    outside = open_desk(read(settings)).outside
    entered, changed = put_customers(outside, found.customers, sha256=found.sha256, by=COMMAND_LINE)
    click.echo(f"{entered} customers were entered and {changed} changed; {len(found.customers)} are in the file.")
