"""Any cargo, any pair, any date, any change of the book: a quote that holds together, or a reason.

Random requests for containers, wagons, trucks, bulk and oil, two in three of them sensible, are
asked on the shipped corridor. Of every answer: lines add up to the price, to the shares of who is
paid and to the price of the search; quantiles are ordered; legs join in place and time; wishes
hold. Of every third answer a rate it used is raised: no cheapest price falls. For every third a
fifth of the book is struck out: what is left is priced, or refused with a reason.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from random import Random

from tests import quote_cases as cases

from karvan.adapters.files.published import load_published
from karvan.domain.errors import KarvanError
from karvan.services.quoting.answer import Quote
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.request import RequestReader

FIRST_SEED = 1_000_000


def run(examples: int = 600) -> dict[str, object]:
    """Ask `examples` requests; the first that breaks a promise raises with its seed."""
    published = load_published()
    reader, quoting = RequestReader(published.network, published.book), Quoting(published)
    places = cases.served(published, quoting)
    told: Counter[str] = Counter()
    for seed in range(FIRST_SEED, FIRST_SEED + examples):
        random = Random(seed)
        body = cases.draw_request(random, places)
        try:
            _one(reader, quoting, body, random, told)
        except Exception as error:
            error.add_note(f"seed {seed}: {body}")
            raise
    return dict(sorted(told.items()))


def _one(
    reader: RequestReader,
    quoting: Quoting,
    body: dict[str, object],
    random: Random,
    told: Counter[str],
) -> None:
    made = cases.ask(reader, quoting, body)
    if isinstance(made, KarvanError):
        told[f"refused: {made.code}"] += 1
        return
    assert isinstance(made, Quote)
    cases.check(made)
    told["answered"] += 1
    told["alternatives"] += len(made.alternatives)
    told["answers that were bounded"] += made.bounded
    priced = [way for way in made.alternatives if not way.on_request]
    told["ways with a price on request"] += len(made.alternatives) - len(priced)
    if priced and random.random() < 1 / 3:
        row = random.choice([line.charge.row.id for line in random.choice(priced).price.lines])
        factor = Decimal(random.choice(("1.01", "1.5", "3", "20")))
        book = cases.dearer(quoting.published.book, row, factor)
        dearer = cases.ask(reader, quoting.with_book(book), body)
        cases.check(dearer)
        assert cases.cheapest_micro(dearer) >= cases.cheapest_micro(made)
        told["rates raised"] += 1
    if random.random() < 1 / 3:
        book = cases.without(quoting.published.book, random, 0.2)
        left = cases.ask(reader, quoting.with_book(book), body)
        told["books with holes"] += 1
        if isinstance(left, Quote):
            cases.check(left)
            told["books with holes: answered"] += 1
        else:
            assert left.code in {"no-rate", "no-route"}, left


if __name__ == "__main__":
    print(run(40))
