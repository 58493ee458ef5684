"""An MCP server over a table of purchases: what was spent on what, and what comes next."""

import csv
import statistics
from dataclasses import dataclass
from pathlib import Path

from fastmcp import FastMCP

server = FastMCP("ledger")
PURCHASES = list(csv.DictReader(Path(__file__).with_name("purchases.csv").open()))


@dataclass
class Purchase:
    """Something that was bought."""

    day: str
    what: str
    price: float


@dataclass
class Spent:
    """What was spent on something."""

    total: float
    purchases: int
    largest: Purchase


def purchases(category: str, month: str = "") -> list[Purchase]:
    rows = [row for row in PURCHASES if row["category"] == category and row["day"].startswith(month)]
    if not rows:
        raise ValueError(f"nothing was bought of {category!r} in {month or 'any month'}")
    return [Purchase(row["day"], row["what"], float(row["price"])) for row in rows]


@server.tool(annotations={"readOnlyHint": True})
def categories() -> list[str]:
    """What money is spent on."""
    return sorted({row["category"] for row in PURCHASES})


@server.tool(annotations={"readOnlyHint": True})
def spent(category: str, month: str | None = None) -> Spent:
    """What was spent on a category, in a month such as 2026-03 or ever."""
    found = purchases(category, month or "")
    return Spent(round(sum(one.price for one in found), 2), len(found), max(found, key=lambda one: one.price))


@server.tool(annotations={"readOnlyHint": True})
def forecast(category: str, months: int = 1) -> list[float]:
    """What the next months will cost, on the line through those that were."""
    by_month: dict[str, float] = {}
    for one in purchases(category):
        by_month[one.day[:7]] = by_month.get(one.day[:7], 0) + one.price
    totals = [by_month[month] for month in sorted(by_month)]
    if len(totals) == 1:
        return totals * months
    line = statistics.linear_regression(range(len(totals)), totals)
    return [round(max(0.0, line.intercept + line.slope * (len(totals) + i)), 2) for i in range(months)]


if __name__ == "__main__":
    server.run(show_banner=False)
