"""What the server writes about itself: events with fields, a line each.

`docs/reference/running.md` names the events. No line holds a body, a key, a query, an address of
a caller or a name that somebody typed: an address of ours is told by its template.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final, TextIO, cast

import structlog

SERVER: Final = "karvan.http"
ACCESS: Final = "karvan.access"

_BEFORE: Final[list[structlog.types.Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


def get_logger(name: str = SERVER) -> structlog.stdlib.BoundLogger:
    """Give a logger of events; where nobody configures logging only warnings are seen."""
    made = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            *_BEFORE,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return cast("structlog.stdlib.BoundLogger", made)


def configure(level: str, form: str, *, access: bool, stream: TextIO | None = None) -> None:
    """Let every line of this process, those of uvicorn too, go to one stream in one form.

    Parameters
    ----------
    form
        `json`, `text`, or `auto`: text at a terminal and JSON elsewhere.
    access
        Write a line for each request.
    """
    out = sys.stderr if stream is None else stream
    as_text = form == "text" or (form == "auto" and out.isatty())
    last: list[structlog.types.Processor] = (
        [structlog.dev.ConsoleRenderer(colors=out.isatty(), timestamp_key="at")]
        if as_text
        else [structlog.processors.format_exc_info, _event_first, _as_json]
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_BEFORE,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    logging.getLogger("karvan").setLevel(level.upper())
    logging.getLogger(ACCESS).setLevel(logging.INFO if access else logging.CRITICAL)


def _event_first(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Put time, level and event before the fields, for whoever reads along."""
    first = {name: event.pop(name) for name in ("at", "level", "event") if name in event}
    return {**first, **event}


_as_json: Final = structlog.processors.JSONRenderer(ensure_ascii=False)
