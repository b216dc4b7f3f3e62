"""Requests made from the OpenAPI document itself, right ones and wrong ones, by schemathesis.

Every answer must have a status, a media type and a body that the document names; nothing may be a
500; what the document forbids must be refused; a method that is not named must be 405.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as openapi
from starlette.testclient import TestClient

from karvan.bootstrap import wire
from karvan.interfaces.http.app import create_app
from karvan.interfaces.settings import Settings
from karvan.services.databases import Database
from karvan.services.keys import Scope, make_key

#: A request that fits the document may still be wrong: a place that nobody knows is a text too.
CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
    openapi.negative_data_rejection,
    openapi.unsupported_method,
]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
QUOTE = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "samples": 100,
}


class Probe:
    """A server on the given tables, with a store and a key of its own."""

    def __init__(self, opened, folder, quoting=None):
        class Sets:
            def open(self, _=None):
                return opened

            def load(self, _=None):
                return opened.published

        wiring = replace(
            wire(), clock=lambda: NOW, tables=Sets(), table_sets=Sets(), environment={}
        )
        where = Database.of_file(folder / "probe.sqlite")
        settings = Settings(database=where, requests_per_minute=0)
        self.app = create_app(wiring, settings, warm_up=False)
        if quoting is not None:
            self.app.state.desk._quoting = quoting
        made = make_key("probe", [scope.value for scope in Scope], now=NOW)
        keys = wiring.keys.open(where, create=True)
        keys.add(made.key, actor="tests")
        keys.close()
        self.headers = {"Authorization": f"Bearer {made.token}"}
        schema = schemathesis.openapi.from_asgi("/openapi.json", self.app)
        # A wrong body that is too long as well is refused for its length, before it is read.
        refused = schema.config.checks.negative_data_rejection.expected_statuses
        schema.config.checks.negative_data_rejection.expected_statuses = [*refused, "413"]
        self.operations = {each.ok().label: each.ok() for each in schema.get_all_operations()}
        answer = TestClient(self.app).post("/v1/quotes", json=QUOTE)
        #: Ids that are there, by the beginning of an address.
        self.known = {
            "/v1/quotes/": {"id": answer.json()["quote_id"], "n": 1},
            "/v1/places/": {"id": "KZ-AKT"},
            "/v1/tariffs/": {"id": "R001"},
        }

    def show(self, name):
        """Ask for what is there; gives the status, None where no id is known."""
        operation = self.operations[name]
        for begin, values in self.known.items():
            if operation.path.startswith(begin):
                wanted = {each: v for each, v in values.items() if f"{{{each}}}" in operation.path}
                case = operation.Case(path_parameters=wanted)
                return case.call_and_validate(checks=CHECKS, headers=self.headers).status_code
        return None

    def send(self, name, *, examples, first_seed):
        """Send requests of one operation; gives how often each status was answered."""
        statuses = Counter()
        for mode in GenerationMode:

            @seed(first_seed)
            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                derandomize=False,
                phases=[Phase.explicit, Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=self.operations[name].as_strategy(generation_mode=mode))
            def one(case):
                response = case.call_and_validate(checks=CHECKS, headers=self.headers)
                statuses[response.status_code] += 1

            # An address without parameters cannot be asked wrongly.
            with contextlib.suppress(Unsatisfiable):
                one()
        return statuses


def names(file):
    """Names of the operations of a document."""
    paths = json.loads(file.read_text("utf-8"))["paths"]
    return [f"{method.upper()} {path}" for path, found in paths.items() for method in found]
