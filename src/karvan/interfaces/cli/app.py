"""The command `karvan`: its groups, and the one place where its errors end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from karvan import __version__
from karvan.domain.errors import KarvanError
from karvan.interfaces.cli import (
    audit,
    check_quote,
    closure,
    compare,
    config,
    contingency,
    db,
    departures,
    goods,
    invest,
    jobs,
    key,
    lanes,
    network_paths,
    person,
    plan,
    quote,
    resilience,
    serve,
    tariff,
    trade,
    validate,
    work,
)
from karvan.interfaces.cli.failures import INTERRUPTED, tell, tell_our_fault, tell_usage
from karvan.interfaces.cli.output import print_text, say_as_it_is
from karvan.interfaces.cli.told_help import tell_help
from karvan.interfaces.cli.told_in import Lang, told_in
from karvan.interfaces.wiring import Wiring
from karvan.services.words import ENGLISH, SOURCE, speaking, spoken

EXIT_STATUS = "Exit status: 0 done, 1 our fault, 2 wrong input or nothing found, 3 a limit reached."


def _version(wanted: bool) -> None:
    if wanted:
        print_text(f"karvan {__version__}")
        raise typer.Exit


def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
    lang: Lang = None,
) -> None:
    """Through transport on the Trans-Caspian corridor: quotes, studies, and their network."""
    del version, lang  # read before the command, wherever it stands


def version() -> None:
    """Print the version."""
    _version(True)


def build() -> typer.Typer:
    """Put the commands together."""
    app = typer.Typer(
        name="karvan",
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"max_content_width": 100},
        epilog=EXIT_STATUS,
    )
    app.callback()(root)
    app.command("quote", epilog=EXIT_STATUS)(quote.quote)
    app.command("check-quote", epilog=EXIT_STATUS)(check_quote.check_quote)
    app.add_typer(lanes.group, name="quotes")
    app.command("goods", epilog=EXIT_STATUS)(goods.goods)
    app.command("plan", epilog=EXIT_STATUS)(plan.plan)
    app.command("invest", epilog=EXIT_STATUS)(invest.invest)
    app.command("contingency", epilog=EXIT_STATUS)(contingency.contingency)
    app.command("resilience", epilog=EXIT_STATUS)(resilience.resilience)
    app.command("compare", epilog=EXIT_STATUS)(compare.compare)
    app.command("validate", epilog=EXIT_STATUS)(validate.validate)
    app.command("trade", epilog=EXIT_STATUS)(trade.trade)
    app.add_typer(network_paths.app, name="network")
    app.add_typer(tariff.app, name="tariff")
    app.add_typer(closure.app, name="closure")
    app.add_typer(departures.app, name="departures")
    app.add_typer(person.app, name="person")
    app.command("serve", epilog=EXIT_STATUS)(serve.serve)
    app.command("work", epilog=EXIT_STATUS)(work.work)
    app.add_typer(jobs.app, name="jobs")
    app.add_typer(db.app, name="db")
    app.add_typer(audit.app, name="audit")
    app.add_typer(key.app, name="key")
    app.add_typer(config.app, name="config")
    app.command("version")(version)
    return app


def run(arguments: Sequence[str], wiring: Wiring) -> int:
    """Run one command; gives the exit status and never raises."""
    as_json = "--json" in arguments
    try:
        plain, words = told_in(arguments, wiring)
    except KarvanError as error:
        return tell(error, as_json=as_json)
    with speaking(ENGLISH if as_json else words):
        return _run(plain, wiring, as_json=as_json)


def _run(arguments: Sequence[str], wiring: Wiring, *, as_json: bool) -> int:
    try:
        command = get_command(build())
        if spoken().language != SOURCE:
            tell_help(command)
        result = command(
            args=list(arguments), prog_name="karvan", standalone_mode=False, obj=wiring
        )
    except KarvanError as error:
        return tell(error, as_json=as_json)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            say_as_it_is(error.format_message())
            return error.exit_code
        return tell_usage(error.format_message(), as_json=as_json)
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the person at the terminal sees it
        return tell_our_fault(error, as_json=as_json)
    finally:
        sys.stderr.flush()
    return result if isinstance(result, int) else 0
