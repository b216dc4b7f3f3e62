"""Options that say what is carried, named as the fields of a request."""

from __future__ import annotations

from typing import Annotated, Final

import typer


def _option(text: str, metavar: str) -> object:
    return typer.Option(help=text, metavar=metavar, rich_help_panel="Cargo")


Container = Annotated[
    str | None, _option("Box, by size and type: 40HC, 20DC, 45R1 ... [one unit required]", "TYPE")
]
Wagon = Annotated[
    str | None, _option("Wagon: covered_wagon, open_wagon, hopper, tank_wagon ...", "TYPE")
]
Truck = Annotated[str | None, _option("Truck: a type, or its length in metres.", "TYPE")]
Bulk = Annotated[
    str | None, _option("Goods in bulk: grain, fertiliser, sulphur, coal ...", "CLASS")
]
Oil = Annotated[str | None, _option("Oil: cpc_blend, azeri_light, urals, diesel ...", "GRADE")]
Count = Annotated[str | None, _option("How many units; 1.", "N")]
Number = Annotated[str | None, _option("Number of the container, checked.", "NUMBER")]
ContainerOwner = Annotated[
    str | None, _option("Whose the container is; shipper.", "shipper|carrier")
]
WagonOwner = Annotated[str | None, _option("Whose the wagon is; carrier.", "shipper|carrier")]
Pool = Annotated[str | None, _option("Park the wagon belongs to: GE, UA ...", "COUNTRY")]
Gauge = Annotated[str | None, _option("Gauge the wagon stands on; that of the origin.", "MM")]
Length = Annotated[
    str | None, _option("Length of wagon or truck, over couplers or bumpers.", "METRES")
]
Axles = Annotated[str | None, _option("Axles of the wagon or truck.", "N")]
Laden = Annotated[
    bool | None,
    typer.Option("--laden/--empty", help="Whether it holds goods.", rich_help_panel="Cargo"),
]
ReturnEmpty = Annotated[
    bool | None,
    typer.Option(
        "--return-empty/--one-way",
        help="Price the way back of the empty unit too.",
        rich_help_panel="Cargo",
    ),
]
MassKg = Annotated[
    str | None, _option("Goods in each unit; of bulk and oil the whole. [required]", "KG")
]
MassT = Annotated[str | None, _option("The same in tonnes.", "T")]
Hs = Annotated[str | None, _option("Six digits of the Harmonized System. [required]", "CODE")]
Un = Annotated[str | None, _option("Dangerous goods: UN number.", "NUMBER")]
HazardClass = Annotated[str | None, _option("Class; that of the UN number.", "CLASS")]
PackingGroup = Annotated[str | None, _option("Packing group.", "I|II|III")]
Temperature = Annotated[str | None, _option("Temperature to be kept, in C: -18, 2..8.", "DEGREES")]
LoadedLength = Annotated[str | None, _option("Length of a load out of gauge.", "METRES")]
LoadedWidth = Annotated[str | None, _option("Its width.", "METRES")]
LoadedHeight = Annotated[str | None, _option("Its height.", "METRES")]
Train = Annotated[
    str | None, _option("By rail alone, in a group, as a train; single.", "single|group|block")
]
Yearly = Annotated[str | None, _option("Units promised a year; 0.", "N")]
Customer = Annotated[str | None, _option("Key of a contract in the tariff book.", "KEY")]

#: Options that are text to the command line and whole numbers to a request.
WHOLE: Final = ("count", "gauge_mm", "axles", "yearly_units")
