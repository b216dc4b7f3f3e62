"""Texts that other packages write and this program hands on: usage faults, faults of parameters.

Source: the messages of click 8 and pydantic 2, as far as our options and parameters lead to them.
"""

from __future__ import annotations

USAGE = (
    "Missing argument '{name}'.",
    "Missing option '{name}'.",
    "Missing command.",
    "Missing parameter: {name}",
    "No such option: {name}",
    "No such option: {name} Did you mean {near}?",
    "No such option: {name} (Possible options: {near})",
    "No such command '{name}'.",
    "No such command '{name}'. Did you mean {near}?",
    "Option '{name}' requires an argument.",
    "Option '{name}' requires {count} arguments.",
    "Option '{name}' does not take a value.",
    "Got unexpected extra argument ({given})",
    "Got unexpected extra arguments ({given})",
    "Invalid value for '{name}': {reason}",
    "'{given}' is not a valid integer.",
    "'{given}' is not a valid int.",
    "'{given}' is not a valid float.",
    "'{given}' is not one of {known}.",
    "{given} is not in the range {range}.",
    "File '{file}' does not exist.",
    "Directory '{file}' does not exist.",
    "Path '{file}' does not exist.",
)

PARAMETERS = (
    "Field required",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be a valid boolean, unable to interpret input",
    "Input should be less than or equal to {most}",
    "Input should be greater than or equal to {least}",
    "Input should be less than {most}",
    "Input should be greater than {least}",
    "Input should be {known}",
    "String should have at most {most} characters",
    "String should have at least {least} characters",
    "String should match pattern '{pattern}'",
    "Input should be a valid date or datetime, {reason}",
    "Unable to parse input string as an integer, exceeded maximum size",
)

#: Reasons of statuses that no address of ours answers with on purpose.
STATUSES = ("bad request", "not acceptable", "length required", "unsupported media type")

#: What a kind of unit is called where a price for it is missing.
UNITS = (
    "{feet} ft container",
    "covered wagon",
    "open wagon",
    "tank wagon",
    "refrigerated wagon",
    "flat wagon",
    "hopper",
    "platform",
    "truck",
    "bulk",
    "oil",
)

#: All of them by the code of what they are told in.
FOREIGN = {
    "usage": USAGE,
    "invalid-parameter": PARAMETERS,
    "as the status": STATUSES,
    "no-rate": UNITS,
    "planner": (
        "The oil of {year}",
        "{title}, on the oil of {year}",
        "the network has it already",
        "no way of this plan runs through it",
        "it would not be ready in these years",
        "what it needs is not offered",
    ),
}
