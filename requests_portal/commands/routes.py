"""`desk routes`: every address of the portal, and the act it asks for."""

from dataclasses import asdict

import click

from requests_portal.commands.console import as_json, plainly, tell


@click.command()
@as_json
@plainly
def routes(as_json: bool) -> None:  # noqa: FBT001 — click passes flags so
    """List every address with its method, audience and act."""
    from requests_portal.web.routes import routes as all_routes  # noqa: PLC0415 — the web stack loads only where it is used

    found = all_routes()
    if as_json:
        tell({"routes": [asdict(each) for each in found]})
        return
    for each in found:
        fresh = " (signed in lately)" if each.fresh else ""
        click.echo(f"{each.method:5} {each.route}  {each.audience}  {each.act}{fresh}")
