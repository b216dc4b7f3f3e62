"""Errors on the terminal: the one place where they become words and an exit status."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Iterator, Mapping

from karvan.domain.errors import KarvanError
from karvan.interfaces.cli.output import say
from karvan.interfaces.json_text import render_json
from karvan.interfaces.problems import Problem, readable
from karvan.services.words import phrase, phrase_count, tell_message

DONE, OUR_FAULT, WRONG_INPUT, LIMIT = 0, 1, 2, 3
INTERRUPTED = 130

#: Fields of a request as the command line spells them.
SPELLED: Mapping[str, str] = {
    "from": "FROM",
    "to": "TO",
    "changes": "--change",
}

#: Facts that the words for people already contain.
_TOLD = ("pointer", "code", "message", "rule", "fix", "suggestions", "given", "where")


def tell(error: KarvanError, *, as_json: bool) -> int:
    """Write an error to stderr and give the exit status."""
    problem = Problem.of(error)
    return write_problem(problem, as_json=as_json)


def tell_usage(message: str, *, as_json: bool) -> int:
    """Tell that a command was not typed as it must be."""
    problem = Problem(code="usage", title=message, exit_status=WRONG_INPUT, facts={})
    return write_problem(problem, as_json=as_json)


def tell_our_fault(error: Exception, *, as_json: bool) -> int:
    """Tell that the program failed; the details go to the log at level debug."""
    logging.getLogger("karvan").debug("command.failed\n%s", traceback.format_exc())
    problem = Problem(
        code="internal",
        title="something went wrong inside Karvan; this is our fault, not yours",
        exit_status=OUR_FAULT,
        facts={"kind": type(error).__name__, "details": "set KARVAN_LOG_LEVEL=debug"},
    )
    return write_problem(problem, as_json=as_json)


def write_problem(problem: Problem, *, as_json: bool) -> int:
    """Write a problem to stderr, for people or as JSON."""
    if as_json:
        say(render_json({**problem.members(), "exit_status": problem.exit_status}).rstrip("\n"))
    else:
        say("\n".join(readable(line) for line in lines(problem)))
    return problem.exit_status


def lines(problem: Problem) -> Iterator[str]:
    """A problem as lines of text."""
    title = tell_message(problem.title)
    if problem.errors and "pointer" in problem.errors[0]:
        count = len(problem.errors)
        problems = phrase_count("There is {count} problem", "There are {count} problems", count)
        yield f"karvan: {problems}"
        for fault in problem.errors:
            yield from _fault(fault)
    elif problem.errors:
        yield f"karvan: {title}"
        for fault in problem.errors:
            row = fault["row"] and phrase("row {row}", row=fault["row"])
            place = (fault["file"], row, fault["column"])
            yield f"  {', '.join(str(p) for p in place if p)}: {fault['message']}"
    else:
        yield f"karvan: {title}"
        yield from _facts(problem.facts, indent="  ", skip=())


def _fault(fault: Mapping[str, object]) -> Iterator[str]:
    where = fault.get("where")
    given = phrase(" (given: {given})", given=fault["given"]) if "given" in fault else ""
    origin = f" [{where}]" if where else ""
    yield f"  {spelled(str(fault['pointer']))}: {fault['message']}{given}{origin}"
    if fault.get("fix"):
        yield phrase("    would be right: {fix}", fix=fault["fix"])
    suggestions = fault.get("suggestions")
    if isinstance(suggestions, list) and suggestions:
        near = "; ".join(str(each) for each in suggestions)
        yield phrase("    did you mean: {suggestions}", suggestions=near)
    yield from _facts(fault, indent="    ", skip=_TOLD)


def spelled(pointer: str) -> str:
    """The field a pointer leads to, as it is typed on the command line.

    >>> [spelled(each) for each in ("/from", "/mass_kg", "/changes/1")]
    ['FROM', '--mass-kg', '--change 2']
    """
    if pointer.startswith("-"):
        return pointer
    name, _, index = pointer.lstrip("/").partition("/")
    option = SPELLED.get(name, "--" + name.replace("_", "-") if name.islower() else name)
    return f"{option} {int(index) + 1}" if index.isdecimal() else option


def _facts(facts: Mapping[str, object], *, indent: str, skip: Iterable[str]) -> Iterator[str]:
    for name, value in facts.items():
        if name in skip or value in ("", [], {}, None):
            continue
        if isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
            yield f"{indent}{name}:"
            for each in value:
                yield f"{indent}  {tell_message(str(each.get('message', each)))}"
        elif isinstance(value, list):
            yield f"{indent}{name} = {', '.join(str(each) for each in value)}"
        else:
            yield f"{indent}{name} = {value}"
