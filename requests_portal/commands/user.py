"""`desk user`: who works here; for the administrator on the desk's own machine."""

import secrets
from pathlib import Path
from typing import Any

import click

from requests_portal.commands.console import as_json, plainly, settings_file, tell

TOKEN_BYTES = 32


@click.group()
def user() -> None:
    """Who works here: let somebody in, show who there is, and note who has left."""


@user.command()
@click.argument("mail")
@click.option("--name", required=True, help="As colleagues and papers name them.")
@click.option("--role", "roles", multiple=True, required=True, help="Such as lawyer; may be repeated.")
@settings_file
@plainly
def add(mail: str, name: str, roles: tuple[str, ...], settings: Path) -> None:
    """Let somebody in, and print the link with which they make their passkey; it ends after 24 hours."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.people import add_person, enrolment_link, named_roles  # noqa: PLC0415

    known, token = read(settings), secrets.token_urlsafe(TOKEN_BYTES)
    with open_desk(known).outside.unit_of_work() as work:
        new = add_person(work, name=name, mail=mail, roles=named_roles(roles), by=COMMAND_LINE)
        enrolment_link(work, new.id, token=token, by=COMMAND_LINE)
    _say_link(known.public_url, token)


@user.command()
@click.argument("mail")
@settings_file
@plainly
def link(mail: str, settings: Path) -> None:
    """Print a new link for somebody who has not used theirs, or has lost their passkey."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — as above
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.people import enrolment_link, person_of  # noqa: PLC0415

    known, token = read(settings), secrets.token_urlsafe(TOKEN_BYTES)
    with open_desk(known).outside.unit_of_work() as work:
        enrolment_link(work, person_of(work, mail).id, token=token, by=COMMAND_LINE)
    _say_link(known.public_url, token)


@user.command()
@click.argument("mail")
@click.option("--role", "named", multiple=True, required=True, help="All that they have from now on; may be repeated.")
@settings_file
@plainly
def roles(mail: str, named: tuple[str, ...], settings: Path) -> None:
    """Give somebody other roles, also in the sessions that they have now."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — as above
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.people import change_roles, named_roles, person_of  # noqa: PLC0415

    with open_desk(read(settings)).outside.unit_of_work() as work:
        moved = change_roles(work, person_of(work, mail).id, named_roles(named), by=COMMAND_LINE)
    click.echo(f"{moved.name} is now: {', '.join(sorted(moved.roles))}.")


@user.command("list")
@settings_file
@as_json
@plainly
def list_(settings: Path, as_json: bool) -> None:  # noqa: FBT001 — click passes flags so
    """Show who works here and who has left."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — as above
    from requests_portal.settings import read  # noqa: PLC0415

    with open_desk(read(settings)).outside.reading() as work:
        people = [(each, len(work.passkeys.of(each.id))) for each in work.staff.all()]
    if as_json:
        tell({"people": [_told(each, keys) for each, keys in people]})
        return
    for each, keys in people:
        state = f"left {each.left_at:%Y-%m-%d}" if each.left_at else f"{keys} passkeys"
        waits = f"  not confirmed: {', '.join(sorted(each.awaited.roles))}" if each.awaited else ""
        click.echo(f"{each.mail}  {each.name}  {', '.join(sorted(each.roles))}  {state}{waits}")
    if not people:
        click.echo("Nobody yet. Let somebody in with desk user add.")


@user.command()
@click.argument("mail")
@click.option("--hand-over-to", "to", help="The mail address of who gets their open requests; nobody yet without it.")
@settings_file
@plainly
def leave(mail: str, to: str | None, settings: Path) -> None:
    """Note that somebody has left: their sessions end now, and no passkey or link of theirs opens anything."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — as above
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.hand_over import hand_over, open_work  # noqa: PLC0415
    from requests_portal.work.people import leave as has_left  # noqa: PLC0415
    from requests_portal.work.people import person_of  # noqa: PLC0415

    with open_desk(read(settings)).outside.unit_of_work() as work:
        found = person_of(work, mail)
        has_left(work, found.id, by=COMMAND_LINE)
        waiting = open_work(work, found.id, by=COMMAND_LINE)
        hand_over(work, found.id, to=person_of(work, to).id if to else None, by=COMMAND_LINE)
    click.echo(f"{found.name} is let in no more.")
    for reference in waiting:
        click.echo(f"{reference} is now with {to or 'nobody'}.")


def _say_link(public_url: str, token: str) -> None:
    click.echo(f"{public_url.rstrip('/')}/sign-in/link/{token}")
    click.echo("It works once, within 24 hours. Hand it over by a way that reaches nobody else.", err=True)


def _told(person: Any, passkeys: int) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "mail": person.mail,
        "roles": sorted(person.roles),
        "awaited": sorted(person.awaited.roles) if person.awaited else [],
        "since": person.since.isoformat(),
        "left_at": person.left_at.isoformat() if person.left_at else None,
        "passkeys": passkeys,
    }
