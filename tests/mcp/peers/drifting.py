"""A server whose tools are as they were, or have changed in ways that fit, or in ways that do not."""

import sys
from typing import Annotated

from fastmcp import Context, FastMCP
from pydantic import BaseModel, Field

how = sys.argv[1]
server = FastMCP("weather", version="1.0")


class Day(BaseModel):
    degrees: float
    rain: float


class Forecast(BaseModel):
    days: list[Day]
    summary: str


class ForecastWithWind(Forecast):
    wind: float


def forecast_of(city: str, days: int) -> dict:
    return {"days": [{"degrees": 10.5 + day, "rain": 0.1 * day} for day in range(days)], "summary": f"mild in {city}"}


if how in ("was", "vanishing"):

    @server.tool(annotations={"readOnlyHint": True})
    def forecast(city: str, days: Annotated[int, Field(ge=1, le=7)]) -> Forecast:
        """How the weather will be in a city."""
        return Forecast(**forecast_of(city, days))

    @server.tool
    def alert(city: str) -> str:
        """Warns everybody in a city."""
        if city == "Atlantis":
            raise ValueError("there is no Atlantis")
        return f"{city} is warned"


if how == "vanishing":

    @server.tool
    async def vanish(context: Context) -> str:
        """Takes the alert away."""
        server.local_provider.remove_tool("alert")
        await context.session.send_tool_list_changed()
        return "done"


if how == "wider":

    @server.tool(annotations={"readOnlyHint": True})
    def forecast(city: str, days: Annotated[int, Field(ge=1, le=14)], unit: str = "celsius") -> ForecastWithWind:
        """How the weather will be in a city."""
        return ForecastWithWind(**forecast_of(city, days), wind=3.0)

    @server.tool
    def alert(city: str) -> str:
        """Warns everybody in a city."""
        return f"{city} is warned"

    @server.tool
    def calm(city: str) -> str:
        """The opposite of an alert."""
        return f"{city} is calm"


if how == "broken":

    @server.tool(annotations={"readOnlyHint": True})
    def forecast(city: str, country: str, days: str) -> Forecast:
        """How the weather will be in a city."""
        return Forecast(**forecast_of(city, int(days)))


server.run(show_banner=False)
