"""A client of Karvan's HTTP interface; needs the extra `karvan[client]` and nothing of the server.

    from karvan.client import Client

    with Client("https://karvan.example") as karvan:
        quote = karvan.quote({"from": "KZ-ALM", "to": "GE-POT", ...})

`docs/how-to/use-from-python.md` shows it at work.
"""

from karvan.client.answers import (
    Alternative,
    Call,
    ComparedDate,
    Comparison,
    Departure,
    Job,
    JobReason,
    Leg,
    Place,
    Price,
    PriceLine,
    Progress,
    Quote,
    Service,
    TariffRow,
    TransitTime,
    Warning_,
)
from karvan.client.client import Client
from karvan.client.problems import (
    Busy,
    NoAnswer,
    NotAllowed,
    NotFound,
    Problem,
    RequestFault,
    Wrong,
)
from karvan.client.requests import QuoteRequest, StudyRequest

__all__ = [
    "Alternative",
    "Busy",
    "Call",
    "Client",
    "ComparedDate",
    "Comparison",
    "Departure",
    "Job",
    "JobReason",
    "Leg",
    "NoAnswer",
    "NotAllowed",
    "NotFound",
    "Place",
    "Price",
    "PriceLine",
    "Problem",
    "Progress",
    "Quote",
    "QuoteRequest",
    "RequestFault",
    "Service",
    "StudyRequest",
    "TariffRow",
    "TransitTime",
    "Warning_",
    "Wrong",
]
