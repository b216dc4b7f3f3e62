"""`karvan serve`: the same answers over HTTP."""

from __future__ import annotations

import gc
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer

from karvan.domain.errors import InvalidInput
from karvan.interfaces.cli.options import Data, DatabaseUrl, Session, Store, session
from karvan.interfaces.cli.output import print_text, say, tell_progress

#: Ports tried after the one that was asked for.
NEXT_PORTS: Final = 20
MOST_CONNECTIONS: Final = 256


def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Address to listen at; 127.0.0.1.", metavar="HOST")
    ] = None,
    port: Annotated[
        str | None, typer.Option(help="Port; 8000, the next free one if taken.", metavar="PORT")
    ] = None,
    workers: Annotated[
        str | None,
        typer.Option(
            help="Processes beside the server that do jobs; 1, and 0 for none.", metavar="N"
        ),
    ] = None,
    data: Data = None,
    store: Store = None,
    database: DatabaseUrl = None,
) -> None:
    """Answer quotes over HTTP until Ctrl-C.

    Listens on this machine only unless --host says otherwise. GET / lists the addresses.
    """
    with _kept_for_good():
        import uvicorn

        from karvan.interfaces.http import logs
        from karvan.interfaces.http.app import create_app

        work = session(
            context,
            {
                "data": data,
                "host": host,
                "port": port,
                "workers": workers,
                "store": store,
                "database": database,
            },
        )
        settings = work.loaded.settings
        logs.configure(settings.log_level, settings.log_format, access=settings.access_log == "on")
        tell_progress("Loading the tables ...")
        app = create_app(work.wiring, settings)
    listener = listen(settings.host, settings.port)
    with listener:
        bound = listener.getsockname()[1]
        if settings.port and bound != settings.port:
            say(f"karvan: port {settings.port} is taken, using {bound}")
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        print_text(f"Karvan answers at http://{shown}:{bound}")
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level=settings.log_level,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=settings.trusted_proxies,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=10,
        )
        with helped(work):
            uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def _kept_for_good() -> Iterator[None]:
    """Take what loads here for no garbage: looking for it costs a twentieth of the start."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


@contextmanager
def helped(work: Session) -> Iterator[None]:
    """Have workers beside, where anything is kept."""
    from karvan.interfaces.helpers import make_helpers
    from karvan.interfaces.working import WorkOrder

    settings, where = work.loaded.settings, work.loaded.settings.keeps_in
    helpers = None
    if where is not None:
        order = WorkOrder(where, settings.data, settings.log_level)
        helpers = make_helpers(work.wiring, order, settings.workers)
    if helpers is None:
        yield
        return
    # uvicorn ends in good order at SIGTERM and then raises it again: the workers end after it.
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    helpers.begin()
    try:
        yield
    finally:
        helpers.end()
        signal.signal(signal.SIGTERM, before)


def listen(host: str, port: int) -> socket.socket:
    """Open the first free port from `port` on; 0 lets the system choose.

    Raises
    ------
    InvalidInput
        The host is no address of this machine, or every port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last = port if port == 0 else min(port + NEXT_PORTS, 65_535)
    reason = ""
    for each in range(port, last + 1):
        opened = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((host, each))
            opened.listen(128)
        except OSError as error:
            opened.close()
            reason = str(error)
        else:
            return opened
    raise InvalidInput("cannot listen there", host=host, port=port, reason=reason)
