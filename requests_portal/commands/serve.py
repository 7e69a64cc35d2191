"""`desk serve`, `desk worker` and `desk setup`: the processes of a desk."""

from pathlib import Path

import click
from click.core import ParameterSource

from requests_portal.commands.console import as_a_service, plainly, settings_file


@click.command()
@settings_file
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="The address to answer at.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that answer.")
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True, help="Threads of each.")
@as_a_service
def serve(settings: Path, bind: str, workers: int, threads: int) -> None:
    """Serve the pages; durable work is left to `desk worker`."""
    from requests_portal.serving import serve as go  # noqa: PLC0415 — the web stack loads only where it is used

    go(settings, bind=bind, workers=workers, threads=threads)


@click.group(invoke_without_command=True)
@click.option("--name", help="Its stable name: started again under it, a worker goes on with what it had begun.")
@settings_file
@click.pass_context
@as_a_service
def worker(context: click.Context, name: str | None, settings: Path) -> None:
    """Execute durable work under a stable name, and see to workers."""
    if context.invoked_subcommand is not None:
        _refuse_misplaced(context)
        return
    if not name:
        raise click.UsageError("Name the worker with --name.")
    from requests_portal.attending import attend  # noqa: PLC0415

    attend(settings, name=name)


def _refuse_misplaced(context: click.Context) -> None:
    """An option before the subcommand would be taken for another desk's, or for nothing."""
    told = [name for name in ("name", "settings") if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if told:
        raise click.UsageError(f"Write --{told[0]} after {context.invoked_subcommand}, whose it is.")


@worker.command()
@click.argument("name")
@settings_file
@plainly
def drain(name: str, settings: Path) -> None:
    """Have the worker NAME take nothing new, finish or give back what it has begun, and end."""
    from requests_portal.attending import drain as ask  # noqa: PLC0415

    ask(settings, name=name)
    click.echo(f"{name} drains and ends within a minute.")


@worker.command("take-over")
@click.argument("name")
@settings_file
@plainly
def take_over(name: str, settings: Path) -> None:
    """Give what the worker NAME had begun to the others, once NAME is surely gone."""
    from requests_portal.attending import take_over as take  # noqa: PLC0415

    count = take(settings, name=name)
    click.echo(f"{count} pieces of work of {name} wait for another worker now.")


@click.command()
@settings_file
@plainly
def setup(settings: Path) -> None:
    """Make what is missing of tables, keys, folders and buckets, and say whether all is well."""
    from requests_portal.app import open_patiently  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.site import readiness  # noqa: PLC0415
    from requests_portal.stock import make_store  # noqa: PLC0415

    desk = open_patiently(read(settings))
    make_store(desk)
    found = readiness(desk)()
    for name, well in found.items():
        click.echo(f"{'✓' if well else '✗'} {name}")
    raise SystemExit(0 if all(found.values()) else 1)
