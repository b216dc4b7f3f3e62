"""How the server is: for people, for whatever restarts it, and for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from karvan.interfaces.http import metrics
from karvan.interfaces.http.problems import Refusal
from karvan.interfaces.http.reading import JSON, DeskOf, problems
from karvan.interfaces.http.schemas import Health, Live, Ready
from karvan.interfaces.json_text import render_json

router = APIRouter(tags=["service"])


@router.get("/v1/health", response_model=Health)
def show_health(desk: DeskOf) -> Response:
    """Say whether quotes are answered at once, and from which tables."""
    return Response(render_json(desk.health()), media_type=JSON)


@router.get("/health/live", response_model=Live)
def show_live() -> Response:
    """Say that the process answers; whoever gets no answer may restart it."""
    return Response(render_json({"status": "live"}), media_type=JSON)


@router.get(
    "/health/ready",
    response_model=Ready,
    responses=problems(e503="It should get no requests now; the facts say why."),
)
def show_ready(desk: DeskOf) -> Response:
    """Say whether it should get requests: warm, its database reachable and of its version."""
    state = desk.ready()
    if not set(state.values()) <= {"ready", "none"}:
        raise Refusal(503, "not-ready", "the server should get no requests now", **state)
    return Response(render_json({"status": "ready", **state}), media_type=JSON)


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {
            "description": "Counts and times, in the text format of Prometheus.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    },
)
def show_metrics(request: Request) -> Response:
    """Give what was counted since the start, for Prometheus."""
    counted = request.app.state.metrics
    assert isinstance(counted, metrics.Metrics)
    return Response(counted.text(), media_type=metrics.MEDIA_TYPE)
