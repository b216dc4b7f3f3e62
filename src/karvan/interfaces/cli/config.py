"""`karvan config`: the settings in force."""

from __future__ import annotations

import typer

from karvan.interfaces.cli.options import Json, session
from karvan.interfaces.cli.output import print_json, print_text
from karvan.interfaces.settings import NO_STORE

app = typer.Typer(no_args_is_help=True, help="The settings in force.", rich_markup_mode=None)


@app.callback()
def root() -> None:
    """The settings in force."""


@app.command("show")
def show(context: typer.Context, as_json: Json = False) -> None:
    """Print each setting, its value and where it came from.

    Later wins: default, karvan.toml (or the file KARVAN_CONFIG names), KARVAN_... in the
    environment, option.
    """
    origins = session(context).loaded.origins
    if as_json:
        print_json({each.name: {"value": each.value, "origin": each.origin} for each in origins})
        return
    names = max(len(each.name) for each in origins) + 2
    empty = {"data": "(shipped)", "store": NO_STORE, "database": "(the store)"}
    empty["lang"] = "(the terminal's)"
    shown = {each.name: each.value or empty.get(each.name, "-") for each in origins}
    values = max(map(len, shown.values())) + 2
    for each in origins:
        print_text(f"{each.name:<{names}}{shown[each.name]:<{values}}{each.origin}")
