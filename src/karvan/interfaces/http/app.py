"""The HTTP application, put together."""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio.to_thread
from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from karvan import __version__
from karvan.interfaces.http import (
    cargo,
    comparing,
    corridor,
    health,
    itineraries,
    jobs,
    labels,
    page,
    places,
    problems,
    reading,
    routes,
    situation,
    studies,
    study_schemas,
    tariffs,
    trade,
)
from karvan.interfaces.http.access import Door
from karvan.interfaces.http.desk import Desk
from karvan.interfaces.http.held import hold
from karvan.interfaces.http.job_schemas import JobBody, ReasonBody
from karvan.interfaces.http.keeping import Keeper
from karvan.interfaces.http.languages import ToldLanguages
from karvan.interfaces.http.limits import COUNTED, Limits
from karvan.interfaces.http.methods import Heads
from karvan.interfaces.http.metrics import Metrics
from karvan.interfaces.http.rates import Rates
from karvan.interfaces.http.request_ids import RequestIds
from karvan.interfaces.http.schemas import ComparisonBody, ProblemDocument, QuoteBody
from karvan.interfaces.settings import Settings
from karvan.interfaces.wiring import Wiring
from karvan.services.situation.watch import Watch

#: Threads that answer: for quotes, those who wait for one, and everything else.
THREADS: Final = 32

ROUTERS: Final = (
    routes.router,
    itineraries.router,
    comparing.router,
    places.router,
    corridor.router,
    cargo.router,
    tariffs.router,
    situation.router,
    jobs.router,
    studies.router,
    trade.router,
    health.router,
    labels.router,
)


class Described(FastAPI):
    """The application, whose OpenAPI document `describe` writes."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document of the application as it is."""
        return describe(self)


def create_app(wiring: Wiring, settings: Settings, *, warm_up: bool = True) -> FastAPI:
    """Load the tables and make the application.

    Parameters
    ----------
    warm_up
        Make one quote in the background at start, so that kernels are compiled.

    Raises
    ------
    InvalidTables
        The tables have faults, all of them named.
    """
    desk = make_desk(wiring, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        if warm_up:
            threading.Thread(target=desk.warm_up, name="karvan-warm-up", daemon=True).start()
        yield
        for held in (
            desk.keeper,
            desk.watch,
            app.state.door.keys,
            app.state.answers,
            app.state.jobs,
        ):
            if held is not None:
                held.close()

    app = Described(
        title="Karvan",
        version=__version__,
        summary="Through transport on the Trans-Caspian corridor.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.desk = desk
    app.state.metrics = Metrics(desk)
    app.state.settings = settings
    app.state.addresses = [route for each in ROUTERS for route in each.routes]
    rates = Rates(settings.requests_per_minute)
    app.state.door = Door(
        keys=hold(wiring.keys, settings.keeps_in), clock=wiring.clock, rates=rates
    )
    app.state.answers = hold(wiring.answers, settings.keeps_in)
    app.state.jobs = hold(wiring.jobs, settings.keeps_in)
    app.state.quote_writer = wiring.quote_writer
    app.state.scenarios = wiring.scenarios
    app.state.trade = trade.tables_of(wiring.trade)
    app.state.courses = wiring.courses
    for each in ROUTERS:
        app.include_router(each, dependencies=[Depends(reading.known_parameters)])
    page.install(app)
    problems.install(app)
    app.add_middleware(Heads)
    app.add_middleware(Limits, rates=rates, limit_s=settings.request_limit_s)
    app.add_middleware(RequestIds, metrics=app.state.metrics)
    app.add_middleware(ToldLanguages, languages=wiring.languages)
    return app


def make_desk(wiring: Wiring, settings: Settings) -> Desk:
    """Load the tables, once, for answers and for what is kept with them."""
    where = settings.keeps_in
    at_once = settings.quotes_at_once or os.cpu_count() or 1
    if where is None or wiring.stores is None or wiring.table_sets is None:
        return Desk(wiring.tables.load(settings.data), wiring.clock, at_once=at_once)
    today = wiring.table_sets.open(settings.data)
    keeper = Keeper(stores=wiring.stores, table_sets=wiring.table_sets, where=where, today=today)
    watch = None if wiring.closures is None else Watch(wiring.closures, where)
    return Desk(today.published, wiring.clock, keeper, watch, at_once=at_once)


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the schemas that no signature names."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            license_info=app.license_info,
            routes=app.routes,
        )
        schemas = document["components"]["schemas"]
        models: tuple[type[BaseModel], ...] = (QuoteBody, ComparisonBody, JobBody, ReasonBody)
        models += study_schemas.BODIES
        models += (ProblemDocument, *situation.BODIES)
        for model in models:
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(schema.pop("$defs", {}))
            schemas[model.__name__] = schema
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        document["components"]["schemas"] = dict(sorted(schemas.items()))
        _tell_limits(document["paths"])
        app.openapi_schema = document
    return app.openapi_schema


def _tell_limits(paths: dict[str, dict[str, Any]]) -> None:
    """Every address may be asked wrongly, too often, or answer too late."""
    limits = reading.problems(
        e422="A parameter that the address does not have, or not so.",
        e429="Too many requests; Retry-After says when to come again.",
        e503="The answer took too long.",
    )
    for path, operations in paths.items():
        if path.startswith(COUNTED):
            for operation in operations.values():
                told = {str(status): words for status, words in limits.items()}
                operation["responses"] = dict(sorted({**told, **operation["responses"]}.items()))
